/**
 * The log of policy, row by row: what a row of each kind says, in the judge's terms.
 *
 * Rows are written through use cases that check them, but the tables take whatever an administrator of the database writes: what
 * is not of its form is left out, so that it opens nothing.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { CatalogItem, UpperCondition } from '../sharing/catalog.ts';
import type { Denial, GrantTuple, Policy, Territory } from '../sharing/grant.ts';
import { isMaskName } from '../sharing/mask.ts';
import { sensitivities } from '../sharing/catalog.ts';
import { kinWords, modes, roles, shareTypes, uses } from '../sharing/terms.ts';
import type { Administrator, Bound, Concealment, Consumer, Matter } from '../sharing/terms.ts';

/** One entry of the log. */
export interface PolicyChange {
  readonly seq: string;
  /** The table. */
  readonly kind: string;
  readonly code: string;
  /** The row after the change; null: it is gone. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** A change with the row before it. */
export interface PolicyStep extends PolicyChange {
  readonly was: Readonly<Record<string, unknown>> | null;
}

type Body = Readonly<Record<string, unknown>>;

/** The last row of each kind and code, as it is kept (see `kept`). */
export type PolicyRows = Map<string, Map<string, Body>>;

/** Who holds a key or is meant by a token's subject, and until when (milliseconds since the epoch). */
export interface KeyHolder {
  readonly consumer: string | null;
  readonly administrator: string | null;
  readonly until: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** A moment in the one form in which moments are compared; `fallback` where there is none. */
function instant<T>(value: unknown, fallback: T): string | T {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? fallback : new Date(time).toISOString();
}

/** A word of a closed list; what is none of them is taken for the strictest. */
function wordOf<T extends string>(words: readonly T[], value: unknown, strictest: T): T {
  return words.find((one) => one === value) ?? strictest;
}

export function itemIn(body: Body): CatalogItem {
  const keyShareType = body['key_share_type'] ?? null;
  return {
    code: text(body['code']), name: text(body['name']), ownerDepartment: text(body['owner_department']), kind: body['kind'] as CatalogItem['kind'],
    shareType: wordOf(shareTypes, body['share_type'], 'NOT_SHARED'), condition: text(body['condition']), keyShareType: keyShareType === null ? null : wordOf(shareTypes, keyShareType, 'NOT_SHARED'),
    sensitivity: wordOf(sensitivities, body['sensitivity'], 'S4'), mask: text(body['mask']), updateCycle: text(body['update_cycle']), open: body['open'] === true, standard: text(body['standard']),
  };
}

export function upperConditionIn(body: Body): UpperCondition {
  return { shareType: wordOf(shareTypes, body['share_type'], 'NOT_SHARED'), condition: text(body['condition']) };
}

export function keyIn(body: Body): KeyHolder {
  return { consumer: textOrNull(body['consumer_code']), administrator: textOrNull(body['administrator_code']), until: Math.min(endOf(body['expires_at']), endOf(body['revoked_at'])) };
}

/** When something ends, in milliseconds since the epoch. An end that cannot be read has come. */
function endOf(value: unknown): number {
  if ((value ?? null) === null || value === 'infinity') return Infinity;
  const time = Date.parse(text(value));
  return Number.isNaN(time) ? 0 : time;
}

export function consumerIn(body: Body, departments: ReadonlyMap<string, Body>): Consumer {
  const department = text(body['department_code']);
  const client = textOrNull(body['citizen_portal']);
  const hub = textOrNull(body['hub_division']);
  const perMinute = perMinuteIn(body['requests_per_minute'] ?? null);
  return {
    kind: 'consumer', consumer: text(body['code']), name: text(body['name']), department, departmentName: text(departments.get(department)?.['name']), servicePlatform: body['service_platform'] === true,
    ...(client === null || client === '' ? {} : { citizenPortal: client }), ...(hub === null || !/^\d{6}$/.test(hub) ? {} : { hub }), ...(perMinute === null ? {} : { requestsPerMinute: perMinute }),
  };
}

/** A limit that cannot be read lets nothing through. */
function perMinuteIn(value: unknown): number | null {
  if (value === null) return null;
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 0;
}

/** Null: his role is none that anybody knows, and it opens no door. */
export function administratorIn(body: Body, departments: ReadonlyMap<string, Body>): Administrator | null {
  const department = text(body['department_code']);
  const own = departments.get(department);
  const role = roles.find((one) => one === body['role']);
  return role === undefined ? null : { kind: 'administrator', code: text(body['code']), name: text(body['name']), role, department, departmentName: text(own?.['name']), ofAuthority: own?.['role'] === 'AUTHORITY' };
}

/** Whom a seal is about: the person key. */
export function sealedIn(body: Body): string {
  return text(body['person_key']);
}

/** Days that cannot be read never come. */
export function concealmentIn(body: Body): Concealment {
  const days = body['delay_days'] ?? null;
  const until = textOrNull(body['until']);
  const readable = (days === null || typeof days === 'number') && (until !== null || (body['until'] ?? null) === null);
  return { code: text(body['code']), matter: text(body['matter_code']), consumer: textOrNull(body['consumer_code']), delayDays: readable && typeof days === 'number' ? days : null, until: readable ? until : null };
}

export function matterIn(body: Body): Matter {
  const kin = texts(body['kin']);
  const version = body['published_version'];
  return {
    code: text(body['code']), name: text(body['name']), department: text(body['department_code']), participants: texts(body['participants']),
    kin: kinWords.filter((word) => kin.includes(word)), needsCase: body['needs_case'] !== false,
    ...(typeof version === 'number' ? { publishedVersion: version } : {}),
  };
}

/** A bound as it is written down; null: it is none. */
export function boundIn(value: unknown): Bound | null {
  if (typeof value !== 'object' || value === null) return null;
  const body = value as Body;
  switch (body['kind']) {
    case 'ownRows': return typeof body['department'] === 'string' ? { kind: 'ownRows', department: body['department'] } : null;
    case 'division': {
      const by = (['RESIDENCE', 'REGISTRATION', 'LOCATION'] as const).find((one) => one === body['by']);
      return by === undefined ? null : { kind: 'division', by, codes: texts(body['codes']) };
    }
    case 'category': return { kind: 'category', codes: texts(body['codes']) };
    case 'registrar': return { kind: 'registrar', codes: texts(body['codes']) };
    case 'case': return { kind: 'case' };
    case 'list': return typeof body['list'] === 'string' ? { kind: 'list', list: body['list'] } : null;
    case 'authorization': return { kind: 'authorization' };
    default: return null;
  }
}

function boundsIn(value: unknown): readonly Bound[] | null {
  if (!Array.isArray(value)) return null;
  const bounds = value.map(boundIn);
  return bounds.includes(null) ? null : bounds as readonly Bound[];
}

function tupleIn(value: unknown, approvalNo: string): GrantTuple | null {
  if (typeof value !== 'object' || value === null) return null;
  const body = value as Body;
  const bounds = boundsIn(body['bounds'] ?? []);
  const mask = body['mask'] ?? null;
  const validFrom = instant(body['validFrom'], null);
  const validTo = instant(body['validTo'], null);
  if (bounds === null || validFrom === null || (validTo === null && (body['validTo'] ?? null) !== null)) return null;
  if (mask !== null && !(typeof mask === 'string' && isMaskName(mask))) return null;
  const quotaPerDay = body['quotaPerDay'] ?? null;
  if (quotaPerDay !== null && typeof quotaPerDay !== 'number') return null;
  const [usesIn, modesIn] = [texts(body['uses']), texts(body['modes'])];
  return {
    approvalNo, item: text(body['item']), mask, bounds, validFrom, validTo,
    uses: uses.filter((use) => usesIn.includes(use)), modes: modes.filter((mode) => modesIn.includes(mode)),
    matters: (body['matters'] ?? null) === null ? null : texts(body['matters']), quotaPerDay,
  };
}

/** A territory that cannot be read lets nothing exist. */
function territoryIn(value: unknown): readonly Territory[] {
  if (!Array.isArray(value)) return [{ types: null, within: [] }];
  return value.map((one): Territory => {
    const body = (typeof one === 'object' && one !== null ? one : {}) as Body;
    const types = body['types'] ?? null;
    const named = texts(types);
    // Types that cannot be read may be any.
    if (types !== null && !(Array.isArray(types) && types.length === named.length)) return { types: null, within: [] };
    return { types: types === null ? null : named, within: boundsIn(body['within']) ?? [] };
  });
}

/** The policies of all consumers after changes; those that no change touches stay the objects that they were. */
export function policiesIn(rows: PolicyRows, steps: readonly PolicyStep[], version: string, before: ReadonlyMap<string, Policy> | undefined): ReadonlyMap<string, Policy> {
  const consumers = rows.get('consumer') ?? new Map<string, Body>();
  const touched = before === undefined ? null : touchedConsumers(steps, consumers);
  if (touched?.size === 0) return before as ReadonlyMap<string, Policy>;
  const grants = Map.groupBy(rows.get('sharing_grant')?.values() ?? [], (body) => text(body['consumer_code']));
  const denials = [...(rows.get('denial')?.values() ?? [])];
  const policies = new Map(before);
  for (const [code, body] of touched === null ? consumers : [...touched].map((one) => [one, consumers.get(one)] as const)) {
    if (body === undefined) policies.delete(code);
    else policies.set(code, policyOf(body, grants.get(code) ?? [], denials, version));
  }
  return policies;
}

/** Whom the changes are about, by what each row said before and says after. */
function touchedConsumers(steps: readonly PolicyStep[], consumers: ReadonlyMap<string, Body>): ReadonlySet<string> {
  const touched = new Set<string>();
  for (const { kind, code, body, was } of steps) {
    if (kind === 'consumer') touched.add(code);
    if (kind !== 'sharing_grant' && kind !== 'denial') continue;
    for (const row of [body, was]) {
      if (typeof row?.['consumer_code'] === 'string') touched.add(row['consumer_code']);
      if (typeof row?.['department_code'] === 'string') for (const [consumer, own] of consumers) if (own['department_code'] === row['department_code']) touched.add(consumer);
    }
  }
  return touched;
}

/**
 * A row as it is kept. Tuples are most of all that is kept, and those of most consumers are not looked at for hours: as objects they
 * would be walked through at every collection of garbage.
 */
export function kept(kind: string, body: Body): Body {
  return kind === 'sharing_grant' ? { ...body, tuples: Buffer.from(deflateRawSync(JSON.stringify(body['tuples'] ?? null))) } : body;
}

/** Tuples as the judge reads them, of those consumers for whom they were looked at last. */
const unfolded = new LRUCache<readonly Body[], ReadonlyMap<string, readonly GrantTuple[]>>({ max: 500 });

/** The grants behind each policy that was read. */
const grantsBehind = new WeakMap<Policy, readonly Body[]>();

/** A policy for whoever looks at it once, as at all of a matrix: its tuples are unfolded for him and kept for nobody. */
export function lookedAtOnce(policy: Policy): Policy {
  const grants = grantsBehind.get(policy);
  if (grants === undefined || unfolded.has(grants)) return policy;
  const { version, territory, denials, seals } = policy;
  return { version, territory, denials, seals, tuples: unfold(grants) };
}

function tuplesOf(grants: readonly Body[]): ReadonlyMap<string, readonly GrantTuple[]> {
  const tuples = unfolded.get(grants) ?? unfold(grants);
  unfolded.set(grants, tuples);
  return tuples;
}

function unfold(grants: readonly Body[]): ReadonlyMap<string, readonly GrantTuple[]> {
  const tuples = new Map<string, GrantTuple[]>();
  for (const grant of grants) {
    const written: unknown = JSON.parse(inflateRawSync(grant['tuples'] as Buffer).toString());
    for (const one of Array.isArray(written) ? written : []) {
      const tuple = tupleIn(one, text(grant['approval_no']));
      if (tuple !== null) tuples.set(tuple.item, [...(tuples.get(tuple.item) ?? []), tuple]);
    }
  }
  return tuples;
}

function policyOf(consumer: Body, grants: readonly Body[], denials: readonly Body[], version: string): Policy {
  const own = denials.filter((body) => body['consumer_code'] === consumer['code'] || body['department_code'] === consumer['department_code']);
  const policy: Policy = {
    version, get tuples() { return tuplesOf(grants); }, territory: territoryIn(consumer['territory'] ?? []),
    denials: new Map(own.map((body): [string, Denial] => [text(body['item']), { code: text(body['code']), because: text(body['because']) }])),
    seals: grants.flatMap((grant) => texts(grant['seals'])),
  };
  grantsBehind.set(policy, grants);
  return policy;
}
