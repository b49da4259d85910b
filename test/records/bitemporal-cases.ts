/**
 * Bitemporal cases in words: what sources said on which day, and what the hub answers at which lenses. Data only, so that
 * the tables, the pure timeline and GraphQL can be asked the same questions. Every case has people and households of its
 * own, all steps lie before `end`, and a case's steps are in the order of time.
 */
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import type { SourceClaim } from '../../src/records/write.ts';

/** A source says something on a civil day; at 10 o'clock in Shanghai unless `now` says when. */
export interface Says {
  readonly on: string;
  readonly now?: string;
  readonly type?: string;
  readonly source?: string;
  readonly claim: SourceClaim;
}

/** Midnight has passed: the due-queue is run on that day. */
export interface Midnight {
  readonly bring: string;
}

/** A question. Without lenses it is asked of the current row, at its place among the steps or at `end`. */
export interface Question {
  readonly type?: string;
  /** The natural key of the record that is asked for `field`; `null` expected = no value, `undefined` expected = no such record. */
  readonly key?: string;
  /** Or: the `field` of all records whose `where` has this value, sorted. */
  readonly where?: readonly [field: string, value: string];
  readonly field: string;
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly expected: string | null | undefined | readonly string[];
}

export interface BitemporalCase {
  readonly words: string;
  readonly steps: readonly (Says | Midnight | { readonly ask: Question })[];
  readonly questions: readonly Question[];
}

/** The clock after the last step of every case. */
export const end = { today: '2026-06-10', now: '2026-06-10T04:00:00.000Z' } as const;

/** The instant at which a source speaks on a day. */
export const morning = (on: string): string => `${on}T02:00:00.000Z`;

const noon = (on: string): string => `${on}T04:00:00.000Z`;

const police = '620623-GA';
const civilAffairs = '620623-MZ';

let people = 0;
const newNumber = (): string => idNumberWithCheck(`62232319800101${String(++people).padStart(3, '0')}`);

type Told = Omit<SourceClaim, 'key' | 'at' | 'version'> & { readonly version?: string };

/** Builds a case about one person; the claims' versions count up unless told. */
function about(words: string, make: (person: {
  readonly id: string;
  says(on: string, told: Told, more?: Partial<Says>): Says;
  asks(field: string, expected: Question['expected'], lenses?: { asOf?: string; knownAt?: string }): Question;
}) => Pick<BitemporalCase, 'steps' | 'questions'>): BitemporalCase {
  const id = newNumber();
  let version = 0;
  return {
    words,
    ...make({
      id,
      says: (on, told, more = {}) => ({ on, ...more, claim: { key: id, at: more.now ?? morning(on), version: String(++version), ...told } }),
      asks: (field, expected, lenses = {}) => ({ key: id, field, expected, ...lenses }),
    }),
  };
}

const born = (id: string, more: Readonly<Record<string, unknown>> = {}): Told =>
  ({ effectiveFrom: '1980-01-01', values: { idNumber: id, name: '扎西', residenceAddress: '华藏寺镇', ...more } });

