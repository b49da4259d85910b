/**
 * `sync`: how the hub stands with the upper one, with a live view; what its quarantine holds, and what is done about it; going on with a
 * halted registry; pulling once until in step.
 *
 * Changes are in the audit as all commands are. Raw entries hold values of records: they are shown only for one entry that is asked for.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { openHub } from '../hub.ts';
import type { Hub } from '../hub.ts';
import { registryNames } from '../registries/record.ts';
import type { RegistryName } from '../registries/record.ts';
import { deadLetters, redriveDeadLetters } from '../sync/dead-letters.ts';
import { resumeFeed } from '../sync/feed-state.ts';
import { acquireLease, releaseLease, renewLease } from '../db/lease.ts';
import { pullParts } from '../sync/open.ts';
import { RegistryPull } from '../sync/pull.ts';
import { editQuarantined, listQuarantine, quarantined } from '../sync/quarantine.ts';
import type { Quarantined } from '../sync/quarantine.ts';
import { redriveByHand } from '../sync/redrive.ts';
import { passedUpSoFar } from '../sync/figures.ts';
import type { PassedUpSoFar } from '../sync/figures.ts';
import { syncStatus } from '../sync/status.ts';
import type { SyncStatus } from '../sync/status.ts';
import { pullLease } from '../sync/worker.ts';
import { reconcileWithCity, reconcileWithSelf } from './reconcile.ts';
import type { ReconcileOptions } from './reconcile.ts';
import { auditOf, CommandRecord } from './recorded.ts';

const usage = 'sync status [--watch] · sync quarantine list [REGISTRY] [--raw CODE] · sync quarantine edit CODE FILE.json · sync quarantine redrive REGISTRY [CODE …] · sync resume REGISTRY [--allow-deletes] · sync once [REGISTRY …] · sync dead [list|redrive] · sync reconcile [REGISTRY …] [--local] [--dry-run] [--allow-deletes]';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `status`, `quarantine`, `dead`, `resume`, `once`, `reconcile`. */
export async function syncCommand(config: Config, words: readonly string[]): Promise<void> {
  const { positionals: [verb, ...rest], values } = parseArgs({
    args: [...words], allowPositionals: true, options: { 'watch': { type: 'boolean', default: false }, 'allow-deletes': { type: 'boolean', default: false }, 'raw': { type: 'string' }, 'local': { type: 'boolean', default: false }, 'dry-run': { type: 'boolean', default: false } },
  });
  switch (verb) {
    case 'status': return status(config, values.watch);
    case 'quarantine': return quarantine(config, rest, values.raw);
    case 'resume': return resume(config, registryIn(rest[0]), values['allow-deletes']);
    case 'dead': return dead(config, rest[0] ?? 'list');
    case 'once': return once(config, rest.length === 0 ? registryNames : rest.map(registryIn));
    case 'reconcile': return reconcileCommand(config, rest.length === 0 ? registryNames : rest.map(registryIn), values.local, { dryRun: values['dry-run'], allowDeletes: values['allow-deletes'] });
    default: throw new HubError('BAD_INPUT', `sync knows these: ${usage}.`);
  }
}

async function status(config: Config, watch: boolean): Promise<void> {
  const database = await openDatabase(config);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  let before: Glance | null = null;
  try {
    do {
      const [now, passed]: [SyncStatus, PassedUpSoFar] = await Promise.all([syncStatus(database.sql, new Date().toISOString()), passedUpSoFar(database.sql)]);
      const glance: Glance = { at: performance.now(), taken: new Map(now.registries.map(({ registry, entries }) => [registry, entries])), passedUp: passed.passedUp };
      const lines = linesOf(now, config.city !== undefined, { passed, before, now: glance });
      before = glance;
      // On a terminal the view stays in its place.
      process.stdout.write(watch && process.stdout.isTTY ? `\u001B[H\u001B[2J${lines.join('\n')}\n` : `${lines.join('\n')}\n`);
      if (watch && !stopping.signal.aborted) await sleep(1000, undefined, { signal: stopping.signal }).catch(() => undefined);
    } while (watch && !stopping.signal.aborted);
  } finally {
    process.removeAllListeners('SIGINT');
    await database.close();
  }
}

/** What was counted at a moment of a live view. */
export interface Glance {
  /** Milliseconds of this process. */
  readonly at: number;
  readonly taken: ReadonlyMap<string, number>;
  readonly passedUp: number;
}

/** What a view tells beside the registries; `before`: the glance before this one, by which it tells how fast things go. */
export interface Beside {
  readonly passed: PassedUpSoFar;
  readonly before: Glance | null;
  readonly now: Glance;
}

