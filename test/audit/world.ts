/**
 * An audit for tests: a writer on a database of its own, records to write, and what the database holds of them.
 */
import { openAudit, verifyWith } from '../../src/audit/open.ts';
import type { OpenAudit } from '../../src/audit/open.ts';
import { Scope } from '../../src/audit/record.ts';
import type { Entry } from '../../src/audit/record.ts';
import type { Verified } from '../../src/audit/verify.ts';
import type { Database } from '../../src/db/open.ts';
import { keyProviderOf, newKeySet } from '../../src/identity/key-provider.ts';
import type { KeyProvider } from '../../src/identity/key-provider.ts';

/** Keys of these tests. */
export const auditKeys: KeyProvider = keyProviderOf(newKeySet());

/** A clock that moves when it is told to. */
export class Clock {
  at = Date.parse('2026-11-24T02:00:00.000Z');
  readonly now = (): Date => new Date(this.at);
}

/** Opens an audit; what fails is told to `failures`, and `coming` tells of look-ups that are being answered. */
export function auditOn(database: Pick<Database, 'sql' | 'kind' | 'connect'>, clock: Clock = new Clock(), { grace = 0, failures = [], patienceMs = 20_000, coming = () => 0 }: { grace?: number; failures?: unknown[]; patienceMs?: number; coming?: () => number } = {}): OpenAudit {
  const { sql, kind, connect } = database;
  return openAudit({ database: { sql, kind, connect, points: { get running() { return coming(); } } }, keys: auditKeys, now: clock.now, process: 'test', grace, patienceMs, onFailure: (error) => void failures.push(error) });
}

/** What was asked in these tests, of persons and of reference data. */
export const ofPersons = new Scope({ kind: 'QUERY', consumer: 'test-police', items: ['RK-0001', 'RK-0002'], delivered: { Person: ['RK-0001', 'RK-0002'] } });
export const ofReference = new Scope({ kind: 'QUERY', consumer: 'test-market', matter: 'M-1', items: ['FR-0001'], delivered: { LegalEntity: ['FR-0001'] } }, true);

let made = 0;

/** A record. */
export function entry(given: Partial<Entry> = {}): Entry {
  made += 1;
  return {
    at: Date.parse('2026-11-24T02:00:00.000Z') + made, request: `request-${made}`, scope: ofPersons, operator: 'said:clerk', caseNo: '2026-118', variables: 'digest', outcome: 'OK', reason: '', rows: 1, reference: '',
    policy: '17', micros: 900, subjects: [`key-of-${made}`, 'key-of-everybody'], ...given,
  };
}

/** Writes so many records at once. */
export async function write(audit: OpenAudit, count: number, given: Partial<Entry> = {}): Promise<readonly Entry[]> {
  const entries = Array.from({ length: count }, () => entry(given));
  await Promise.all(entries.map((one) => audit.write(one)));
  return entries;
}

/** What verifying finds. */
export function verified({ sql }: Pick<Database, 'sql'>, expect?: { n: string; hash: string }): Promise<Verified> {
  return verifyWith(auditKeys, { sql, ...(expect === undefined ? {} : { expect }) });
}
