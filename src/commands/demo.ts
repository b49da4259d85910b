/**
 * What a new embedded database knows beside its county, so that sharing can be seen at once: applications of three departments,
 * administrators of each role with accounts at the console, an open case of a real matter, and a grant that shows part of what is asked. Made once, through the same
 * use cases as everything else. It never exists on a server.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hub } from '../hub.ts';
import { grant } from '../approvals/granting.ts';
import { openAccount } from '../identity/account.ts';
import { issueKey, registerAdministrator, registerConsumer } from '../identity/consumers.ts';
import type { Holder } from '../identity/holder.ts';
import { openCase } from '../matters/case.ts';
import { firstAdministrators, oneTimePasswords } from './first-accounts.ts';
import type { FirstAccount } from './first-accounts.ts';
import { atLevel } from '../seeding/level.ts';
import { registerMatter } from '../matters/matter.ts';

const consumers = [
  { code: 'demo-police', name: '公安演示应用', departmentCode: '620623-GA' },
  { code: 'demo-civil-affairs', name: '民政演示应用', departmentCode: '620623-MZ' },
  { code: 'demo-market', name: '市场监管演示应用', departmentCode: '620623-SC' },
] as const;

const authority = '620623-ZS';
const administrators = [
  ...firstAdministrators.map(({ account, name, role }) => ({ code: `demo-${account}`, account, name, departmentCode: authority, role })),
  { code: 'demo-civil-steward', account: 'civil-steward', name: '民政数据专员', departmentCode: consumers[1].departmentCode, role: 'STEWARD' },
] as const;

/** A purpose of all three departments, handled without cases. */
const matter = { code: 'DEMO-1', name: '演示事项', department: consumers[0].departmentCode, participants: consumers.slice(1).map(({ departmentCode }) => departmentCode), kin: [], needsCase: false } as const;

/** 最低生活保障, of seeds/matters.csv: it touches the household, and is handled case by case. */
const caseMatter = '620623-MZ-DB';
const caseNo = 'DEMO-CASE-1';
const approvalNo = 'DEMO-APPROVAL-1';

/** What the clerk of the case sees beside what is unconditional: the household whole, the number and the address masked. */
const granted = [
  { item: 'RK-0001', uses: ['read'], mask: 'ID_NUMBER_STRICT' },
  { item: 'RK-0017', uses: ['read'], mask: 'ADDRESS_TOWNSHIP' },
  { item: 'RK-0029', uses: ['read'], mask: null },
  { item: 'RK-0030', uses: ['exist'], mask: null },
  { item: 'RK-0100', uses: ['read'], mask: null },
  { item: 'RK-0150', uses: ['exist'], mask: null },
] as const;

/** Who can be asked as, and about whom. */
export interface Demo {
  readonly file: string;
  readonly callers: readonly { readonly name: string; readonly departmentCode: string; readonly key: string }[];
  /** One-time passwords at the console. */
  readonly accounts: readonly FirstAccount[];
  /** An ID number of the county; null in one without households. */
  readonly person: string | null;
  /** The last day of the open case. */
  readonly deadline: string;
  /** The matter of the open case. */
  readonly caseMatter: string;
}

/** Was it made before? */
export async function hasDemo(sql: Hub['database']['sql']): Promise<boolean> {
  return (await sql`select 1 from hub_version where name = 'demo'`).length > 0;
}

