/**
 * Imports by the real command in a process of its own, killed with -9 at random moments and taken up again.
 */
import { spawn } from 'node:child_process';
import type { Clone } from '../world/database.ts';

const main = new URL('../../src/main.ts', import.meta.url).pathname;

/** What became of one run. */
export interface Run {
  readonly killed: boolean;
  readonly code: number | null;
  readonly output: string;
}

/** Runs the command; kills it `afterMs` behind its first sign of progress, unless it is done before. */
export async function runImport(clone: Clone, words: readonly string[], afterMs: number | null): Promise<Run> {
  const env = { ...process.env, HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: `${clone.dataDir}-keys.json`, ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }) };
  if (clone.databaseUrl === undefined) delete (env as Record<string, string | undefined>)['DATABASE_URL'];
  const child = spawn(process.execPath, [main, 'import', ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  let killed = false;
  const hear = (part: Buffer): void => {
    output += part.toString();
    if (afterMs === null || timer !== undefined || !output.includes(' rows ')) return;
    timer = setTimeout(() => {
      killed = child.kill('SIGKILL');
    }, afterMs);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  return { killed: killed && code === null, code, output };
}

/** Imports a file through as many kills as asked for; gives the moments (ms) and the output of the last run. */
export async function importThroughKills(clone: Clone, words: readonly string[], kills: number, within: number): Promise<{ moments: number[]; output: string }> {
  const moments: number[] = [];
  for (;;) {
    const moment = moments.length < kills ? Math.round(Math.random() * within) : null;
    const started = await runImport(clone, moments.length === 0 ? words : [...words, '--resume'], moment);
    // Killed before the job was there: there is nothing to go on with.
    if (started.code === 1 && started.output.includes('no interrupted import')) moments.length = 0;
    else if (started.killed && moment !== null) moments.push(moment);
    else if (started.code === 0) return { moments, output: started.output };
    else throw new Error(`The import failed (${started.code}): ${started.output}`);
  }
}
