/**
 * Reports of discrepancies and requests to check as applications and stewards send them, for tests that look at what comes of them.
 */
import { writeClaims } from '../../../src/records/write.ts';
import type { Database } from '../../../src/db/open.ts';
import { idNumberWithCheck } from '../../../src/registries/identifiers/index.ts';
import { records } from '../../../src/registries/index.ts';
import { belongsHere } from '../../../src/sync/home.ts';
import type { AdministratorName, CallerName, OtherName } from '../../world/callers.ts';
import { testPersonKey } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';

export type Who = CallerName | AdministratorName | OtherName | 'stranger';

/** A request as the contract tells it. */
export interface Check {
  readonly id: string;
  readonly field: string;
  readonly source: string;
  readonly sourceKey: string | null;
  readonly departmentCode: string | null;
  readonly reportedFor: string;
  readonly because: string;
  readonly believed: unknown;
  readonly state: string;
  readonly version: number;
  readonly dueOn: string | null;
  readonly verdict: string | null;
  readonly answer: string | null;
  readonly correctedVersion: string | null;
  readonly answeredBy: string | null;
  readonly standsIn: boolean;
}

export const checkFields = 'id reference conflict type field source sourceVersion sourceKey departmentCode reportedFor because evidence believed state version reportedAt dueOn verdict answer correctedVersion answeredAt answeredBy standsIn';
export const reportDocument = `mutation ($report: DiscrepancyInput!, $key: String!) { it: reportDiscrepancy(report: $report, idempotencyKey: $key) { repeated checks { ${checkFields} } } }`;

let keys = 0;

/** A key that no other report of these tests has. */
export const newKey = (): string => `report-${keys += 1}-of-the-tests`;

export async function report(hub: TestHub, who: Who, given: Readonly<Record<string, unknown>>, key: string = newKey(), headers: Readonly<Record<string, string>> = {}) {
  const answer = await hub.ask(who, reportDocument, { variables: { report: { because: '与证件不符', ...given }, key }, headers });
  const it = (answer.data as unknown as { it: { readonly repeated: boolean; readonly checks: readonly Check[] } } | null)?.it;
  return { ...answer, repeated: it?.repeated, checks: it?.checks ?? [], code: answer.errors[0]?.extensions['code'] as unknown };
}

export async function list(hub: TestHub, who: Who, filter: Readonly<Record<string, unknown>> = {}) {
  const answer = await hub.ask(who, `query ($filter: CheckFilterInput!) { it: checkRequests(filter: $filter, first: 100) { nodes { ${checkFields} } } }`, { variables: { filter } });
  return { checks: (answer.data as unknown as { it: { readonly nodes: readonly Check[] } } | null)?.it.nodes ?? [], code: answer.errors[0]?.extensions['code'] as unknown };
}

export async function answer(hub: TestHub, who: Who, { id, version }: Pick<Check, 'id' | 'version'>, given: Readonly<Record<string, unknown>> = {}) {
  const got = await hub.ask(who, `mutation ($id: ID!, $version: Int!, $verdict: CheckVerdict!, $because: String!, $correctedVersion: String) { it: answerCheck(id: $id, version: $version, verdict: $verdict, because: $because, correctedVersion: $correctedVersion) { ${checkFields} } }`, { variables: { id, version, verdict: 'CONFIRMED', because: '经核对', ...given } });
  return { check: (got.data as unknown as { it: Check } | null)?.it, code: got.errors[0]?.extensions['code'] as unknown };
}

const person = records.find(({ type }) => type === 'Person')!;

/** A source tells of a person, or another hub passes on that it does. */
export function tell({ sql }: Pick<Database, 'sql'>, source: string, key: string, version: string, values: Readonly<Record<string, unknown>>, { division = '620623', now = '2026-11-24T02:00:30.000Z' }: { readonly division?: string; readonly now?: string } = {}) {
  const passed = belongsHere(division, source) ? {} : { passedOn: true, whole: true };
  return writeClaims({ sql, now, today: '2026-11-24', personKey: testPersonKey, belongsHere: (own) => belongsHere(division, own), ...('passedOn' in passed ? { origin: 'another hub' } : {}) }, person, source, [{ key, version, at: now, ...passed, values: values as never }]);
}

/** Identity numbers that are well-formed and nobody's in the tests' county. */
export function idNumber(n: number): string {
  return idNumberWithCheck(`62062319800101${String(100 + n)}`);
}
