/**
 * `npm run bench`: the hub beside the physical limit and its peers, on one database, interleaved.
 *
 *   --workloads W1,W4   --rounds 7   --seconds 2   --callers 16   --people 200000   --servers "limit json,hub,yoga"
 *   --tree FOLDER       the hub of another working tree as well (repeatable), to measure a change before it is made
 *   --engine="FLAGS"    the hub under other flags of the engine as well (repeatable)
 *   --starts 1          how often the servers are started anew; rounds are parted among the starts. One start of a process may be a tenth
 *                       faster than the next, in all its rounds: what is to be told apart more finely needs several
 *   --profile FOLDER    the servers write a CPU profile each, for Chrome's or VS Code's viewer
 *   --json FILE         every sample, of its latencies only how many
 *   --judge             what the judge costs instead (judge.ts): hubs whose caller holds real grants beside the one whose may have all
 *
 * The hub runs under the flags that `npm start` gives it; all others have room for young objects (64 MB), of which they keep none.
 *
 * Needs a PostgreSQL server (BENCH_DATABASE_URL or TEST_DATABASE_URL, see county.ts) and, for the peers, `npm ci --prefix
 * test/bench`; peers that do not start are left out and named. Differences under 15 % are to be read from the CPU columns.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import postgres from 'postgres';
import { benchDatabase, benchKey, benchMatter, readFacts } from './county.ts';
import { backends, usage, used } from './cpu.ts';
import { judged, judgeMarkdown } from './judge.ts';
import type { Order, Report } from './load.ts';
import { casePrefix, makeRegisters } from './registers.ts';
import type { Made, Registers } from './registers.ts';
import { again, audited, limits, markdown, silent, strongest } from './report.ts';
import type { Sample } from './report.ts';
import { picker, requestTo, workloadNames, workloads } from './workloads.ts';
import type { Ready } from './servers/child.ts';
import type { Dialect, Facts, Target, Variables, Workload, WorkloadName } from './workloads.ts';

interface Entry {
  readonly file: string;
  readonly dialect: Dialect;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** The registers that it reads, where they are not the open ones; and whether persons are asked for under their cases. */
  readonly registers?: Registers;
  readonly inCase?: boolean;
  /** Default: all. */
  readonly workloads?: readonly WorkloadName[];
}

const caller = { authorization: `Bearer ${benchKey}`, 'hub-matter': benchMatter };
const openHub: Entry = { file: 'hub', dialect: 'hub', path: '/graphql', headers: caller };
const entries: Readonly<Record<string, Entry>> = {
  [limits[0]]: { file: 'limit', dialect: 'plain', path: '/json' },
  [limits[1]]: { file: 'limit', dialect: 'plain', path: '/rows' },
  // A process of its own; which way it goes is chosen for each workload after the first look.
  [again]: { file: 'limit', dialect: 'plain', path: '/json' },
  // The same two, each answer waiting for its record as the hub's does.
  [audited[0]]: { file: 'limit', dialect: 'plain', path: '/json', environment: { BENCH_AUDIT: 'on' } },
  [audited[1]]: { file: 'limit', dialect: 'plain', path: '/rows', environment: { BENCH_AUDIT: 'on' } },
  hub: openHub,
  // How often each person is looked up is counted, as it is for clerks; what that costs is the difference.
  'hub counting look-ups': { ...openHub, environment: { BENCH_LOOKUPS: '1000000' } },
  [silent]: { ...openHub, environment: { BENCH_AUDIT: 'off' } },
  yoga: { file: 'yoga', dialect: 'hub', path: '/graphql' },
  mercurius: { file: 'mercurius', dialect: 'hub', path: '/graphql' },
  'mercurius tuned': { file: 'mercurius', dialect: 'hub', path: '/graphql', environment: { BENCH_LOADERS: 'tuned' } },
  postgraphile: { file: 'postgraphile', dialect: 'postgraphile', path: '/graphql' },
};

