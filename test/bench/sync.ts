/**
 * `npm run bench:sync`: how fast a hub takes the upper hub's feed: a snapshot of persons that it does not have, then as many changes of them.
 *
 *   --people 50000      persons in the city
 *   --page 1000         entries of a page
 *
 * On a database of its own beside the one that TEST_DATABASE_URL names. The city is a process of its own that has its pages ready, so what
 * is measured is the county: HTTP, form, judging each value, merging, writing with history and log, a transaction a page.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { civilDate } from '../../src/graphql/context.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { loadStanding } from '../../src/identity/standing.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { seedCounty } from '../../src/seeding/seed.ts';
import { CityHttp } from '../../src/sync/city-http.ts';
import { pageDigest } from '../../src/sync/page-digest.ts';
import { acquireLease } from '../../src/db/lease.ts';
import { RegistryPull } from '../../src/sync/pull.ts';
import { testPersonKey } from '../world/hub.ts';
import { databaseUrl } from '../world/servers.ts';
import { processCpu } from './cpu.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '50000' }, page: { type: 'string', default: '1000' } } });
const [people, page] = [Number(values.people), Number(values.page)];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const fields = ['idNumber', 'name', 'genderCode', 'ethnicityCode', 'birthDate', 'nationalityCode', 'maritalStatusCode', 'registeredAddress', 'registeredDivisionCode', 'residenceAddress', 'residenceDivisionCode', 'householdNo', 'relationToHeadCode', 'personStatus', 'phone'];

/** A person of the city, in a version. */
function told(n: number, version: number): object {
  const day = new Date(Date.UTC(1940, 0, 1) + (n % 28_000) * 86_400_000).toISOString().slice(0, 10);
  const serial = String(Math.floor(n / 28_000) * 2 + 1).padStart(3, '0');
  return {
    source: '620600-GA', key: `P${n}`, version: String(version), changedAt: `2026-11-2${version}T08:00:00Z`, deleted: false, effectiveFrom: `2020-01-0${version}`, effectiveTo: null,
    values: {
      idNumber: idNumberWithCheck(`620623${day.replaceAll('-', '')}${serial}`), name: `张${n}`, genderCode: '1', ethnicityCode: '01', birthDate: day, nationalityCode: 'CHN', maritalStatusCode: '20',
      registeredAddress: `甘肃省武威市天祝藏族自治县城关镇${n % 300}号`, registeredDivisionCode: '620623100001', residenceAddress: `天祝县城关镇${n % 500}号`, residenceDivisionCode: '620623100001',
      householdNo: `H${n >> 2}`, relationToHeadCode: '01', personStatus: '在籍', phone: `139${String(n).padStart(8, '0')}${''}`.slice(0, 11).replace(/.$/, String(version)),
    },
  };
}

/** The city: its pages are made before it says that it is there. */
async function serveCity(): Promise<void> {
  const shown = [{ type: 'Person', fields }];
  const pages: string[] = [];
  for (const version of [1, 2]) {
    for (let from = 0; from < people; from += page) {
      const entries = Array.from({ length: Math.min(page, people - from) }, (_, n) => ({ cursor: `${pages.length}-${n}`, kind: 'UPSERT', type: 'Person', id: `id-${from + n}`, hidden: [], sources: [told(from + n, version)] }));
      const last = from + page >= people;
      const [after, endCursor] = [pages.length === 0 ? null : String(pages.length), String(pages.length + 1)];
      pages.push(JSON.stringify({ epoch: 'bench', after, endCursor, digest: pageDigest({ after, endCursor, entries }), hasNextPage: !last, phase: version === 1 && !last ? 'SNAPSHOT' : 'FEED', conditions: 'none', shown, entries, behind: 0 }));
    }
  }
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => { body += part; }).on('end', () => {
      const { query, variables } = JSON.parse(body) as { query: string; variables: { after?: string | null } };
      const [, name = '', root = ''] = /(\w+): (changes|sharingConditions)\(/.exec(query) ?? [];
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"data":{"${name}":${root === 'changes' ? pages[Number(variables.after ?? 0)] ?? '' : '[]'}}}`);
    });
  });
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
  process.send?.((server.address() as AddressInfo).port);
}

async function measure(): Promise<void> {
  const admin = process.env['TEST_DATABASE_URL'];
  if (admin === undefined) throw new Error('Set TEST_DATABASE_URL to a PostgreSQL server where a database may be made.');
  const city = fork(import.meta.filename, process.argv.slice(2), { env: { ...process.env, BENCH_CITY: '1' } });
  const port = await new Promise<number>((told_) => { city.once('message', (sent) => told_(Number(sent))); });
  const name = `hub_sync_${randomBytes(4).toString('hex')}`;
  const sql = postgres(admin, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`create database "${name}" template template0 encoding 'UTF8'`);
  const database = await openDatabase({ databaseUrl: databaseUrl(admin, name), dataDir: '' });
  try {
    await migrate(database);
    const writing = () => {
      const now = new Date();
      return { sql: database.sql, now: now.toISOString(), today: civilDate(now), personKey: testPersonKey };
    };
    await seedCounty(writing(), { people: 0, seed: 'bench' });
    const { catalog } = await loadStanding(database.sql);
    const lease = await acquireLease(database.sql, 'pull', 'bench', 3_600_000);
    if (lease === null) throw new Error('The lease of a new database is held.');
    const http = new CityHttp({ url: `http://127.0.0.1:${port}/graphql`, key: 'bench', matter: null, timeoutMs: 60_000 });
    const pull = new RegistryPull('POPULATION', { city: http, writing, types: buildSchema((code) => catalog.item(code) !== undefined).contract.types, division: '620623', limits: { page } }, lease);
    for (const what of ['snapshot of persons that are new here', 'changes of each of them']) {
      const [began, cpu] = [performance.now(), processCpu(process.pid) ?? 0];
      let taken = 0;
      for (let inStep = false; !inStep;) {
        const step = await pull.step();
        if (step.kind !== 'TAKEN' || step.refused > 0) throw new Error(`The pull does not go on: ${JSON.stringify(step)}`);
        taken += step.entries;
        inStep = step.inStep;
      }
      const ms = performance.now() - began;
      const rows = await database.sql<{ n: number }[]>`select count(*)::int as n from person where source = '620600-GA'`;
      say(`${what}: ${taken} entries in ${(ms / 1000).toFixed(1)} s, ${Math.round((taken / ms) * 1000)} a second; CPU of this process ${((((processCpu(process.pid) ?? 0) - cpu) * 1000) / taken).toFixed(0)} µs an entry; ${rows[0]?.n} persons are there; ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB resident.`);
    }
    await http.close();
  } finally {
    city.kill();
    await database.close();
    await sql.unsafe(`drop database if exists "${name}" with (force)`);
    await sql.end();
  }
}

await (process.env['BENCH_CITY'] === '1' ? serveCity() : measure());
