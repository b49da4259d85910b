/**
 * `serve`: opens the hub, fills a new embedded database, prints how to ask it, and closes cleanly on Ctrl-C.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { civilDate } from '../graphql/context.ts';
import { openHub } from '../hub.ts';
import type { Hub } from '../hub.ts';
import { issueKey, registerConsumer } from '../identity/consumers.ts';
import { registerMatter } from '../matters/matter.ts';
import { seedCounty } from '../seeding/seed.ts';
import { progressLine } from './progress.ts';

/** Applications of three departments that a new embedded database knows, so that sharing can be seen at once. */
const demoConsumers = [
  { code: 'demo-police', name: '公安演示应用', departmentCode: '620623-GA' },
  { code: 'demo-civil-affairs', name: '民政演示应用', departmentCode: '620623-MZ' },
  { code: 'demo-market', name: '市场监管演示应用', departmentCode: '620623-SC' },
] as const;

/** The purpose that the printed request names: personal items take one. */
const demoMatter = {
  code: 'DEMO-1', name: '演示事项', department: demoConsumers[0].departmentCode, participants: demoConsumers.slice(1).map(({ departmentCode }) => departmentCode), kin: [], needsCase: false,
} as const;

/** Serves until the process is told to stop. */
export async function serve(config: Config): Promise<void> {
  const began = performance.now();
  let callers: readonly DemoCaller[] = [];
  const hub = await openHub(config, undefined, async ({ database, writing }) => {
    // Demo data and demo callers exist in the embedded database only, never on a server.
    if (database.kind !== 'embedded') return;
    const [filled] = await database.sql`select 1 from hub_version where name = 'demo'`;
    if (filled !== undefined) return;
    process.stdout.write(`New database in ${config.dataDir}: loading reference data and a synthetic county of ${config.seedPeople} people.\n`);
    await seedCounty(writing(), { people: config.seedPeople, seed: 'tianzhu' }, progressLine());
    callers = await makeDemoCallers(config, database.sql);
    await database.sql`insert into hub_version (name, version) values ('demo', 1)`;
  });
  const stop = stopOnSignals(hub);
  const { url } = await hub.serve();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`GraphQL  ${url}/graphql\nHealth   ${url}/health\nReady in ${seconds} s. Stop with Ctrl-C.\n`);
  if (callers.length > 0) await introduce(hub, url, callers);
  await stop;
}

interface DemoCaller {
  readonly name: string;
  readonly departmentCode: string;
  readonly key: string;
}

async function makeDemoCallers(config: Config, sql: Hub['database']['sql']): Promise<readonly DemoCaller[]> {
  const callers: DemoCaller[] = [];
  const actor = { by: 'demo', now: new Date().toISOString() };
  for (const consumer of demoConsumers) {
    await registerConsumer(sql, consumer, actor);
    callers.push({ name: consumer.name, departmentCode: consumer.departmentCode, key: await issueKey(sql, { consumer: consumer.code }, null, actor) });
  }
  await registerMatter(sql, demoMatter, civilDate(new Date()), actor);
  const lines = callers.map(({ name, departmentCode, key }) => `${departmentCode}\t${name}\t${key}`);
  writeFileSync(join(config.dataDir, 'demo-callers.txt'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return callers;
}

/** Prints the demo callers once, and one request that answers. */
async function introduce(hub: Hub, url: string, callers: readonly DemoCaller[]): Promise<void> {
  const [person] = await hub.database.sql<{ id_number: string }[]>`select id_number from person where person_status = '在籍' and household_no is not null order by id_number limit 1`;
  const [first] = callers;
  if (person === undefined || first === undefined) return;
  const query = `{ person(idNumber: \\"${person.id_number}\\") { name birthDate politicalStatusCode household { householdNo } } }`;
  process.stdout.write([
    '',
    `Demo callers (shown once; kept in ${join(hub.config.dataDir, 'demo-callers.txt')}):`,
    ...callers.map(({ name, departmentCode, key }) => `  ${departmentCode}  ${key}  ${name}`),
    '',
    'Try:',
    `  curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${first.key}' \\`,
    `    -H 'hub-matter: ${demoMatter.code}' \\`,
    `    -d '{"query":"${query}"}'`,
    '',
  ].join('\n'));
}

function stopOnSignals(hub: Hub): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const stop = () => {
      // A second signal is somebody in a hurry: the database still closes, requests are not waited for any longer.
      if (stopping) process.exit(130);
      stopping = true;
      process.stdout.write('\nStopping: running requests end first.\n');
      hub.close().then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    void hub.database.lost.then((error) => hub.close().finally(() => reject(error)));
  });
}
