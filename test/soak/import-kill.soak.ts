/**
 * kill -9 at ten random moments of an import of 200 000 rows: nothing lost, nothing doubled, the reject file whole, and the whole file
 * again changes nothing. Set TEST_DATABASE_URL for the run on a PostgreSQL server; without it the embedded database is used.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { Files, idNumber, rejectsIn } from '../files/files.ts';
import { importThroughKills, runImport } from '../files/killing.ts';
import { cloneForConfig } from '../world/database.ts';

const rows = Number(process.env['HUB_SOAK_ROWS'] ?? 200_000);
const kills = Number(process.env['HUB_SOAK_KILLS'] ?? 10);
const files = new Files();
afterAll(() => files.remove());

const isBad = (n: number): boolean => n % 1000 === 500;

test(`${kills} kills of ${rows} rows`, async () => {
  const path = `${files.folder}/kill.csv`;
  const out = createWriteStream(path);
  out.write('公民身份号码,姓名,出生日期,现住址\r\n');
  for (let n = 0; n < rows; n += 1) {
    if (!out.write(`${idNumber(n)},丁,${isBad(n) ? '2001-02-30' : '2001-02-28'},"天祝藏族自治县\r\n华藏寺镇${n}号"\r\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  const clone = await cloneForConfig();
  const state = async () => {
    const database = await openDatabase(clone);
    try {
      const [found] = await database.sql`select
        (select count(*)::int from person where name = '丁') as current, (select count(*)::int from person_version where name = '丁') as versions,
        (select count(*)::int from source_record where record_type = 'Person' and values->>'name' = '丁') as sources`;
      return found;
    } finally {
      await database.close();
    }
  };
  try {
    const { moments, output } = await importThroughKills(clone, ['Person', path, '--source', '620623-GA'], kills, rows / (12 * kills));
    console.log(`killed ${moments.join(', ')} ms after the first row of each run\n${output}`);
    expect(moments).toHaveLength(kills);
    const good = rows - rows / 1000;
    expect(await state()).toEqual({ current: good, versions: good, sources: good });
    expect(rejectsIn(`${path}.rejects.csv`).map(({ line }) => line)).toEqual(Array.from({ length: rows }, (_, n) => n).filter(isBad).map((n) => 2 + 2 * n));
    const again = await runImport(clone, ['Person', path, '--source', '620623-GA'], null);
    expect(again.output).toContain(`0 applied, ${good} known already`);
    expect(await state()).toEqual({ current: good, versions: good, sources: good });
  } finally {
    await clone.remove();
  }
});
