/**
 * One errand of a matter in five situations: all is held; something is missing; something is not as it was said; something is withheld
 * from the department; the city is away. What is expected is written in the words of the matter: facts and papers.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/sharing/grant.ts';
import { CityError } from '../../../src/sync/city.ts';
import type { CityLookUp, LookUpOf } from '../../../src/sync/city.ts';
import { idNumberWithCheck, orgCodeWithCheck, usccWithCheck } from '../../../src/registries/identifiers/index.ts';
import { clonedHub } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { definitions, grantEverything, handlerOf, registerApplications } from './departments.ts';
import type { Application } from './departments.ts';
import { tell, told } from './town.ts';
import type { Told } from './town.ts';

/** Whom a look-up is about. */
export interface Subject {
  readonly role: string;
  readonly idNumber?: string;
  readonly uscc?: string;
  readonly key?: string;
}

/** What differs from the situation in which all is held: by fact, its status; and the papers that are to be brought for it. */
export interface Difference {
  readonly facts: Readonly<Record<string, string>>;
  readonly bring: readonly string[];
}

/** An errand. */
export interface Errand {
  readonly matter: string;
  readonly subjects: readonly Subject[];
  readonly claims: Readonly<Record<string, string>>;
  /** Every fact when all is held: a status of several facts in a row. */
  readonly held: Readonly<Partial<Record<'HELD' | 'MATCH' | 'TRUE' | 'FALSE' | 'NOT_HELD' | 'PENDING' | 'UNKNOWN', string>>>;
  /** Papers that are to be brought even then. */
  readonly brings?: readonly string[];
  /** Papers that wait for a desk. */
  readonly waits?: readonly string[];
  /** What a department does not have any more. */
  readonly missing: Difference & { readonly without: readonly Told[] };
  /** What is said otherwise, or what a department has come to tell. */
  readonly mismatching: Difference & { readonly claims?: Readonly<Record<string, string>>; readonly tells?: readonly Told[] };
  /** Items that the department was not granted. */
  readonly withheld: Difference & { readonly items: readonly string[] };
}

interface FactJson {
  readonly code: string;
  readonly index: number;
  readonly status: string;
  readonly because: string | null;
}
interface LookupJson {
  readonly facts: readonly FactJson[];
  readonly papers: { readonly asked: readonly string[]; readonly saved: readonly string[]; readonly pending: readonly string[]; readonly toBring: readonly { readonly paper: string; readonly because: readonly string[] }[] };
}

/** The city's hub: it has what these tests give it, and it can be away. */
class City implements CityLookUp {
  away = false;
  has: readonly Told[] = [];
  lookUp(_purpose: unknown, of: readonly LookUpOf[]) {
    if (this.away) return Promise.reject(new CityError('UNREACHABLE', 'It is away.'));
    return Promise.resolve(of.map(({ type, keys, fields }) => ({
      shown: fields, refused: null,
      records: this.has.filter((one) => one.type === type && keys.includes(one.key)).map(({ source, key, values }) => ({
        key, id: `city-${key}`, hidden: [], sources: [{ source, key, version: '1', changedAt: '2026-11-01T00:00:00Z', deleted: false, effectiveFrom: '2026-01-01', effectiveTo: null, values: Object.fromEntries(Object.entries(values).filter(([field]) => fields.includes(field))) }],
      })),
    })));
  }
}

const document = `query ($subjects: [LookupSubjectInput!]!, $claims: [LookupClaimInput!]!) { lookup(subjects: $subjects, claims: $claims) {
  facts { code index status because } papers { asked saved pending toBring { paper because } } } }`;
const name = ({ code, index }: FactJson): string => (index === 0 ? code : `${code}#${index}`);

