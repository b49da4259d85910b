/**
 * Random policies: what was granted, denied and bounded, for every caller of the random operations, and the rows that bounds read:
 * sealed persons, a list of subjects, authorizations, an open case.
 */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/db/open.ts';
import { isPersonal } from '../../src/sharing/catalog.ts';
import type { Catalog, CatalogItem } from '../../src/sharing/catalog.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { Denial, GrantTuple, Policy, Territory } from '../../src/sharing/grant.ts';
import { masksFor } from '../../src/sharing/mask.ts';
import type { Bound, Use } from '../../src/sharing/terms.ts';
import { callers, testMatter } from '../world/callers.ts';
import { testPersonKey } from '../world/hub.ts';
import type { Data } from './data.ts';
import { randomFrom } from './mess.ts';

/** What bounds read beside the records. */
export interface PolicyFacts {
  /** Code of a seal → key of the person. */
  readonly seals: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of subjects who have authorized any of the callers. */
  readonly authorized: ReadonlySet<string>;
  /** Keys of the subjects of the one open case. */
  readonly caseKeys: ReadonlySet<string>;
}

/** Nobody sealed, listed, authorized or subject of a case. */
export const noFacts: PolicyFacts = { seals: new Map(), lists: new Map(), authorized: new Set(), caseKeys: new Set() };

/** Number of the open case. */
export const caseNo = 'D-1';

/** How many policies there are; number 0 is none. */
export const policyCount = 24;

const list = 'D-LIST';

/** Writes down whom bounds are about, drawn from the rows. */
export async function makeFacts({ sql }: Database, data: Data, seed: number): Promise<PolicyFacts> {
  const random = randomFrom(seed + 1);
  const persons = (data.get('Person')?.current ?? []).filter((row) => row['personKey'] !== null);
  const entities = (data.get('LegalEntity')?.current ?? []).filter((row) => row['uscc'] !== null);
  const some = (share: number): string[] => [
    ...persons.filter(() => random() < share).flatMap((row) => [String(row['personKey']), testPersonKey(String(row['idNumber']))]),
    ...entities.filter(() => random() < share).map((row) => String(row['uscc'])),
  ];
  const seals = new Map(persons.filter(() => random() < 0.08).slice(-12).map((row, n) => [`D-S${n}`, String(row['personKey'])]));
  const [listed, authorized, ended, caseKeys] = [some(0.4), some(0.3), some(0.2), some(0.5)];
  const id = randomUUID();
  for (const [code, key] of seals) await sql`insert into seal (code, person_key, because) values (${code}, ${key}, '保护')`;
  await sql`insert into subject_list (code, name) values (${list}, '名单')`;
  await sql`insert into subject_list_member (list_code, subject_key) select ${list}, key from unnest(${listed}::text[]) key on conflict do nothing`;
  await sql`insert into service_case (id, matter_code, case_no, opened_by, opened_at, deadline) values (${id}, ${testMatter}, ${caseNo}, 'test-authority', '2026-11-01T00:00:00Z', '2027-01-01')`;
  await sql`insert into case_subject (case_id, subject_key, relation) select ${id}, key, 'SUBJECT' from unnest(${caseKeys}::text[]) key on conflict do nothing`;
  for (const name of Object.keys(callers)) {
    const authorize = (keys: readonly string[], to: string) => sql`
      insert into holder_authorization (id, subject_key, consumer_code, valid_from, valid_to)
      select gen_random_uuid(), key, ${`test-${name}`}, '2026-01-01T00:00:00Z', ${to}::timestamptz from unnest(${[...keys]}::text[]) key`;
    await authorize(authorized, '2027-01-01T00:00:00Z');
    await authorize(ended, '2026-02-01T00:00:00Z');
  }
  return { seals, lists: new Map([[list, new Set(listed)]]), authorized: new Set(authorized), caseKeys: new Set(caseKeys) };
}

/** The random policies, number 0 first. */
export function makePolicies(catalog: Catalog, data: Data, facts: PolicyFacts, seed: number): readonly Policy[] {
  return [noPolicy, ...Array.from({ length: policyCount - 1 }, (_, n) => new PolicyMaker(catalog, data, facts, randomFrom(seed * 31 + n)).policy(`random-${n + 1}`))];
}