export const bitemporalCases: readonly BitemporalCase[] = [
  about('a new record was valid from its first day, and known from the day it was told', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id))],
    questions: [asks('name', '扎西'), asks('name', '扎西', { asOf: '1980-01-01' }), asks('name', undefined, { asOf: '1979-12-31' }), asks('name', undefined, { knownAt: noon('2026-01-31') }), asks('name', '扎西', { knownAt: morning('2026-02-01') })],
  })),
  about('a change holds from the day it is told unless it says another', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { values: { residenceAddress: '打柴沟镇' } })],
    questions: [asks('residenceAddress', '打柴沟镇'), asks('residenceAddress', '打柴沟镇', { asOf: '2026-03-01' }), asks('residenceAddress', '华藏寺镇', { asOf: '2026-02-28' }), asks('name', '扎西', { asOf: '2026-03-01' })],
  })),
  about('a change told late reaches back to its day, but was not known before', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-05-01', { effectiveFrom: '2026-03-15', values: { residenceAddress: '打柴沟镇' } })],
    questions: [asks('residenceAddress', '打柴沟镇', { asOf: '2026-03-15' }), asks('residenceAddress', '华藏寺镇', { asOf: '2026-03-14' }), asks('residenceAddress', '华藏寺镇', { asOf: '2026-03-15', knownAt: noon('2026-04-30') }), asks('residenceAddress', '打柴沟镇', { asOf: '2026-03-15', knownAt: noon('2026-05-01') })],
  })),
  about('a correction of a closed past changes those days and not the present', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-04-01', { effectiveFrom: '2000-01-01', effectiveTo: '2005-01-01', values: { residenceAddress: '天堂镇' } })],
    questions: [asks('residenceAddress', '华藏寺镇'), asks('residenceAddress', '天堂镇', { asOf: '2004-12-31' }), asks('residenceAddress', '华藏寺镇', { asOf: '2005-01-01' }), asks('residenceAddress', '华藏寺镇', { asOf: '1999-12-31' }), asks('residenceAddress', '华藏寺镇', { asOf: '2003-01-01', knownAt: noon('2026-03-31') })],
  })),
  about('a correction that is taken back leaves the past as it was, and remembers what was believed meanwhile', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { effectiveFrom: '2000-01-01', effectiveTo: '2005-01-01', values: { name: '才让' } }), says('2026-04-01', { effectiveFrom: '2000-01-01', effectiveTo: '2005-01-01', values: { name: '扎西' } })],
    questions: [asks('name', '扎西', { asOf: '2002-01-01' }), asks('name', '才让', { asOf: '2002-01-01', knownAt: noon('2026-03-20') }), asks('name', '扎西', { asOf: '2002-01-01', knownAt: noon('2026-02-20') })],
  })),
  about('a correction that comes again after a newer one does not undo it', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { version: '11', effectiveFrom: '2000-01-01', effectiveTo: '2005-01-01', values: { name: '才让' } }), says('2026-03-02', { version: '12', effectiveFrom: '2000-01-01', effectiveTo: '2005-01-01', values: { name: '多杰' } }), says('2026-03-03', { version: '11', effectiveFrom: '2000-01-01', effectiveTo: '2005-01-01', values: { name: '才让' } })],
    questions: [asks('name', '多杰', { asOf: '2002-01-01' }), asks('name', '扎西')],
  })),
  about('a change for a day to come is in the future at once and current from its midnight', ({ id, says, asks }) => ({
    steps: [
      says('2026-02-01', born(id)), says('2026-03-01', { effectiveFrom: '2026-03-10', values: { residenceAddress: '打柴沟镇' } }),
      { ask: asks('residenceAddress', '华藏寺镇') }, { ask: asks('residenceAddress', '打柴沟镇', { asOf: '2026-03-10' }) },
      { bring: '2026-03-09' }, { ask: asks('residenceAddress', '华藏寺镇') }, { bring: '2026-03-10' }, { ask: asks('residenceAddress', '打柴沟镇') },
    ],
    questions: [asks('residenceAddress', '打柴沟镇'), asks('residenceAddress', '华藏寺镇', { asOf: '2026-03-09' })],
  })),
  about('two changes for days to come become current one after the other', ({ id, says, asks }) => ({
    steps: [
      says('2026-02-01', born(id)), says('2026-03-01', { effectiveFrom: '2026-03-10', values: { residenceAddress: '甲' } }), says('2026-03-02', { effectiveFrom: '2026-03-20', values: { residenceAddress: '乙' } }),
      { bring: '2026-03-12' }, { ask: asks('residenceAddress', '甲') }, { bring: '2026-03-20' }, { ask: asks('residenceAddress', '乙') },
    ],
    questions: [asks('residenceAddress', '甲', { asOf: '2026-03-19' }), asks('residenceAddress', '乙', { asOf: '2026-03-20' })],
  })),
  about('a hub that slept over several midnights wakes up with the last of them', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { effectiveFrom: '2026-03-10', values: { phone: '1' } }), says('2026-03-02', { effectiveFrom: '2026-03-20', values: { phone: '2' } }), { bring: '2026-05-05' }, { ask: asks('phone', '2') }],
    questions: [asks('phone', '1', { asOf: '2026-03-15' }), asks('phone', null, { asOf: '2026-03-09' })],
  })),
  about('a change planned for a day to come is withdrawn before that day', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { effectiveFrom: '2026-03-10', values: { residenceAddress: '打柴沟镇' } }), says('2026-03-05', { effectiveFrom: '2026-03-10', values: { residenceAddress: '华藏寺镇' } }), { bring: '2026-03-10' }, { ask: asks('residenceAddress', '华藏寺镇') }],
    questions: [asks('residenceAddress', '华藏寺镇', { asOf: '2026-03-11' }), asks('residenceAddress', '打柴沟镇', { asOf: '2026-03-11', knownAt: noon('2026-03-02') })],
  })),
  about('a write after an unseen midnight finds the record where that day left it', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { effectiveFrom: '2026-03-10', values: { residenceAddress: '打柴沟镇' } }), says('2026-03-11', { values: { phone: '139' } }), { ask: asks('residenceAddress', '打柴沟镇') }, { ask: asks('phone', '139') }],
    questions: [asks('residenceAddress', '打柴沟镇'), asks('phone', null, { asOf: '2026-03-10' })],
  })),
  about('a correction of the past after an unseen midnight does not make the hub forget that midnight', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { effectiveFrom: '2026-03-10', values: { residenceAddress: '打柴沟镇' } }), says('2026-03-11', { effectiveFrom: '2000-01-01', effectiveTo: '2001-01-01', values: { phone: '139' } }), { ask: asks('residenceAddress', '打柴沟镇') }],
    questions: [asks('residenceAddress', '打柴沟镇'), asks('phone', '139', { asOf: '2000-06-01' }), asks('phone', null)],
  })),
  about('something for a while: it is over when its last day is', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { effectiveTo: '2026-04-01', values: { residenceAddress: '临时' } }), { ask: asks('residenceAddress', '临时') }, { bring: '2026-04-01' }, { ask: asks('residenceAddress', '华藏寺镇') }],
    questions: [asks('residenceAddress', '临时', { asOf: '2026-03-31' }), asks('residenceAddress', '华藏寺镇', { asOf: '2026-04-01' })],
  })),
  about('a deleted record is gone from its day, its past stays', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-04-01', { deleted: true, values: {} }), { ask: asks('name', undefined) }],
    questions: [asks('name', undefined), asks('name', '扎西', { asOf: '2026-03-31' }), asks('name', undefined, { asOf: '2026-04-01' }), asks('name', '扎西', { knownAt: noon('2026-03-31'), asOf: '2026-04-01' })],
  })),
  about('a deletion for a day to come takes the record away on that midnight', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-04-01', { deleted: true, effectiveFrom: '2026-04-10', values: {} }), { ask: asks('name', '扎西') }, { bring: '2026-04-10' }, { ask: asks('name', undefined) }],
    questions: [asks('name', undefined), asks('name', '扎西', { asOf: '2026-04-09' })],
  })),
  about('a record that comes again starts from what is told then, under its old id', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id, { phone: '139' })), says('2026-03-01', { deleted: true, values: {} }), says('2026-04-01', { values: { idNumber: id, name: '扎西顿珠' } })],
    questions: [asks('name', '扎西顿珠'), asks('phone', null), asks('name', undefined, { asOf: '2026-03-15' }), asks('phone', '139', { asOf: '2026-02-15' })],
  })),
  about('a record deleted by mistake is told again for the same days: only the hub\'s own memory knows', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { deleted: true, effectiveFrom: '1980-01-01', values: {} }), says('2026-03-05', born(id))],
    questions: [asks('name', '扎西', { asOf: '2026-03-02' }), asks('name', undefined, { asOf: '2000-01-01', knownAt: noon('2026-03-03') }), asks('name', '扎西', { asOf: '2000-01-01', knownAt: noon('2026-02-03') })],
  })),
  about('a record for a day to come is nobody until that midnight', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', { ...born(id), effectiveFrom: '2026-02-20' }), { ask: asks('name', undefined) }, { ask: asks('name', '扎西', { asOf: '2026-02-20' }) }, { bring: '2026-02-20' }, { ask: asks('name', '扎西') }],
    questions: [asks('name', '扎西'), asks('name', undefined, { asOf: '2026-02-19' })],
  })),
  about('two changes at one instant: what was between them was never known', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id)), says('2026-03-01', { values: { phone: '1' } }), says('2026-03-01', { values: { phone: '2' } })],
    questions: [asks('phone', '2', { asOf: '2026-03-01', knownAt: morning('2026-03-01') }), asks('phone', null, { asOf: '2026-03-01', knownAt: '2026-03-01T01:59:59.999Z' })],
  })),
  about('a field that was told and is told to be empty is empty from that day', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id, { phone: '139' })), says('2026-03-01', { values: { phone: null } })],
    questions: [asks('phone', null), asks('phone', '139', { asOf: '2026-02-28' })],
  })),
  about('the better source wins from the day it speaks, the other before', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id, { maritalStatusCode: '10' })), says('2026-03-01', { version: '1', values: { idNumber: id, maritalStatusCode: '20' } }, { source: civilAffairs }), says('2026-04-01', { values: { maritalStatusCode: '90' } })],
    questions: [asks('maritalStatusCode', '20'), asks('maritalStatusCode', '10', { asOf: '2026-02-28' }), asks('name', '扎西', { asOf: '2026-04-01' })],
  })),
  about('when the better source withdraws, what the other says shows again from that day', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', born(id, { maritalStatusCode: '10' })), says('2026-03-01', { version: '1', values: { idNumber: id, maritalStatusCode: '20' } }, { source: civilAffairs }), says('2026-04-01', { version: '2', deleted: true, values: {} }, { source: civilAffairs })],
    questions: [asks('maritalStatusCode', '10'), asks('maritalStatusCode', '20', { asOf: '2026-03-31' }), asks('maritalStatusCode', '10', { asOf: '2026-02-20' })],
  })),
  about('a late arrival of an old version changes nothing', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', { ...born(id), version: '5' }), says('2026-03-01', { version: '4', values: { name: '旧' } })],
    questions: [asks('name', '扎西'), asks('name', '扎西', { asOf: '2026-03-01' })],
  })),
  about('a record is told to have begun earlier: those days hold what was told of them and no more', ({ id, says, asks }) => ({
    steps: [says('2026-02-01', { ...born(id), effectiveFrom: '1990-01-01' }), says('2026-03-01', { effectiveFrom: '1985-01-01', effectiveTo: '1990-01-01', values: { idNumber: id, name: '小扎西' } })],
    questions: [asks('name', '小扎西', { asOf: '1987-01-01' }), asks('residenceAddress', null, { asOf: '1987-01-01' }), asks('name', undefined, { asOf: '1984-12-31' }), asks('name', undefined, { asOf: '1987-01-01', knownAt: noon('2026-02-15') })],
  })),
  about('a number that was wrong is corrected: under the old one the record was known, not is', ({ id, says, asks }) => {
    const right = newNumber();
    return {
      steps: [says('2026-02-01', born(id)), says('2026-03-01', { effectiveFrom: '1980-01-01', values: { idNumber: right } })],
      questions: [asks('name', undefined), { key: right, field: 'name', expected: '扎西' }, { key: right, field: 'name', asOf: '2000-01-01', expected: '扎西' }, asks('name', '扎西', { asOf: '2000-01-01', knownAt: noon('2026-02-15') })],
    };
  }),
  movedEdge(),
  mergedHouseholds(),
];

