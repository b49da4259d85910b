/**
 * What every server of the bench does the same way: it is a child process, takes a free port of loopback, says which, and
 * ends with its parent. Also the driver as all hand-written servers use it.
 */
import postgres from 'postgres';

/** The bench's database. */
export const databaseUrl = process.env['BENCH_DATABASE_URL'] ?? '';

/** What the parent is told when requests are answered. */
export interface Ready {
  readonly port: number;
  /** Bytes of the heap in use, after a collection. */
  readonly heap: number;
}

/** Tells the parent that requests are answered. */
export function ready(port: number): void {
  globalThis.gc?.();
  process.send?.({ port, heap: process.memoryUsage().heapUsed } satisfies Ready);
}

/** Ends when the parent goes or says so; the event loop is left by `exit`, so that a profile is written. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}

const asText = (value: unknown): unknown => value;

/** A client whose dates are text, as the contract has them; what is tagged is prepared. */
export function client(max: number, name: string): postgres.Sql {
  return postgres(databaseUrl, {
    max, onnotice: () => undefined,
    types: { date: { to: 1184, from: [1082, 1083, 1114, 1184], serialize: String, parse: asText } },
    connection: { application_name: `bench ${name}`, TimeZone: 'Asia/Shanghai', jit: 'off' } as object,
  });
}

/**
 * A package of the bench's own folder. Peers are no dependencies of the product, so their types may not be there; who loads
 * one says what little it uses of it.
 */
export async function peer<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (error) {
    throw new Error(`The peer ${name} does not load; install the peers with: npm ci --prefix test/bench`, { cause: error });
  }
}