/** A policy with a part of another's grants, and the same denials, territory and seals. */
export function lesserThan(policy: Policy, seed: number): Policy {
  const random = randomFrom(seed + 2);
  const tuples = [...policy.tuples].map(([item, own]): [string, readonly GrantTuple[]] => [item, own.filter(() => random() < 0.6)]);
  return { ...policy, version: `${policy.version}, lesser`, tuples: new Map(tuples) };
}

const everyUse: readonly Use[] = ['read', 'find', 'key', 'exist', 'verify'];

class PolicyMaker {
  readonly #catalog: Catalog;
  readonly #facts: PolicyFacts;
  readonly #random: () => number;
  readonly #bounds: readonly Bound[];

  constructor(catalog: Catalog, data: Data, facts: PolicyFacts, random: () => number) {
    this.#catalog = catalog;
    this.#facts = facts;
    this.#random = random;
    const values = (type: string, field: string) => [...new Set((data.get(type)?.current ?? []).map((row) => row[field]).filter((value) => typeof value === 'string'))].sort();
    const codes = (type: string, field: string) => this.#some(values(type, field), 0.5).map((code) => (this.#chance(0.3) ? code.slice(0, 9) : code));
    this.#bounds = [
      { kind: 'ownRows', department: callers.police }, { kind: 'ownRows', department: callers.civilAffairs },
      { kind: 'division', by: 'RESIDENCE', codes: codes('Person', 'residenceDivisionCode') }, { kind: 'division', by: 'REGISTRATION', codes: codes('Person', 'registeredDivisionCode') },
      { kind: 'division', by: 'LOCATION', codes: [...codes('Building', 'divisionCode'), ...codes('StandardAddress', 'divisionCode'), '620623'] },
      { kind: 'category', codes: codes('LegalEntity', 'category') }, { kind: 'registrar', codes: codes('LegalEntity', 'registrarCode') },
      { kind: 'list', list }, { kind: 'list', list: 'no such list' }, { kind: 'authorization' }, { kind: 'case' },
    ];
  }

  policy(version: string): Policy {
    const share = 0.35 + 0.6 * this.#random();
    const bounded = this.#random();
    const tuples = new Map([...this.#catalog.items()].filter(() => this.#chance(share)).map((item): [string, readonly GrantTuple[]] => [item.code, this.#several(() => this.#tuple(item, bounded))]));
    const denials = new Map([...this.#catalog.codes()].filter(() => this.#chance(0.02)).map((code): [string, Denial] => [code, { code: `D-${code}`, because: '越权' }]));
    return { version, tuples, denials, territory: this.#chance(0.4) ? this.#several(() => this.#territory()) : [], seals: this.#some([...this.#facts.seals.keys()], this.#chance(0.5) ? 0.5 : 0) };
  }

  #tuple(item: CatalogItem, bounded: number): GrantTuple {
    const masks = masksFor(item.mask).filter(() => item.mask !== 'COORDINATES');
    const mask = masks.length > 0 && this.#chance(0.4) ? this.#one(masks) : null;
    const chosen = mask === null ? this.#some(everyUse, 0.8) : ['read' as const];
    return {
      approvalNo: `A-${Math.floor(this.#random() * 90)}`, item: item.code, uses: chosen, mask, quotaPerDay: null,
      modes: this.#chance(0.9) ? ['QUERY'] : ['BATCH'], bounds: this.#chance(bounded) ? this.#several(() => this.#one(this.#bounds)) : [],
      matters: isPersonal(item) && this.#chance(0.1) ? ['another matter'] : null,
      validFrom: this.#chance(0.97) ? '2026-01-01T00:00:00.000Z' : '2026-12-01T00:00:00.000Z', validTo: this.#chance(0.9) ? null : this.#one(['2026-11-24T02:01:00.000Z', '2026-11-24T02:01:00.001Z']),
    };
  }

  #territory(): Territory {
    return { types: this.#chance(0.5) ? null : ['Person', 'LegalEntity', 'Certificate', 'Building', 'Residence'].filter(() => this.#chance(0.5)), within: this.#several(() => this.#one(this.#bounds.filter(({ kind }) => kind !== 'case'))) };
  }

  #several<T>(make: () => T): readonly T[] {
    return Array.from({ length: this.#one([1, 1, 1, 2, 3]) }, make);
  }

  #some<T>(from: readonly T[], share: number): T[] {
    return from.filter(() => this.#chance(share));
  }

  #one<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  #chance(part: number): boolean {
    return this.#random() < part;
  }
}
