/**
 * Files for tests: written to a folder of the test's own, in any encoding, and imported as the command does it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typesOf } from '../../src/commands/import.ts';
import { fieldsOf } from '../../src/files/csv.ts';
import { importFile } from '../../src/files/import.ts';
import type { ImportOptions, ImportResult } from '../../src/files/import.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { personKey } from '../../src/identity/person-key.ts';
import { idNumberWithCheck, orgCodeWithCheck, usccWithCheck } from '../../src/registries/identifiers/index.ts';
import type { WriteContext } from '../../src/records/write.ts';
import type { TestHub } from '../world/hub.ts';
import { testKeys } from '../world/keys.ts';

/** A folder that goes with the test file. */
export class Files {
  readonly folder = mkdtempSync(join(tmpdir(), 'hub-files-'));

  write(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What writing needs in tests; a minute later at each call, so that no two imports are of one instant. */
export function writingOf(hub: TestHub): () => WriteContext {
  const keys = keyProviderOf(testKeys);
  let minute = 10;
  return () => {
    minute += 1;
    return {
      sql: hub.database.sql, now: new Date(Date.UTC(2026, 10, 24, 2, minute)).toISOString(), today: '2026-11-24',
      personKey: (idNumber) => personKey(keys, idNumber),
    };
  };
}

/** Imports as the command does; `what` is a registry or a type. */
export function importer(hub: TestHub): (what: string, path: string, source: string, more?: Partial<ImportOptions> & { readonly type?: string }) => Promise<ImportResult> {
  const writing = writingOf(hub);
  return (what, path, source, { type, ...more } = {}) => importFile({ path, types: typesOf({ schema: hub.schema, catalog: hub.standing.catalog }, what, type), source, writing, ...more });
}

/** The rows of a reject file, without its header. */
export function rejectsIn(path: string | null): { line: number; field: string; reason: string }[] {
  if (path === null) return [];
  const rows = readFileSync(path, 'utf8').replace(/^\ufeff/, '').split(/\r\n(?=\d+,)/);
  return rows.slice(1).map((row) => {
    const [line, field = '', reason = ''] = fieldsOf(row, ',');
    return { line: Number(line), field, reason };
  });
}

/** The n-th of many valid identity numbers that the test county does not have. */
export function idNumber(n: number): string {
  return idNumberWithCheck(`620623${1900 + (n % 30)}${String(1 + (Math.floor(n / 30) % 12)).padStart(2, '0')}${String(1 + (Math.floor(n / 360) % 28)).padStart(2, '0')}${String(100 + (Math.floor(n / 10_080) % 900)).padStart(3, '0')}`);
}

/** The n-th of many valid unified social credit codes. */
export function uscc(n: number, kind = '91'): string {
  return usccWithCheck(`${kind}620623${orgCodeWithCheck(`MT${String(n).padStart(6, '0')}`)}`);
}

/** A count, as a number. */
export async function count(hub: TestHub, query: string): Promise<number> {
  const [row] = await hub.database.sql.unsafe<{ n: number }[]>(`select count(*)::int as n from ${query}`);
  return row?.n ?? -1;
}