/** How it stands, as lines. */
export function linesOf({ led, registries, queues, usesWaiting }: SyncStatus, configured: boolean, beside: Beside | null = null): readonly string[] {
  const perSecond = (is: number, was: number | undefined): string => (beside?.before === null || beside === null || was === undefined ? '-' : `${Math.max(0, Math.round(((is - was) * 1000) / Math.max(1, beside.now.at - beside.before.at)))}/s`);
  const head = configured ? (led ? 'A process pulls from the upper hub.' : 'No process pulls from the upper hub.') : 'HUB_CITY_URL names no upper hub.';
  const rows = registries.map((one) => [
    one.registry, one.halted !== null ? 'HALTED' : one.inStep ? 'in step' : one.failures > 0 ? 'FAILING' : one.phase?.toLowerCase() ?? 'to begin',
    String(one.behind), one.lagSeconds === null ? '-' : `${one.lagSeconds} s`, String(one.entries), perSecond(one.entries, beside?.before?.taken.get(one.registry)), `${one.waiting} + ${one.poisoned}`, one.breaker?.toLowerCase() ?? '-', one.reconcileDue === null ? '-' : 'due',
  ]);
  const table = [['registry', 'state', 'behind', 'lag', 'taken', 'rate', 'quarantine', 'breaker', 'reconcile'], ...rows];
  const widths = table[0]?.map((_, n) => Math.max(...table.map((row) => row[n]?.length ?? 0))) ?? [];
  const up = beside === null || !configured ? [] : [`Passed up: ${beside.passed.passedUp} (${perSecond(beside.passed.passedUp, beside.before?.passedUp)}), ${beside.passed.refused} refused there${beside.passed.refused === 0 ? '' : ' (sync dead list)'}${usesWaiting === 0 ? '' : `; ${usesWaiting} uses of certificates to go up`}.`];
  return [head, ...up, ...table.map((row) => row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join('  ').trimEnd()),
    ...registries.flatMap(({ registry, halted, failures, lastFailure }) => [...(halted === null ? [] : [`${registry} halted: ${halted}`]), ...(failures === 0 || lastFailure === null ? [] : [`${registry} failed ${failures} times: ${lastFailure}`])]),
    ...queues.flatMap(({ registry, conflicts, checks, checksWaiting, checksAbove }) => (conflicts + checks === 0 ? [] : [`${registry}: ${conflicts} conflicts undecided, ${checks} items being checked (${checksWaiting} to go up, ${checksAbove} above)`]))];
}

async function quarantine(config: Config, [verb, first, ...rest]: readonly string[], raw: string | undefined): Promise<void> {
  if (verb === 'list') return list(config, first === undefined ? null : registryIn(first), raw);
  if (verb === 'edit') return edit(config, first ?? '', rest[0]);
  if (verb === 'redrive') return redrive(config, registryIn(first), rest);
  throw new HubError('BAD_INPUT', `sync quarantine knows list, edit and redrive: ${usage}.`);
}

async function list(config: Config, registry: RegistryName | null, raw: string | undefined): Promise<void> {
  const database = await openDatabase(config);
  const audit = auditOf(config, database, 'sync');
  try {
    if (raw === undefined) {
      const rows = await listQuarantine(database.sql, registry, 1000);
      for (const row of rows) say(lineOf(row));
      say(rows.length === 0 ? 'Nothing is in quarantine.' : `${rows.length} entries. --raw CODE shows one as it came.`);
      return;
    }
    const row = await quarantined(database.sql, raw);
    await new CommandRecord(audit, { roots: ['sync', 'quarantine', 'list', raw] }).around(async () => say(JSON.stringify(JSON.parse(row.raw), null, 2)));
  } finally {
    await audit.close();
    await database.close();
  }
}

function lineOf({ code, state, registry, recordType, source, field, reason, tries, lastSeenAt, editedBy }: Quarantined): string {
  return `${code}  ${state.padEnd(8)}  ${registry} ${recordType ?? '?'} of ${source ?? '?'}: ${field} ${reason}  (${tries} tries, last ${new Date(lastSeenAt).toISOString()}${editedBy === null ? '' : `, edited by ${editedBy}`})`;
}

async function edit(config: Config, code: string, file: string | undefined): Promise<void> {
  if (file === undefined) throw new HubError('BAD_INPUT', `sync quarantine edit needs CODE and FILE.json: ${usage}.`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new HubError('BAD_INPUT', `${file} cannot be read.`);
  }
  const database = await openDatabase(config);
  const audit = auditOf(config, database, 'sync');
  try {
    const row = await new CommandRecord(audit, { roots: ['sync', 'quarantine', 'edit', code] }).around(() => editQuarantined(database.sql, code, text, 'command line', new Date().toISOString()));
    say(`Edited; it is tried again within seconds where a hub pulls, or by \`hub sync quarantine redrive ${row.registry} ${code}\`.`);
  } finally {
    await audit.close();
    await database.close();
  }
}

