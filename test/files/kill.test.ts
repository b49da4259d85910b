/**
 * kill -9 at three random moments of an import: nothing lost, nothing doubled, the reject file whole. The long run is in test/soak.
 */
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { cloneForConfig } from '../world/database.ts';
import { Files, idNumber, rejectsIn } from './files.ts';
import { importThroughKills } from './killing.ts';

const files = new Files();
afterAll(() => files.remove());

const rows = 30_000;
const isBad = (n: number): boolean => n % 100 === 50;

test('three kills of 30 000 rows', async () => {
  const lines = Array.from({ length: rows }, (_, n) => `${idNumber(n)},丁,${isBad(n) ? '2001-02-30' : '2001-02-28'}`);
  const path = files.write('kill.csv', ['公民身份号码,姓名,出生日期', ...lines].join('\r\n'));
  const clone = await cloneForConfig();
  try {
    const { moments, output } = await importThroughKills(clone, ['Person', path, '--source', '620623-GA'], 3, 400);
    console.log(`killed ${moments.join(', ')} ms after the first row`);
    expect(moments).toHaveLength(3);
    expect(output).toContain(`${rows} rows of Person`);
    const database = await openDatabase(clone);
    try {
      const [found] = await database.sql`select
        (select count(*)::int from person where name = '丁') as current, (select count(*)::int from person_version where name = '丁') as versions,
        (select count(*)::int from source_record where record_type = 'Person' and values->>'name' = '丁') as sources,
        (select max(applied) || ' ' || max(rejected) from import_job) as counts`;
      const good = rows - rows / 100;
      expect(found).toEqual({ current: good, versions: good, sources: good, counts: `${good} ${rows / 100}` });
    } finally {
      await database.close();
    }
    expect(rejectsIn(`${path}.rejects.csv`).map(({ line }) => line)).toEqual(Array.from({ length: rows }, (_, n) => n).filter(isBad).map((n) => n + 2));
  } finally {
    await clone.remove();
  }
}, 120_000);