/** Hubs for `--judge`: the same records under other registers. Some apart from the others, so that registers differ in one thing only. */
const granted: Registers = { schema: 'bench_granted', grants: true, others: 9, seals: 0 };
const judgeEntries: Readonly<Record<string, Entry>> = {
  [judged.granted]: { ...openHub, registers: granted },
  [judged.again]: { ...openHub, registers: granted },
  [judged.many]: { ...openHub, registers: { schema: 'bench_many', grants: true, others: 2000, seals: 0 } },
  [judged.sealed]: { ...openHub, registers: { schema: 'bench_sealed', grants: true, others: 9, seals: 20 } },
  [judged.openInCase]: { ...openHub, registers: { schema: 'bench_open', grants: false, others: 9, seals: 0 }, inCase: true, workloads: ['W1', 'W2'] },
  [judged.inCase]: { ...openHub, registers: granted, inCase: true, workloads: ['W1', 'W2'] },
};
const registersMade = new Map<string, Promise<Made>>();

/** The engine's flags in `npm start`. */
const asStarted = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } }).scripts.start.match(/--[\w-]+=\S+/g) ?? [];

const ofTree = 'hub of ';
const under = 'hub under ';

interface Running {
  readonly target: Target;
  readonly child: ChildProcess;
  /** Bytes of its heap when it began to answer. */
  readonly heap: number;
  /** What it shows of an open answer. */
  readonly shown: (answer: unknown) => unknown;
  readonly workloads: readonly WorkloadName[];
}

const { values } = parseArgs({ options: {
  workloads: { type: 'string', default: workloadNames.join(',') }, rounds: { type: 'string', default: '7' }, seconds: { type: 'string', default: '2' },
  callers: { type: 'string', default: '16' }, people: { type: 'string', default: '200000' }, servers: { type: 'string' }, judge: { type: 'boolean', default: false },
  starts: { type: 'string', default: '1' },
  tree: { type: 'string', multiple: true, default: [] }, engine: { type: 'string', multiple: true, default: [] }, profile: { type: 'string' }, json: { type: 'string' },
} });

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const wanted = values.workloads.split(',').filter((name): name is WorkloadName => name in workloads);
const known: Readonly<Record<string, Entry>> = values.judge ? { hub: openHub, ...judgeEntries } : entries;
const servers = [...(values.servers?.split(',') ?? Object.keys(known)).filter((name) => name in known), ...values.tree.map((tree) => `${ofTree}${tree}`), ...values.engine.map((flags) => `${under}${flags}`)];
const running: Running[] = [];
/** `server workload` that fails or answers otherwise than the limit: named, and not measured. */
const unfit = new Set<string>();
const fit = (workload: WorkloadName) => ({ target, workloads: own }: Running): boolean => own.includes(workload) && !unfit.has(`${target.name} ${workload}`);
const children: ChildProcess[] = [];
try {
  await bench();
} finally {
  for (const child of children) if (child.connected) child.disconnect();
}

