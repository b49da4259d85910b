/**
 * `hub explain` as a data owner runs it: a table to read, JSON on request, yesterday on request, and a sentence where it is called wrongly.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changePolicy } from '../../src/identity/policy-change.ts';
import { openDatabase } from '../../src/db/open.ts';
import { testMatter } from '../world/callers.ts';
import { commandHere, spawnCommand } from '../world/command.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-explain-'));
const file = join(folder, 'question.graphql');
const variables = join(folder, 'variables.json');
let clone: Clone;
/** Between the grant and its end. */
let granted = '';

beforeAll(async () => {
  writeFileSync(file, 'query Q($id: String!) { person(idNumber: $id) { name idNumber maritalStatusCode } }');
  writeFileSync(variables, '{"id": "x"}');
  clone = await cloneForConfig();
  const database = await openDatabase(clone);
  const tuple = { item: 'RK-0013', uses: ['read'], modes: ['QUERY'], validFrom: '2020-01-01T00:00:00.000Z', bounds: [{ kind: 'division', by: 'RESIDENCE', codes: ['620623'] }] };
  const decide = async (what: (sql: Parameters<Parameters<typeof changePolicy>[2]>[0]) => Promise<unknown>) => {
    await changePolicy(database.sql, { by: 'tests', now: new Date().toISOString() }, async (sql) => void await what(sql));
    // Moments are kept to the millisecond.
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  };
  await decide((sql) => sql`insert into sharing_grant (approval_no, consumer_code, tuples) values ('A-CLI-1', 'test-market', ${sql.json([tuple])})`);
  granted = new Date().toISOString();
  await new Promise((resolve) => { setTimeout(resolve, 10); });
  await decide((sql) => sql`delete from sharing_grant where approval_no = 'A-CLI-1'`);
  await database.close();
});
afterAll(async () => {
  await clone?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const env = () => ({ PATH: process.env['PATH'], HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: join(folder, 'hub-keys.json'), ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }) });
const explain = (...words: readonly string[]) => commandHere(['explain', ...words], env());
const asked = () => ['test-market', file, '--variables', variables, '--matter', testMatter];

it('prints what is given and what is not, with rule and reason', async () => {
  const { code, out, err } = await spawnCommand(['explain', ...asked()], env());
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^Consumer {3}test-market /);
  expect(out).toContain('Answer     given; 2 withheld, 0 masked');
  expect(out).toMatch(/^yes +Person\.name +read +RK-0002 姓名 +unconditional +every row$/m);
  expect(out).toMatch(/^NO +Person\.maritalStatusCode +read +RK-0013 婚姻状况 +otherwise withheld +.*Apply for item RK-0013/m);
});

it('tells yesterday\'s decision by yesterday\'s policy', async () => {
  const { code, out } = await explain(...asked(), '--at', granted);
  expect(code).toBe(0);
  expect(out).toMatch(/^yes +Person\.maritalStatusCode .* granted +A-CLI-1, residence in 620623 or below$/m);
});

it('answers as the query does, with --json', async () => {
  const { out } = await explain(...asked(), '--json', '--case');
  expect(JSON.parse(out)).toMatchObject({ consumer: 'test-market', matter: testMatter, underCase: true, refused: false, seals: [] });
});

it('tells a refusal of the whole first', async () => {
  const { out } = await explain('test-market', file, '--variables', variables, '--matter', 'NONE');
  expect(out).toMatch(/^Answer {5}REFUSED as a whole\n +PURPOSE_REFUSED: /m);
});

it('says what is wrong with the call', async () => {
  for (const [words, sentence] of [
    [['test-market'], /Usage: explain CONSUMER/], [['test-market', join(folder, 'none.graphql')], /cannot be read/], [[...asked(), '--mode', 'SOME'], /--mode is one of/],
    [[...asked(), '--at', 'yesterday'], /--at is a moment/], [['nobody', file], /no consumer nobody/], [['test-market', variables], /is no GraphQL/],
  ] as const) {
    const { code, err } = await explain(...words);
    expect([code, err]).toEqual([1, expect.stringMatching(sentence)]);
  }
});
