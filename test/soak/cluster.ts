/**
 * A PostgreSQL of one's own, to be stopped in the middle of its work: made from the programs that the machine has
 * (HUB_SOAK_POSTGRES_BIN, else the newest of Debian's folders), in a folder that goes with it.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A cluster that runs. */
export interface Cluster {
  readonly url: string;
  /** Stops it as a power cut would: nothing is finished, nothing written out. */
  stopAtOnce(): void;
  start(): void;
  remove(): void;
}

/** Makes and starts one. */
export async function ownCluster(): Promise<Cluster> {
  const bin = process.env['HUB_SOAK_POSTGRES_BIN'] ?? newest('/usr/lib/postgresql');
  const folder = mkdtempSync(join(tmpdir(), 'hub-cluster-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const port = await freePort();
  // PostgreSQL refuses to run as root.
  const run = (program: string, ...words: string[]): void => {
    const command = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', join(bin, program), ...words] : [join(bin, program), ...words];
    execFileSync(command[0] as string, command.slice(1), { stdio: 'ignore', cwd: folder });
  };
  const start = (): void => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder}`, 'start');
  run('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8');
  start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stopAtOnce: () => run('pg_ctl', '-D', data, '-m', 'immediate', 'stop'),
    start,
    remove: () => {
      try {
        run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function newest(folder: string): string {
  const versions = readdirSync(folder).map(Number).filter((version) => !Number.isNaN(version)).sort((a, b) => b - a);
  return join(folder, String(versions[0]), 'bin');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