async function bench(): Promise<void> {
  const url = await benchDatabase(Number(values.people), say);
  const sql = postgres(url, { max: 1, onnotice: () => undefined, connection: { application_name: 'bench run' } });
  const facts = await readFacts(sql);
  const load = fork(here('load.ts'));
  children.push(load);
  load.send({ kind: 'facts', facts } satisfies Order);
  const first: Sample[] = [];
  const samples: Sample[] = [];
  const [rounds, starts] = [Number(values.rounds), Number(values.starts)];
  let round = 0;
  for (let begun = 1; begun <= starts; begun += 1) {
    for (const { child } of running.splice(0)) await end(child);
    for (const started of await Promise.all(servers.map((name) => start(name, url)))) if (started !== null) running.push(started);
    for (const workload of wanted) await compare(workload, facts);
    say('Warming up.');
    for (const workload of wanted) for (const { target } of running.filter(fit(workload))) first.push(await measure(sql, load, target, workload, 0, 700));
    while (round < Math.round((rounds * begun) / starts)) {
      round += 1;
      say(`Round ${round} of ${rounds}.`);
      for (const workload of wanted) {
        for (const { target } of inTurn(round).filter(fit(workload))) samples.push(await measure(sql, load, asAgain(target, first, workload), workload, round, Number(values.seconds) * 1000));
      }
    }
  }
  await sql.end();
  const [cpu] = cpus();
  process.stdout.write(`${values.people} people, ${values.callers} callers, ${values.rounds} rounds of ${values.seconds} s${starts > 1 ? ` in ${starts} starts` : ''}; Node ${process.version}, ${cpus().length} x ${cpu?.model ?? 'CPU'}\n\n${values.judge ? judgeMarkdown(samples, wanted, new Map(running.map(({ target, heap }) => [target.name, heap]))) : markdown(samples, wanted, (workload) => strongest(first, workload))}\n`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(samples.map((sample) => ({ ...sample, latencies: sample.latencies.length }))));
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** Every round begins with another server. */
function inTurn(round: number): readonly Running[] {
  const from = round % running.length;
  const turned = [...running.slice(from), ...running.slice(0, from)];
  return round % 2 === 0 ? turned : turned.reverse();
}

/** The limit measured again goes the way that was the stronger one at the first look. */
function asAgain(target: Target, first: readonly Sample[], workload: WorkloadName): Target {
  return target.name === again ? { ...target, path: entries[strongest(first, workload)]?.path ?? target.path } : target;
}

async function start(name: string, url: string): Promise<Running | null> {
  const tree = name.startsWith(ofTree) ? name.slice(ofTree.length) : undefined;
  const given = name.startsWith(under) ? name.slice(under.length).split(' ') : [];
  const entry = known[tree === undefined && given.length === 0 ? name : 'hub'];
  if (entry === undefined) return null;
  const registers = entry.registers === undefined ? undefined : await madeRegisters(url, entry.registers);
  const file = tree === undefined ? here(`servers/${entry.file}.ts`) : join(tree, 'test/bench/servers/hub.ts');
  const flags = given.length > 0 ? given : entry.file === 'hub' ? asStarted : ['--max-semi-space-size=64'];
  const child = fork(file, {
    execArgv: [...flags, '--expose-gc', ...(values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`, `--cpu-prof-name=${name.replaceAll(/[^\w]+/g, '-')}.cpuprofile`])],
    // What a server says of its schema is its own affair, unless it does not start.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', BENCH_DATABASE_URL: registers?.url ?? url, ...entry.environment },
  });
  children.push(child);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => { said = (said + chunk.toString()).slice(-1500); });
  const told = await Promise.race([
    once(child, 'message').then(([message]) => message as Ready),
    once(child, 'exit').then(() => null),
  ]);
  if (told === null) {
    say(`${name} does not start and is left out: ${said}`);
    return null;
  }
  const target: Target = { name, port: told.port, dialect: entry.dialect, path: entry.path, headers: entry.headers ?? {}, ...(entry.inCase === true ? { casePrefix } : {}) };
  return {
    child, heap: told.heap, shown: registers?.shown ?? ((answer) => answer), workloads: entry.workloads ?? workloadNames,
    target: entry.dialect === 'postgraphile' ? { ...target, order: await orderOf(target) } : target,
  };
}

/** Servers that read the same registers share them. */
function madeRegisters(url: string, registers: Registers): Promise<Made> {
  const made = registersMade.get(registers.schema) ?? makeRegisters(url, registers);
  registersMade.set(registers.schema, made);
  return made;
}

/** The name that PostGraphile gives to the order of the primary key; it stands first in its cursors. */
async function orderOf(target: Target): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${target.port}${target.path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ allLegalEntities(first: 1) { edges { cursor } } }' }) });
  const answer = (await response.json()) as { data: { allLegalEntities: { edges: { cursor: string }[] } } };
  const [order] = JSON.parse(Buffer.from(answer.data.allLegalEntities.edges[0]?.cursor ?? '', 'base64').toString()) as [string];
  return order;
}

/** Every server must answer the same; otherwise the figures would compare different work. */
async function compare(name: WorkloadName, facts: Facts): Promise<void> {
  const workload: Workload = workloads[name];
  const pick = picker(7);
  for (let times = 0; times < 20; times += 1) {
    const variables = workload.variables(facts, pick);
    const answers = await Promise.all(running.filter(fit(name)).map(async ({ target, shown }) => ({ server: target.name, shown, answer: await answerOf(target, name, variables).catch((error: unknown) => String(error)) })));
    const [reference] = answers;
    if (typeof reference?.answer !== 'object' || !/"\w+":[[{]/.test(JSON.stringify(reference.answer))) throw new Error(`${name}: ${reference?.server} answers nothing for ${JSON.stringify(variables)}: ${String(reference?.answer)}`);
    for (const { server, shown, answer } of answers) {
      const right = shown(reference.answer);
      if (isDeepStrictEqual(answer, right)) continue;
      unfit.add(`${server} ${name}`);
      say(`${name} is not measured on ${server}: ${typeof answer === 'string' ? answer : `it answers otherwise than ${reference.server}: ${JSON.stringify(answer).slice(0, 500)} / ${JSON.stringify(right).slice(0, 500)}`}`);
    }
  }
}

async function answerOf(target: Target, name: WorkloadName, variables: Variables): Promise<unknown> {
  const { method, path, headers, body } = requestTo(target, name, variables);
  const response = await fetch(`http://127.0.0.1:${target.port}${path}`, { method, headers, ...(body === '' ? {} : { body }) });
  const answer = (await response.json()) as { data?: unknown; errors?: unknown };
  if (!response.ok || answer.errors !== undefined) throw new Error(`${name}: ${target.name} fails: ${JSON.stringify(answer).slice(0, 1500)}`);
  // PostGraphile writes numerics with their padding zeros, which the contract does not.
  const plain = (value: string): string => (value.includes('.') ? value.replace(/\.?0+$/, '') : value);
  return JSON.parse(JSON.stringify(answer.data, (field, value: unknown) => (field === 'registeredCapital' && typeof value === 'string' ? plain(value) : value)));
}

/** One server under one workload for one round. */
async function measure(sql: postgres.Sql, load: ChildProcess, target: Target, workload: WorkloadName, round: number, runMs: number): Promise<Sample> {
  const pid = running.find((one) => one.target.name === target.name)?.child.pid ?? 0;
  const replies = incoming(load);
  load.send({ kind: 'run', target, workload, callers: Number(values.callers), warmMs: round === 0 ? 300 : 150, runMs } satisfies Order);
  await replies('begun');
  const pids = await backends(sql);
  const before = { node: usage([pid]), database: usage(pids) };
  const done = await replies('done');
  const after = { node: usage([pid]), database: usage(pids) };
  if (done.kind !== 'done') throw new Error('The load did not report.');
  const each = (spent: number): number => spent / done.requests;
  return {
    server: target.name, workload, round, rate: (done.requests * 1000) / done.ms, latencies: done.latencies, bytes: done.bytes / done.requests,
    node: after.node.size > 0 ? each(used(before.node, after.node)) : null, database: pids.length > 0 ? each(used(before.database, after.database)) : null,
  };
}

/** The load's reports one after the other. */
function incoming(load: ChildProcess): (kind: Report['kind']) => Promise<Report> {
  const queue: Report[] = [];
  let wake: (() => void) | undefined;
  const listen = (report: Report): void => {
    queue.push(report);
    wake?.();
    if (report.kind !== 'begun') load.off('message', listen);
  };
  load.on('message', listen);
  return async (kind) => {
    while (queue.length === 0) await new Promise<void>((resolve) => { wake = resolve; });
    const report = queue.shift() as Report;
    if (report.kind === 'failed') throw new Error(`The load failed: ${report.why}`);
    if (report.kind !== kind) throw new Error(`The load reported ${report.kind} instead of ${kind}.`);
    return report;
  };
}
