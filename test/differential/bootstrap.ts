/** TEMPORARY: catalog and callers until src/seeding/seed.ts is there. */
import { readFileSync } from 'node:fs';
import type { Database } from '../../src/db/open.ts';
import { registerCallers } from '../world/callers.ts';

export async function bootstrap(database: Database): Promise<void> {
  const [count] = await database.sql<{ n: number }[]>`select count(*)::int as n from catalog_item`;
  if ((count?.n ?? 0) > 0) return;
  const read = (file: string) => {
    const [head, ...lines] = readFileSync(new URL(`../../seeds/${file}`, import.meta.url), 'utf8').trim().split(/\r?\n/);
    const names = (head as string).split(',');
    return lines.map((line) => {
      const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => (m[1] as string).replace(/^"|"$/g, '').replaceAll('""', '"'));
      return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
    });
  };
  for (const d of read('departments.csv')) await database.sql`insert into department (code, name, role) values (${d['code'] as string}, ${d['name'] as string}, ${d['role'] as string})`;
  for (const registry of ['population', 'legal-entities', 'spatial', 'certificates', 'credit']) {
    for (const i of read(`catalog/${registry}.csv`)) {
      const s = (n: string) => i[n] ?? '';
      await database.sql`insert into catalog_item values (${s('code')}, ${s('name')}, ${s('ownerDepartment')}, ${s('kind')}, ${s('shareType')}, ${s('condition')}, ${s('keyShareType') || null}, ${s('sensitivity')}, ${s('mask')}, ${s('updateCycle')}, ${s('open') === 'true'}, ${s('standard')})`;
    }
  }
  await registerCallers(database);
}

export async function devDatabase(): Promise<Database> {
  const { default: postgres } = await import('postgres');
  const admin = postgres(process.env['DIFF_URL'] as string, { max: 1, onnotice: () => undefined });
  await admin.unsafe('drop database if exists diff with (force)');
  await admin.unsafe(`create database diff template template0 encoding 'UTF8'`);
  await admin.end();
  const { openDatabase } = await import('../../src/db/open.ts');
  const { migrate } = await import('../../src/db/migrate.ts');
  const database = await openDatabase({ databaseUrl: (process.env['DIFF_URL'] as string).replace(/postgres$/, 'diff'), dataDir: '' });
  await migrate(database);
  return database;
}
