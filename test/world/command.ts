/**
 * Commands of the hub as somebody types them: in a process of their own, as they are really run; or in the test's own, through the same
 * door, which spares a test that runs many of them a new process's start each time.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { runCommand } from '../../src/commands/run.ts';
import { log } from '../../src/log.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** What a command came to: its exit code and what it wrote. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in a process of its own. */
export async function spawnCommand(words: readonly string[], environment: Readonly<Record<string, string | undefined>>): Promise<Ran> {
  const child = spawn(process.execPath, [main, ...words], { env: environment as NodeJS.ProcessEnv });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => { out += part; });
  child.stderr.setEncoding('utf8').on('data', (part: string) => { err += part; });
  const code = await new Promise<number | null>((ended) => { child.on('close', ended); });
  return { code, out, err };
}

/** Runs a command in this process, one at a time. */
export async function commandHere(words: readonly string[], environment: Readonly<Record<string, string | undefined>>): Promise<Ran> {
  let [out, err] = ['', ''];
  const level = log.level;
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((part) => { out += String(part); return true; });
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((part) => { err += String(part); return true; });
  try {
    const code = await runCommand(words, environment);
    return { code, out, err };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
    log.level = level;
  }
}
