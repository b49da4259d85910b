/**
 * `npm run bench:lookup`: a look-up of a 12-fact matter beside the bench's W2 (a person with household, certificates and credit records),
 * in turns on one hub with its audit on; then 64 callers at once.
 *
 *   --people 200000   --rounds 4   --seconds 1.5   --callers 8
 *
 * Needs a PostgreSQL server (see county.ts). What is compared is the ratio of the medians; milliseconds are of this machine.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { readDefinition } from '../../src/matters/definition.ts';
import { draftVersion, noteTested, publishVersion } from '../../src/matters/version.ts';
import { benchDatabase, benchKey, benchMatter, readFacts } from './county.ts';
import { backends, usage, used } from './cpu.ts';
import type { Ready } from './servers/child.ts';
import { picker, workloads } from './workloads.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '4' }, seconds: { type: 'string', default: '1.5' }, callers: { type: 'string', default: '8' } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const predicate = (code: string, name: string, ask: string): object => ({ code, name, paper: name, of: 'applicant', form: 'PREDICATE', ask });
const value = (code: string, name: string, select: string): object => ({ code, name, paper: name, of: 'applicant', form: 'VALUE', select });
const definition = readDefinition({
  legalBasis: 'bench', subjects: [{ role: 'applicant', name: '申请人', type: 'Person' }], claims: [{ name: 'name', title: '姓名' }],
  facts: [
    { code: 'name', name: '姓名核验', paper: '居民身份证', of: 'applicant', form: 'VERIFY', ask: 'name == claim.name' },
    predicate('alive', '健在', 'personStatus == "在籍"'), predicate('adult', '成年', 'age >= 18'), predicate('card', '身份证有效', 'isIdCardValidToday'),
    value('household', '户籍', '{ household { householdNo address members { nodes { name relationToHeadCode } } } }'), value('residence', '居住地', '{ residenceDivisionCode villageCode }'),
    predicate('disabled', '持有效残疾人证', 'disabilityRecords.exists(d, d.status == "有效")'), predicate('welfare', '在享低保', 'welfareRecords.exists(w, w.status == "在享")'),
    predicate('insured', '已参医保', 'medicalInsurances.exists(m, true)'), predicate('clean', '无公示中处罚', '!hasOpenPenalty'),
    predicate('unlisted', '未列入名单', '!creditListings.exists(l, l.status == "在列")'), value('permits', '行政许可', '{ creditPermits { nodes { recordNo validTo } } }'),
  ],
});

const url = await benchDatabase(Number(values.people), say);
const sql = postgres(url, { max: 1, onnotice: () => undefined });
const actor = { by: 'bench', now: new Date().toISOString() };
const drafted = await draftVersion(sql, benchMatter, definition, actor);
await noteTested(sql, drafted, actor.now);
await publishVersion(sql, benchMatter, drafted.version, actor);
const facts = await readFacts(sql);

const child = fork(fileURLToPath(new URL('servers/hub.ts', import.meta.url)), { env: { ...process.env, BENCH_DATABASE_URL: url }, execArgv: ['--expose-gc', '--v8-pool-size=1', '--max-semi-space-size=16'] });
const [{ port }] = (await once(child, 'message')) as [Ready];
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const pick = picker(20_261_126);

const lookupQuery = 'query ($subjects: [LookupSubjectInput!]!, $claims: [LookupClaimInput!]!) { lookup(subjects: $subjects, claims: $claims) { facts { code status value because } papers { saved toBring { paper because } } receipt { id document signed signature keyId } salt } }';
const bodies = {
  W2: () => ({ query: workloads.W2.query, variables: workloads.W2.variables(facts, pick) }),
  lookup: () => ({ query: lookupQuery, variables: { subjects: [{ role: 'applicant', idNumber: facts.subjects[pick(facts.subjects.length)] }], claims: [{ name: 'name', value: '王小明' }] } }),
};

function ask(body: unknown): Promise<string> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request({ port, path: '/graphql', method: 'POST', agent, headers: { authorization: `Bearer ${benchKey}`, 'hub-matter': benchMatter, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } }, (answer) => {
      let read = '';
      answer.setEncoding('utf8').on('data', (part: string) => { read += part; }).on('end', () => (answer.statusCode === 200 && !read.startsWith('{"errors"') ? resolve(read) : reject(new Error(`${answer.statusCode} ${read.slice(0, 300)}`)))).on('error', reject);
    });
    sent.on('error', reject).end(text);
  });
}

/** What a request took: latencies in milliseconds, ascending, and milliseconds of CPU of the hub and of PostgreSQL for each; and why others were refused. */
interface Taken {
  readonly latencies: readonly number[];
  readonly cpu: readonly [node: number, database: number];
  readonly failed: readonly string[];
}

/** So many callers in a closed loop. */
async function run(name: keyof typeof bodies, callers: number, seconds: number): Promise<Taken> {
  const processes = [[child.pid ?? 0], await backends(sql)] as const;
  const before = processes.map(usage);
  const end = performance.now() + seconds * 1000;
  const [latencies, failed]: [number[], string[]] = [[], []];
  await Promise.all(Array.from({ length: callers }, async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await ask(bodies[name]()).then(() => latencies.push(performance.now() - began), (error: unknown) => failed.push(String(error)));
    }
  }));
  const [node = 0, database = 0] = processes.map((pids, place) => used(before[place] ?? new Map(), usage(pids)) / latencies.length);
  return { latencies: latencies.toSorted((a, b) => a - b), cpu: [node, database], failed };
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const seconds = Number(values.seconds);
const medians: Record<keyof typeof bodies, number[]> = { W2: [], lookup: [] };
const cpus: Record<keyof typeof bodies, Taken['cpu'][]> = { W2: [], lookup: [] };
for (const name of ['W2', 'lookup'] as const) await run(name, Number(values.callers), 1.5);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const name of round % 2 === 0 ? ['W2', 'lookup'] as const : ['lookup', 'W2'] as const) {
    const { latencies, cpu, failed } = await run(name, Number(values.callers), seconds);
    if (failed.length > 0) throw new Error(`${name}: ${failed.length} failed: ${failed[0]}`);
    medians[name].push(at(latencies, 0.5));
    cpus[name].push(cpu);
  }
}
const middle = (all: readonly number[]): number => at(all.toSorted((a, b) => a - b), 0.5);
say(`p50, ${values.callers} callers, ${values.rounds} rounds: W2 ${middle(medians.W2).toFixed(2)} ms, look-up of ${definition.facts.length} facts with receipt ${middle(medians.lookup).toFixed(2)} ms: ${(middle(medians.lookup) / middle(medians.W2)).toFixed(2)} times W2`);
const cpuOf = (name: keyof typeof bodies): string => [0, 1].map((place) => middle(cpus[name].map((cpu) => cpu[place] ?? 0)).toFixed(2)).join(' and ');
say(`CPU of a request, the hub's and PostgreSQL's, in ms: W2 ${cpuOf('W2')}, look-up ${cpuOf('lookup')}`);
const { latencies, failed } = await run('lookup', 64, 4);
say(`64 callers, 4 s: ${latencies.length} look-ups, ${failed.length} failed${failed.length > 0 ? ` (${failed[0]})` : ''}, p50 ${at(latencies, 0.5).toFixed(1)} ms, p99 ${at(latencies, 0.99).toFixed(1)} ms`);
await sql.end();
child.disconnect();
agent.destroy();
process.exitCode = failed.length > 0 ? 1 : 0;
