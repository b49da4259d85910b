/**
 * CPU time of processes on this machine, from /proc: it says what a request costs whoever else is at work.
 */
import { readFileSync } from 'node:fs';
import type postgres from 'postgres';

/** Linux counts in hundredths of a second for whoever reads /proc. */
const ticksPerSecond = 100;

/** Milliseconds of CPU that a process has used, its threads included; null when it is not to be seen from here. */
export function processCpu(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  } catch {
    return null;
  }
}

/** The backends that serve this database at the moment, by process id. */
export async function backends(sql: postgres.Sql): Promise<readonly number[]> {
  const rows = await sql<{ pid: number }[]>`select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`;
  return rows.map(({ pid }) => pid).filter(isBackend);
}

function isBackend(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
  } catch {
    return false;
  }
}

/** What has been used so far by each of these. */
export function usage(pids: readonly number[]): ReadonlyMap<number, number> {
  return new Map(pids.flatMap((pid): [number, number][] => {
    const used = processCpu(pid);
    return used === null ? [] : [[pid, used]];
  }));
}

/** What was used between two looks; a process that came in between counts from its beginning. */
export function used(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const [pid, now] of after) sum += now - (before.get(pid) ?? 0);
  return sum;
}
