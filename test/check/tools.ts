/**
 * Runs a tool of `node_modules/.bin` for a check and keeps what it said.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** How a tool ended; `code` is null when it was ended because it took too long. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly lines: readonly string[];
}

/** Nothing to read from (a tool that asks a question must fail, not wait), no colours, three minutes at most. */
export function runTool(folder: string, tool: string, words: readonly string[]): Ran {
  const ran = spawnSync(join(folder, 'node_modules', '.bin', tool), words, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 180_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  const output = ran.error ? String(ran.error) : `${ran.stdout}${ran.stderr}`;
  return { code: ran.status, output, lines: output.split(/\r?\n/).map((line) => line.trimEnd()).filter((line) => line !== '') };
}