async function redrive(config: Config, registry: RegistryName, codes: readonly string[]): Promise<void> {
  await withHub(config, async (hub, parts) => {
    const record = new CommandRecord(hub.audit, { roots: ['sync', 'quarantine', 'redrive', registry] });
    const { tried, taken } = await record.around(() => redriveByHand(parts, registry, codes.length > 0 ? codes : null, 100_000), (done) => ({ rows: done.taken }));
    say(`${tried} tried, ${taken} taken; ${tried - taken} stay in quarantine.`);
  });
}

async function resume(config: Config, registry: RegistryName, allowDeletes: boolean): Promise<void> {
  const database = await openDatabase(config);
  const audit = auditOf(config, database, 'sync');
  try {
    const record = new CommandRecord(audit, { roots: ['sync', 'resume', registry, ...(allowDeletes ? ['allow-deletes'] : [])] });
    const done = await record.around(() => resumeFeed(database.sql, registry, allowDeletes));
    say(done ? `${registry} goes on.` : `${registry} is not halted.`);
  } finally {
    await audit.close();
    await database.close();
  }
}

/** What the upper hub has refused of what was passed up; without keys, which may be identity numbers. */
async function dead(config: Config, verb: string): Promise<void> {
  if (verb !== 'list' && verb !== 'redrive') throw new HubError('BAD_INPUT', `sync dead knows list and redrive: ${usage}.`);
  const database = await openDatabase(config);
  const audit = auditOf(config, database, 'sync');
  try {
    if (verb === 'redrive') {
      const count = await new CommandRecord(audit, { roots: ['sync', 'dead', 'redrive'] }).around(() => redriveDeadLetters(database.sql, new Date().toISOString()));
      say(`${count} refused changes go up again with the next step.`);
      return;
    }
    const letters = await deadLetters(database.sql);
    for (const { type, source, version, field, reason, tries, lastAt } of letters) say(`${type} of ${source}, version ${version}: ${field ?? ''} ${reason}  (${tries} tries, last ${lastAt})`);
    say(letters.length === 0 ? 'Nothing was refused.' : `${letters.length} refused. Put right what is wrong here (a later version takes it out), or there, and then: sync dead redrive.`);
  } finally {
    await audit.close();
    await database.close();
  }
}

/** Milliseconds for which `once` takes the lease; each step renews it. */
const onceMs = 60_000;

async function once(config: Config, registries: readonly RegistryName[]): Promise<void> {
  await withHub(config, async (hub, parts) => {
    const { sql } = hub.database;
    const lease = await acquireLease(sql, pullLease, randomUUID(), onceMs);
    if (lease === null) throw new HubError('CONFLICT', 'Another process pulls from the upper hub at the moment. `hub sync status` tells how far it is.');
    const record = new CommandRecord(hub.audit, { roots: ['sync', 'once', ...registries] });
    try {
      await record.around(async () => {
        for (const registry of registries) {
          const pull = new RegistryPull(registry, parts, lease);
          for (;;) {
            const step = await pull.step();
            if (step.kind === 'HALTED') throw new HubError('CONFLICT', step.because);
            if (step.kind === 'IN_STEP' || (step.kind === 'TAKEN' && step.inStep)) break;
            await renewLease(sql, lease, onceMs);
          }
          say(`${registry} is in step.`);
        }
      });
    } finally {
      await releaseLease(sql, lease);
    }
  });
}

async function reconcileCommand(config: Config, registries: readonly RegistryName[], local: boolean, options: ReconcileOptions): Promise<void> {
  if (!local) return withHub(config, (hub, parts) => reconcileWithCity(hub, parts, registries, options, say));
  const hub = await openHub(config, { now: () => new Date(), process: 'sync' });
  try {
    await reconcileWithSelf(hub, registries, options, say);
  } finally {
    await hub.close();
  }
}

async function withHub(config: Config, work: (hub: Hub, parts: ReturnType<typeof pullParts>) => Promise<void>): Promise<void> {
  const { city } = config;
  if (city === undefined) throw new HubError('CONFIG_INVALID', 'HUB_CITY_URL names no upper hub: there is nothing to pull from.');
  const hub = await openHub(config, { now: () => new Date(), process: 'sync' });
  const parts = pullParts({ city, division: config.division, types: hub.schema.contract.types, writing: () => hub.writing() });
  try {
    await work(hub, parts);
  } finally {
    await parts.city.close();
    await hub.close();
  }
}

function registryIn(text: string | undefined): RegistryName {
  const registry = registryNames.find((one) => one === text);
  if (registry === undefined) throw new HubError('BAD_INPUT', `A registry is one of ${registryNames.join(', ')}.`);
  return registry;
}