/** Makes it. */
export async function makeDemo(hub: Hub): Promise<Demo> {
  const { sql } = hub.database;
  const writing = hub.writing();
  const actor = { by: 'demo', now: writing.now };
  const callers: Demo['callers'][number][] = [];
  const add = async (holder: Holder, { name, departmentCode }: { readonly name: string; readonly departmentCode: string }) => void callers.push({ name, departmentCode, key: await issueKey(sql, holder, null, actor) });
  const { level } = hub.config;
  const here = <T extends { readonly departmentCode: string }>(one: T): T => ({ ...one, departmentCode: atLevel(level, one.departmentCode) });
  for (const consumer of consumers.map(here)) {
    await registerConsumer(sql, consumer, actor);
    await add({ consumer: consumer.code }, consumer);
  }
  const appointed = administrators.map(here);
  for (const { account: _account, ...own } of appointed) {
    await registerAdministrator(sql, own, actor);
    await add({ administrator: own.code }, own);
  }
  // Their passwords take most of the time, and take it side by side.
  const accounts = await Promise.all(appointed.map(async ({ account, ...own }): Promise<FirstAccount> => ({ ...own, oneTime: await openAccount(sql, hub.passwords, { name: account, administrator: own.code }, actor) })));
  await registerMatter(sql, { ...matter, department: atLevel(level, matter.department), participants: matter.participants.map((code) => atLevel(level, code)) }, writing.today, actor);
  await hub.standing.look();
  const { person, deadline } = await openDemoCase(hub, actor);
  await hub.standing.look();
  const file = join(hub.config.dataDir, 'demo-callers.txt');
  writeFileSync(file, callers.map(({ name, departmentCode, key }) => `${departmentCode}\t${name}\t${key}\n`).join(''), { mode: 0o600 });
  await sql`insert into hub_version (name, version) values ('demo', 1) on conflict do nothing`;
  return { file, callers, accounts, person, deadline, caseMatter: atLevel(level, caseMatter) };
}

async function openDemoCase({ database: { sql }, standing, schema, config, writing }: Hub, actor: { readonly by: string; readonly now: string }): Promise<Pick<Demo, 'person' | 'deadline'>> {
  const [found] = await sql<{ idNumber: string }[]>`
    select p.id_number as "idNumber" from person p where p.person_status = '在籍' and p.household_no is not null
    order by (select count(*) from person m where m.household_no = p.household_no) desc, p.id_number limit 1`;
  const [, { code }] = consumers;
  const consumer = standing.current.consumer(code);
  if (found === undefined || consumer === undefined) return { person: null, deadline: '' };
  const { catalog } = standing.current;
  const { personKey, today } = writing();
  await grant({ sql, actor, today, personKey, catalog, contract: schema.contract }, {
    approvalNo, consumer: code, seals: [], tuples: granted.map((tuple) => ({ ...tuple, uses: [...tuple.uses], modes: ['QUERY'], bounds: [{ case: true as const }], matters: [atLevel(config.level, caseMatter)] })),
  });
  const { deadline } = await openCase({ sql, now: actor.now, today, personKey, caseDays: config.caseDays, consumer, operator: null }, { matter: atLevel(config.level, caseMatter), caseNo, subjects: [{ idNumber: found.idNumber }] });
  return { person: found.idNumber, deadline };
}

/** Prints the keys once, and two requests that answer: a look-up for a purpose, and one under a case. */
export function introduction({ file, callers, accounts, person, deadline, caseMatter: ofCase }: Demo, url: string): string {
  const lines = ['', ...oneTimePasswords(accounts, url), '', `Demo callers (shown once; kept in ${file}):`, ...callers.map(({ name, departmentCode, key }) => `  ${departmentCode}  ${key}  ${name}`), ''];
  const [police, clerk] = callers;
  if (person === null || police === undefined || clerk === undefined) return lines.join('\n');
  const curl = (key: string, headers: readonly string[], selection: string) => [
    `  curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${key}' \\`,
    `    ${headers.map((header) => `-H '${header}'`).join(' ')} \\`,
    `    -d '{"query":"{ person(idNumber: \\"${person}\\") { ${selection} } }"}'`,
  ];
  return [
    ...lines,
    'Try, as the police, for a purpose:',
    ...curl(police.key, [`hub-matter: ${matter.code}`], 'name birthDate politicalStatusCode household { householdNo }'),
    '',
    `Try, as a clerk of civil affairs, under a case of 最低生活保障 (open until ${deadline}; it covers its subject and his household, and anybody else is CASE_NOT_OPEN):`,
    ...curl(clerk.key, [`hub-matter: ${ofCase}`, `hub-case: ${caseNo}`], 'name idNumber registeredAddress household { members { totalCount nodes { name relationToHeadCode } } }'),
    '',
  ].join('\n');
}