/** A person moves from one household to another: both households' members are read by both lenses. */
function movedEdge(): BitemporalCase {
  const of = (household: string, expected: readonly string[], lenses: { asOf?: string; knownAt?: string } = {}): Question => ({ where: ['householdNo', household], field: 'name', expected, ...lenses });
  return about('a moved edge: the person is a member of the old household before the day of the move, of the new one from it', ({ id, says, asks }) => {
    const wife = newNumber();
    const household = (no: string): Says => ({ on: '2026-02-01', type: 'Household', claim: { key: no, version: '1', at: morning('2026-02-01'), effectiveFrom: '1990-01-01', values: { householdNo: no, status: '在册' } } });
    return {
      steps: [
        household('户甲'), household('户乙'),
        says('2026-02-01', born(id, { householdNo: '户甲' })),
        { on: '2026-02-01', source: police, claim: { key: wife, version: '1', at: morning('2026-02-01'), ...born(wife, { householdNo: '户甲', name: '卓玛' }) } },
        { ask: of('户甲', ['卓玛', '扎西']) },
        says('2026-05-10', { effectiveFrom: '2026-05-01', values: { householdNo: '户乙' } }),
        { ask: of('户甲', ['卓玛']) }, { ask: of('户乙', ['扎西']) },
      ],
      questions: [
        asks('householdNo', '户乙'), asks('householdNo', '户甲', { asOf: '2026-04-30' }),
        of('户甲', ['卓玛']), of('户乙', ['扎西']),
        of('户甲', ['卓玛', '扎西'], { asOf: '2026-04-30' }), of('户乙', [], { asOf: '2026-04-30' }), of('户乙', ['扎西'], { asOf: '2026-05-01' }),
        of('户甲', ['卓玛', '扎西'], { asOf: '2026-05-05', knownAt: noon('2026-05-09') }), of('户乙', [], { asOf: '2026-05-05', knownAt: noon('2026-05-09') }),
        { type: 'Household', key: '户甲', field: 'status', expected: '在册', asOf: '2000-01-01' },
      ],
    };
  });
}

/** An edge that is planned to move and is deleted with its record before. */
function mergedHouseholds(): BitemporalCase {
  const of = (household: string, expected: readonly string[], lenses: { asOf?: string; knownAt?: string } = {}): Question => ({ where: ['householdNo', household], field: 'name', expected, ...lenses });
  return about('an edge planned to move, and the record deleted before that day: nobody moves', ({ id, says }) => ({
    steps: [
      says('2026-02-01', born(id, { householdNo: '户丙' })), says('2026-03-01', { effectiveFrom: '2026-03-20', values: { householdNo: '户丁' } }),
      { ask: of('户丁', []) }, { ask: of('户丁', ['扎西'], { asOf: '2026-03-20' }) },
      says('2026-03-10', { deleted: true, values: {} }), { bring: '2026-03-20' }, { ask: of('户丁', []) },
    ],
    questions: [of('户丁', [], { asOf: '2026-03-21' }), of('户丁', ['扎西'], { asOf: '2026-03-21', knownAt: noon('2026-03-05') }), of('户丙', ['扎西'], { asOf: '2026-03-09' }), of('户丙', [])],
  }));
}
