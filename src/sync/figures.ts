/**
 * How this hub keeps in step with the upper one, as figures for monitoring: by registry, state and code, nothing of any record.
 */
import type postgres from 'postgres';
import { syncStatus } from './status.ts';
import type { RegistryStatus } from './status.ts';

/** A family of figures, each with its labels. */
export interface Figures {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly samples: readonly (readonly [Readonly<Record<string, string>>, number])[];
}

const breakerStates = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;

/** What went up to the upper hub. */
export interface PassedUpSoFar {
  /** Changes that were answered for, each time they were. */
  readonly passedUp: number;
  /** Those of them that the upper hub refused, and that no later version has cleared. */
  readonly refused: number;
  /** ISO 8601; null: nothing ever went up. */
  readonly lastSuccessAt: string | null;
}

/** Reads it. */
export async function passedUpSoFar(sql: postgres.Sql): Promise<PassedUpSoFar> {
  const [row] = await sql<PassedUpSoFar[]>`
    select coalesce((select sum(passed_up) from push_state), 0)::float8 as "passedUp", (select count(*) from dead_letter)::float8 as refused, (select max(last_success_at) from push_state) as "lastSuccessAt"`;
  return row as PassedUpSoFar;
}

/** Reads them. `now`: ISO 8601. */
export async function syncFigures(sql: postgres.Sql, now: string): Promise<readonly Figures[]> {
  const [{ led, registries, queues, usesWaiting }, { passedUp, refused }, conflicts] = await Promise.all([
    syncStatus(sql, now), passedUpSoFar(sql),
    sql<{ state: string; n: number }[]>`select state, count(*)::float8 as n from sync_conflict where state in ('OPEN', 'KEPT', 'CHECKING') group by state order by state`,
  ]);
  const each = (name: string, help: string, of: (one: RegistryStatus) => number | null, kind: Figures['kind'] = 'gauge'): Figures => ({
    name, help, kind, samples: registries.flatMap((one) => {
      const value = of(one);
      return value === null ? [] : [[{ registry: one.registry }, value] as const];
    }),
  });
  return [
    { name: 'hub_sync_led', help: 'Does a process pull from the upper hub?', kind: 'gauge', samples: [[{}, led ? 1 : 0]] },
    each('hub_sync_in_step', 'Was nothing behind the last page?', ({ inStep }) => (inStep ? 1 : 0)),
    each('hub_sync_lag_entries', 'Entries behind the last page, as the upper hub said.', ({ behind }) => behind),
    each('hub_sync_lag_seconds', 'Seconds since it was known to be in step last.', ({ lagSeconds }) => lagSeconds),
    each('hub_sync_entries_total', 'Entries taken so far.', ({ entries }) => entries, 'counter'),
    each('hub_sync_failures', 'Failures since the last success.', ({ failures }) => failures),
    each('hub_sync_halted', 'Is it halted until somebody has looked?', ({ halted }) => (halted === null ? 0 : 1)),
    each('hub_sync_reconcile_due', 'Are both sides to be compared?', ({ reconcileDue }) => (reconcileDue === null ? 0 : 1)),
    { name: 'hub_sync_quarantine', help: 'Entries in quarantine: tried again by themselves, and waiting for somebody.', kind: 'gauge', samples: registries.flatMap(({ registry, waiting, poisoned }) => [[{ registry, state: 'WAITING' }, waiting], [{ registry, state: 'POISONED' }, poisoned]] as const) },
    { name: 'hub_sync_breaker', help: 'The state of the breaker before the upper hub is 1, the others 0.', kind: 'gauge', samples: registries.flatMap(({ registry, breaker }) => (breaker === null ? [] : breakerStates.map((state) => [{ registry, state }, state === breaker ? 1 : 0] as const))) },
    { name: 'hub_sync_passed_up_total', help: 'Changes that the upper hub answered for.', kind: 'counter', samples: [[{}, passedUp]] },
    { name: 'hub_sync_dead_letters', help: 'Changes, reports and uses of certificates that the upper hub refused.', kind: 'gauge', samples: [[{}, refused]] },
    { name: 'hub_sync_uses_waiting', help: 'Uses of certificates that wait to go up.', kind: 'gauge', samples: [[{}, usesWaiting]] },
    { name: 'hub_sync_conflicts', help: 'Conflicts that stand: open, kept, being checked with a source.', kind: 'gauge', samples: ['OPEN', 'KEPT', 'CHECKING'].map((state) => [{ state }, conflicts.find((one) => one.state === state)?.n ?? 0] as const) },
    { name: 'hub_sync_checks', help: 'Items that are being checked: here, waiting to go up, at the upper hub.', kind: 'gauge', samples: queues.flatMap(({ registry, checks, checksWaiting, checksAbove }) => [[{ registry, state: 'OPEN' }, checks - checksWaiting - checksAbove], [{ registry, state: 'WAITING' }, checksWaiting], [{ registry, state: 'SENT' }, checksAbove]] as const) },
  ];
}
