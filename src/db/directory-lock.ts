/**
 * One process per data directory. The embedded database has no lock of its own, and two of them on one folder destroy it.
 *
 * The lock is a file that names its holder: process id, start time and the boot it belongs to. A holder that is gone (no
 * such process, or the number now belongs to another one) is replaced. It refuses a living holder, always. It cannot see
 * processes of another machine or container on a shared volume: there a PostgreSQL server is the right choice.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HubError } from '../errors.ts';

interface Holder {
  readonly pid: number;
  /** Start time of the process in clock ticks since boot; empty where the system does not tell. */
  readonly started: string;
  readonly boot: string;
  /** Socket folder of the holder, so that who takes over can remove it. */
  readonly socketDir: string;
}

/** A lock that is held. */
export interface DirectoryLock {
  /** Socket folder that a dead holder left behind, if there was one. */
  readonly leftBehind: string | undefined;
  /** Gives the directory back. Removes the lock only while it is still this process's own. */
  release(): Promise<void>;
}

/** Takes the lock of `directory` (made if absent) or throws `DIRECTORY_IN_USE`, naming who has it and what to do. */
export async function lockDirectory(directory: string, socketDir: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'lock');
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid), boot: await bootOf(), socketDir } satisfies Holder);
  let leftBehind: string | undefined;
  // Each round either takes the lock, meets a living holder, or removes a dead one; more rounds than
  // processes that start at the same moment are not needed.
  for (let round = 0; round < 20; round++) {
    if (await place(path, mine)) {
      return { leftBehind, release: async () => ((await readIfThere(path)) === mine ? unlink(path) : undefined) };
    }
    const found = await readIfThere(path);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder === undefined) throw refusal(directory, `its lock file ${path} does not name a process`, 'If no other process uses the directory, delete that file and start again.');
    if (await lives(holder)) throw refusal(directory, `process ${holder.pid} uses it`, 'Stop that process, or give this one another directory with HUB_DATA_DIR or a PostgreSQL server with DATABASE_URL.');
    if (await removeDead(directory, path, found)) leftBehind = holder.socketDir;
  }
  throw refusal(directory, 'several processes are starting in it at once', 'Start one of them.');
}

function refusal(directory: string, why: string, next: string): HubError {
  return new HubError('DIRECTORY_IN_USE', `The data directory ${resolve(directory)} is in use: ${why}. ${next}`);
}

/**
 * Creates `path` with its whole content in one step, or says that it exists. An exclusive open followed by a write would
 * show other processes an empty file in between; a link appears complete.
 */
async function place(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Removes a dead holder's lock. Two processes may see the same dead holder, and the slower one must not remove the lock
 * that the faster one has placed meanwhile: only who holds the takeover file may remove, and looks again first.
 */
async function removeDead(directory: string, path: string, dead: string): Promise<boolean> {
  const guard = `${path}.takeover`;
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid), boot: await bootOf(), socketDir: '' } satisfies Holder);
  if (!(await place(guard, mine))) {
    const other = await readIfThere(guard);
    const holder = other === undefined ? undefined : parse(other);
    // A process that died between the next few lines: so rare that a person may look, and never worth a wrong guess.
    if (holder && !(await lives(holder))) throw refusal(directory, `a process died while it took the directory over`, `If no other process uses the directory, delete ${guard} and start again.`);
    await new Promise((wake) => setTimeout(wake, 25));
    return false;
  }
  try {
    if ((await readIfThere(path)) !== dead) return false;
    await unlink(path);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

async function lives(holder: Holder): Promise<boolean> {
  if (holder.boot !== (await bootOf())) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if (codeOf(error) !== 'EPERM') return false;
  }
  const started = await startOf(holder.pid);
  return started === '' || holder.started === '' || started === holder.started;
}

/** Field 22 of /proc/<pid>/stat, counted after the command's closing bracket because the command may hold spaces. */
async function startOf(pid: number): Promise<string> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function bootOf(): Promise<string> {
  return (await readIfThere('/proc/sys/kernel/random/boot_id'))?.trim() ?? '';
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Holder, unknown>> | null;
    if (!value || !Number.isInteger(value.pid)) return undefined;
    return { pid: value.pid as number, started: String(value.started ?? ''), boot: String(value.boot ?? ''), socketDir: String(value.socketDir ?? '') };
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