/** Runs the errands of one file on a hub of its own. */
export function errandsOf(errands: readonly Errand[]): void {
  const city = new City();
  let clock = new Date('2026-11-24T02:01:00.000Z');
  let hub: TestHub;
  let cases = 0;
  beforeAll(async () => {
    hub = await clonedHub({ city, now: () => clock });
    await registerApplications(hub);
    for (const application of new Set(errands.map(({ matter }) => handlerOf(matter)))) await grantEverything(hub, application);
    await tell(hub, told);
  }, 120_000);
  afterAll(() => hub?.close());

  /** The clerk opens a case about the people and bodies among the subjects, and looks up once. */
  async function lookUp({ matter, subjects, claims }: Pick<Errand, 'matter' | 'subjects' | 'claims'>, own: { readonly policy?: Policy; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<LookupJson> {
    cases += 1;
    const [clerk, caseNo] = [handlerOf(matter), `E-${cases}`];
    const about = subjects.filter(({ key }) => key === undefined).map(({ idNumber, uscc }) => ({ idNumber, uscc }));
    const opened = await hub.ask(clerk, 'mutation ($matter: String!, $caseNo: String!, $subjects: [SubjectInput!]!) { openCase(matter: $matter, caseNo: $caseNo, subjects: $subjects) { caseNo } }', { variables: { matter, caseNo, subjects: about }, headers: { 'hub-matter': matter } });
    expect(opened.errors).toEqual([]);
    const answer = await hub.ask(clerk, document, { variables: { subjects, claims: Object.entries(claims).map(([claim, value]) => ({ name: claim, value })) }, ...own, headers: { 'hub-matter': matter, 'hub-case': caseNo, ...own.headers } });
    expect(answer.errors).toEqual([]);
    return (answer.data as unknown as { readonly lookup: LookupJson }).lookup;
  }

  const statuses = ({ facts }: LookupJson): Readonly<Record<string, string>> => Object.fromEntries(facts.map((fact) => [name(fact), fact.status]));
  const brought = ({ papers }: LookupJson): readonly string[] => papers.toBring.map(({ paper }) => paper).sort();
  const heldOf = ({ held }: Errand): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(held).flatMap(([status, facts]) => facts.split(' ').map((fact) => [fact, status])));
  /** What it comes to: as when all is held, but for the difference. */
  function expectDifference(lookup: LookupJson, errand: Errand, { facts, bring }: Difference): void {
    expect(statuses(lookup)).toEqual({ ...heldOf(errand), ...facts });
    expect(brought(lookup)).toEqual([...new Set([...(errand.brings ?? []), ...bring])].sort());
    for (const { status, because } of lookup.facts) if (!['HELD', 'MATCH', 'TRUE', 'FALSE'].includes(status)) expect(because).toBeTruthy();
  }
  /** What was decided about the application, without these items. */
  function without(application: Application, items: readonly string[]): Policy {
    const { standing } = hub;
    const consumer = standing.consumer(`test-${application}`);
    if (consumer === undefined) throw new Error(`There is no ${application}.`);
    const policy = standing.policyOf(consumer);
    return { ...policy, version: `${policy.version} without ${items.join()}`, tuples: new Map([...policy.tuples].filter(([item]) => !items.includes(item))) };
  }

  describe.each(errands.map((errand) => ({ matter: errand.matter, errand })))('$matter', ({ errand }) => {
    const { matter, missing, mismatching, withheld, waits = [], brings = [] } = errand;

    it('all is held: no paper is asked for that a register replaces', async () => {
      const lookup = await lookUp(errand);
      expectDifference(lookup, errand, { facts: {}, bring: [] });
      expect(lookup.papers.pending).toEqual(waits);
      expect([...lookup.papers.saved].sort()).toEqual(lookup.papers.asked.filter((paper) => !waits.includes(paper) && !brings.includes(paper)).sort());
    });

    it('something is missing: its paper is to be brought', async () => {
      await tell(hub, missing.without.map((one) => ({ ...one, deleted: true })));
      const lookup = await lookUp(errand);
      await tell(hub, missing.without);
      expectDifference(lookup, errand, missing);
    });

    it('something is otherwise than it was said', async () => {
      const { tells = [], claims = {} } = mismatching;
      await tell(hub, tells);
      const lookup = await lookUp({ ...errand, claims: { ...errand.claims, ...claims } });
      await tell(hub, tells.map((one) => told.find(({ type, key }) => type === one.type && key === one.key) ?? { ...one, deleted: true }));
      expectDifference(lookup, errand, mismatching);
    });

    it('something is withheld: the fact is, whole, and the clerk is told which item', async () => {
      const lookup = await lookUp(errand, { policy: without(handlerOf(matter), withheld.items) });
      expectDifference(lookup, errand, withheld);
      for (const { status, because } of lookup.facts) if (status === 'WITHHELD') expect(withheld.items.some((item) => because?.includes(item))).toBe(true);
    });

    it('the city is away: of a stranger nothing is said to be absent, and of an old copy what it says is said to be old', async () => {
      const { subjects, claims } = strangers(errand);
      city.away = true;
      const unreachable = await lookUp({ matter, subjects, claims });
      const machine = new Set(definitions.get(matter)?.facts.flatMap(({ code, form }) => (form === 'DESK' ? [] : [code])));
      for (const { code, status } of unreachable.facts) expect([code, status]).toEqual([code, machine.has(code) ? 'SOURCE_UNREACHABLE' : 'PENDING']);
      expect([unreachable.papers.saved, brought(unreachable).length + unreachable.papers.pending.length]).toEqual([[], unreachable.papers.asked.length]);
      city.away = false;
      city.has = subjects.flatMap(copyOf);
      await lookUp({ matter, subjects, claims });
      clock = new Date(clock.getTime() + 90_000);
      city.away = true;
      const old = await lookUp({ matter, subjects, claims }, { headers: { 'hub-max-age': '60' } });
      city.away = false;
      const stale = old.facts.filter(({ status }) => status === 'STALE').map(({ code }) => code);
      expect(stale.length).toBeGreaterThan(0);
      // What the city was asked for in vain a moment ago is not asked for again: of that nothing is held.
      for (const fact of old.facts) expect([name(fact), fact.status]).toEqual([name(fact), expect.stringMatching(machine.has(fact.code) ? /^(STALE|NOT_HELD|MISMATCH|UNKNOWN)$/ : /^PENDING$/)]);
      expect(old.papers.saved).toEqual([]);
    });
  });
}

let strange = 0;

/** The same errand of people and bodies of whom the county holds nothing. */
function strangers({ subjects, claims }: Errand): Pick<Errand, 'subjects' | 'claims'> {
  return {
    claims,
    subjects: subjects.map(({ role, idNumber, uscc, key }): Subject => {
      strange += 1;
      const no = String(strange).padStart(3, '0');
      if (idNumber !== undefined) return { role, idNumber: idNumberWithCheck(`62062219850101${no}`) };
      if (uscc !== undefined) return { role, uscc: usccWithCheck(`91620622${orgCodeWithCheck(`MAXXX${no}`)}`) };
      return { role, key: /^[A-Z]/.test(key ?? '') ? `Z620000${no}` : `${(key ?? '').slice(0, -3)}9${no.slice(1)}` };
    }),
  };
}

/** What the city knows of a stranger. */
function copyOf({ idNumber, uscc }: Subject): readonly Told[] {
  if (idNumber !== undefined) return [{ type: 'Person', source: '620600-GA', key: idNumber, values: { idNumber, name: '外乡人', birthDate: '1985-01-01', personStatus: '在籍', registeredDivisionCode: '620622100001', residenceDivisionCode: '620622100001', employmentStatusCode: '27', idCardValidFrom: '2020-01-01', idCardValidTo: '2040-01-01' } }];
  return uscc === undefined ? [] : [{ type: 'LegalEntity', source: '620600-ZS', key: uscc, values: { uscc, name: '外地公司', status: '1', establishedOn: '2019-01-01' } }];
}
