/**
 * Writing claims: who is found, what is kept, what is refused. Properties compare the current rows with the golden records
 * made anew from the kept sources, and with the histories.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StatementError } from '../../src/db/failures.ts';
import type { Database } from '../../src/db/open.ts';
import { recompute } from '../../src/records/recompute.ts';
import { currentRows } from '../../src/records/tables.ts';
import { currentOf, knownOf, type Values } from '../../src/records/timeline.ts';
import { normalizeDecimal, normalizeInstant } from '../../src/records/values.ts';
import { writeClaims, type ClaimOutcome, type SourceClaim } from '../../src/records/write.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { cloneDatabase } from '../world/database.ts';
import { contextAt, historyOf, keyOf, model } from './writing.ts';

const police = '620623-GA';
const civil = '620623-MZ';
const today = '2026-06-10';
const Person = model('Person');

let database: Database;
beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database.close());

let clock = Date.parse('2026-06-10T00:00:00.000Z');
/** Each write a second after the one before. */
const write = (claims: readonly SourceClaim[], source = police, of = Person): Promise<ClaimOutcome[]> =>
  writeClaims(contextAt(database, new Date((clock += 1000)).toISOString(), today), of, source, claims);

let people = 0;
const newNumber = (): string => idNumberWithCheck(`62232319750101${String(++people).padStart(3, '0')}`);
const claim = (key: string, version: string, values: Values, more: Partial<SourceClaim> = {}): SourceClaim =>
  ({ key, version, at: '2026-06-01T00:00:00Z', values, ...more });
const row = async (id: string, of = Person): Promise<Values | undefined> => (await currentRows(database.sql, of, [id])).get(id);
const versions = async (id: string, of = Person): Promise<number> => (await historyOf(database, of, id, ['source'])).length;

describe('finding the record', () => {
  test('by source key, by natural key in another source, and in the same batch', async () => {
    const [a, b] = [newNumber(), newNumber()];
    const [one] = await write([claim('p1', '1', { idNumber: a, name: '扎西' })]);
    const [again, other, twin] = await write([claim('m1', '1', { idNumber: a, maritalStatusCode: '20' }), claim('m2', '1', { idNumber: b, maritalStatusCode: '10' }), claim('m3', '1', { idNumber: b })], civil);
    expect(again!.id).toBe(one!.id);
    expect(twin!.id).toBe(other!.id);
    const [later] = await write([claim('p1', '2', { phone: '139' })]);
    expect(later!.id).toBe(one!.id);
    expect(await row(one!.id)).toMatchObject({ name: '扎西', maritalStatusCode: '20', phone: '139', source: police, sourceVersion: '2', provenance: { maritalStatusCode: { source: civil, version: '1' } } });
  });

  test('of two that have a number one after the other, whoever has it today', async () => {
    const number = newNumber();
    const [now] = await write([claim('today-1', '1', { idNumber: number, name: '今' }, { effectiveTo: '2026-12-31' })]);
    const [then] = await write([claim('today-2', '1', { idNumber: newNumber(), name: '后' })]);
    await write([claim('today-2', '2', { idNumber: number }, { effectiveFrom: '2026-12-31' })]);
    const [found] = await write([claim('today-3', '1', { idNumber: number, maritalStatusCode: '20' })], civil);
    expect([found!.id, found!.id === then!.id]).toEqual([now!.id, false]);
  });

  test('a record that was deleted keeps its id when it comes again under another source key', async () => {
    const number = newNumber();
    const [first] = await write([claim('d1', '1', { idNumber: number, name: '甲' }, { effectiveFrom: '2000-01-01' })]);
    await write([claim('d1', '2', {}, { deleted: true })]);
    expect(await row(first!.id)).toBeUndefined();
    const [again] = await write([claim('d2', '1', { idNumber: number, name: '乙' })]);
    expect(again!.id).toBe(first!.id);
    expect(await row(again!.id)).toMatchObject({ name: '乙' });
  });

  test('a deletion of something never told binds its key to no record, and a claim older than it stays stale', async () => {
    const number = newNumber();
    const [one] = await write([claim('f1', '1', { idNumber: number, name: '甲' })]);
    await write([claim('g1', '5', {}, { deleted: true })], civil);
    const [stale, found] = await write([claim('g1', '4', { idNumber: number, phone: '1' }), claim('g1', '6', { idNumber: number, phone: '2' })], civil);
    expect([stale, found]).toMatchObject([{ outcome: 'stale', id: one!.id }, { outcome: 'applied', id: one!.id }]);
    expect(await row(one!.id)).toMatchObject({ name: '甲', phone: '2' });
    const both = await write([claim('g2', '1', {}, { deleted: true }), claim('g2', '2', { idNumber: number, phone: '3' })], civil);
    expect(both[1]!.id).toBe(one!.id);
    expect(await database.sql`select 1 from source_record where record_type = 'Person' and source_key = 'g2'`).toHaveLength(1);
  });

  test('a new id is the one that the context gives', async () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const [made] = await writeClaims({ ...contextAt(database, new Date((clock += 1000)).toISOString(), today), newId: () => id }, Person, police, [claim('n1', '1', { idNumber: newNumber() })]);
    expect(made).toEqual({ outcome: 'applied', id, changed: true });
  });

  test('a record type without a natural key goes by source key alone', async () => {
    const KeyPerson = model('KeyPerson');
    const [one, two] = await write([claim('k1', '1', { name: '甲' }), claim('k2', '1', { name: '甲' })], police, KeyPerson);
    expect(one!.id).not.toBe(two!.id);
    const [again] = await write([claim('k1', '2', { name: '乙' })], police, KeyPerson);
    expect(again!.id).toBe(one!.id);
  });
});

describe('outcomes', () => {
  test('duplicate, stale and conflict write no history; a later side of a conflict wins', async () => {
    const number = newNumber();
    const first = claim('o1', '5', { idNumber: number, name: '扎西' });
    const [applied] = await write([first]);
    const [duplicate, stale] = await write([first, claim('o1', '4', { name: '旧' })]);
    expect([applied, duplicate, stale].map((one) => [one!.outcome, one!.changed])).toEqual([['applied', true], ['duplicate', false], ['stale', false]]);
    expect(await versions(applied!.id)).toBe(1);
    const [earlier] = await write([{ ...claim('o1', '5', { name: '早' }), at: '2026-05-01T00:00:00Z' }]);
    expect(earlier).toMatchObject({ outcome: 'conflict', kept: 'previous', decidedBy: 'at', changed: false });
    const [later] = await write([{ ...claim('o1', '5', { name: '晚' }), at: '2026-06-02T08:00:00+08:00' }]);
    expect(later).toMatchObject({ outcome: 'conflict', kept: 'change', decidedBy: 'at', changed: true, lost: { values: { name: '扎西' } } });
    expect(await row(applied!.id)).toMatchObject({ name: '晚', sourceUpdatedAt: '2026-06-02T00:00:00.000Z' });
  });

  test('a whole record empties what it does not name, a mask does not', async () => {
    const number = newNumber();
    const [one] = await write([claim('w1', '1', { idNumber: number, name: '甲', phone: '1' })]);
    await write([claim('w1', '2', { name: '乙' })]);
    expect(await row(one!.id)).toMatchObject({ name: '乙', phone: '1' });
    await write([claim('w1', '3', { idNumber: number, name: '丙' }, { whole: true })]);
    expect(await row(one!.id)).toMatchObject({ name: '丙', phone: null });
  });

  test('a clock that went back does not break a record: it is written at its last instant', async () => {
    const [one] = await write([claim('c1', '1', { idNumber: newNumber(), name: '甲' })]);
    const early = contextAt(database, '2026-06-09T00:00:00.000Z', today);
    expect(await writeClaims(early, Person, police, [claim('c1', '2', { name: '乙' })])).toMatchObject([{ outcome: 'applied' }]);
    expect(await row(one!.id)).toMatchObject({ name: '乙' });
    expect(knownOf(await historyOf(database, Person, one!.id, ['name']))).toHaveLength(1);
  });

  test('what two writes at one instant leave between them was never known, and is not kept', async () => {
    const at = contextAt(database, new Date((clock += 1000)).toISOString(), today);
    const [one] = await writeClaims(at, Person, police, [claim('i1', '1', { idNumber: newNumber(), name: '甲' })]);
    await writeClaims(at, Person, police, [claim('i1', '2', { name: '乙' })]);
    const history = await historyOf(database, Person, one!.id, ['name']);
    expect(history.map(({ values, recordedTo }) => [values['name'], recordedTo])).toEqual([['乙', 'infinity']]);
  });

  test('a batch about many records tells each its own outcome, in order', async () => {
    const numbers = Array.from({ length: 30 }, newNumber);
    const outcomes = await write(numbers.map((number, i) => claim(`b${i}`, '1', { idNumber: number, name: `名${i}` })));
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(30);
    const read = await currentRows(database.sql, Person, outcomes.map(({ id }) => id));
    expect(outcomes.map(({ id }) => read.get(id)!['idNumber'])).toEqual(numbers);
  });
});

describe('values', () => {
  test('person keys are computed from valid numbers only, for lists too', async () => {
    const [a, b] = [newNumber(), newNumber()];
    const wrong = `${a.slice(0, 17)}${a.endsWith('1') ? '2' : '1'}`;
    const [one, two] = await write([claim('k-1', '1', { idNumber: a.toLowerCase() }), claim('k-2', '1', { idNumber: wrong })]);
    expect(await row(one!.id)).toMatchObject({ idNumber: a, personKey: keyOf(a) });
    expect(await row(two!.id)).toMatchObject({ idNumber: wrong, personKey: null });
    const Marriage = model('MarriageRecord');
    const [marriage] = await write([claim('m', '1', { certNo: 'J1', partyNames: ['甲', '乙'], partyIdNumbers: [a, b] })], civil, Marriage);
    expect(await row(marriage!.id, Marriage)).toMatchObject({ partyPersonKeys: [keyOf(a), keyOf(b)] });
    await write([claim('m', '2', { partyIdNumbers: ['护照123'] })], civil, Marriage);
    expect(await row(marriage!.id, Marriage)).toMatchObject({ partyPersonKeys: null, partyIdNumbers: ['护照123'] });
  });

  test('what says the same in another way is no change: decimals, instants, JSON, geometries', async () => {
    const Building = model('Building');
    const square = [[[102.5, 37.2], [102.500001, 37.2], [102.500001, 37.2000013], [102.5, 37.2]]];
    const told = { buildingCode: 'B1', height: '12.50', floorsAbove: 3, sourceCrs: 'CGCS2000', geometry: { type: 'Polygon', coordinates: square } };
    const [one] = await write([claim('x', '1', told)], police, Building);
    const [same] = await write([claim('x', '1', { ...told, height: 12.5, geometry: { coordinates: [square], type: 'MultiPolygon' } })], police, Building);
    expect(same).toEqual({ outcome: 'duplicate', id: one!.id, changed: false });
    const stored = (await row(one!.id, Building))!['geometry'];
    expect(stored).toMatch(/^SRID=4490;MULTIPOLYGON/);
    await write([claim('x', '2', { height: '12.5', geometry: stored }, { effectiveFrom: '2026-06-01' })], police, Building);
    const history = await historyOf(database, Building, one!.id, ['height', 'geometry']);
    // A newer version of the source is written, with the days before it as they were told then: none.
    expect(knownOf(history).map(({ from, values }) => [from, values['height']])).toEqual([['2026-06-01', '12.50'], [today, '12.50']]);
    const Certificate = model('Certificate');
    const face = claim('z', '1', { certificateName: '证', faceItems: { b: 1, a: ['x'] }, copyCreatedAt: '2026-01-01T08:00:00+08:00' });
    const [certificate] = await write([face], police, Certificate);
    expect(await write([{ ...face, values: { ...face.values, faceItems: { a: ['x'], b: 1 }, copyCreatedAt: '2026-01-01T00:00:00Z' } }], police, Certificate)).toMatchObject([{ outcome: 'duplicate' }]);
    expect(await row(certificate!.id, Certificate)).toMatchObject({ faceItems: { a: ['x'], b: 1 }, copyCreatedAt: '2026-01-01T00:00:00.000Z' });
  });

  test.each([['1.0', 2, '1'], ['1.00', 2, '1'], ['001.50', 2, '1.5'], ['-0.0', 2, '0'], ['0.005', 2, '0.01'], ['-0.005', 2, '-0.01'], ['9.999', 2, '10'], ['100', 0, '100'], ['.5', 2, null], ['1e3', 2, null], ['', 2, null], ['+7', 0, '7']])('the decimal %s with %i places is %s', (text, scale, expected) => {
    expect(normalizeDecimal(text as string, scale as number)).toBe(expected);
  });

  test('an instant has an offset', () => {
    expect(normalizeInstant('2026-01-01T00:00:00')).toBeNull();
    expect(normalizeInstant('2026-01-01T08:00:00.1239+08:00')).toBe('2026-01-01T00:00:00.123Z');
  });
});

describe('refusals store nothing', () => {
  const count = async (): Promise<unknown> => (await database.sql`select (select count(*) from person) as rows, (select count(*) from person_version) as versions, (select count(*) from source_record) as sources`)[0];

  test.each<[string, Values]>([
    ['an unknown field', { nmae: '甲' }], ['a house column', { source: 'x' }], ['a stored person key', { personKey: 'x' }],
    ['a number for a text', { name: 7 }], ['a date that is none', { birthDate: '20010101' }],
  ])('%s', async (_words, values) => {
    const before = await count();
    await expect(write([claim('r0', '1', { idNumber: newNumber() }), claim('r1', '1', values)])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await count()).toEqual(before);
  });

  test('a check constraint, a day that is not in the calendar, a natural key that another record has', async () => {
    const number = newNumber();
    await write([claim('t1', '1', { idNumber: number })]);
    const before = await count();
    for (const values of [{ genderCode: '7' }, { birthDate: '2001-02-29' }, { idNumber: number }]) {
      const refused = write([claim('t2', '1', { idNumber: newNumber() }), claim('t3', '1', { name: '丙' }), claim('t3', '2', values)]);
      await expect(refused).rejects.toBeInstanceOf(StatementError);
    }
    expect(await count()).toEqual(before);
  });

  test('an empty period, an instant without offset', async () => {
    await expect(write([claim('e1', '1', {}, { effectiveFrom: '2026-01-02', effectiveTo: '2026-01-02' })])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(write([{ ...claim('e1', '1', {}), at: '2026-01-02 00:00' }])).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

test('two records exchange their natural keys in one batch', async () => {
  const [a, b] = [newNumber(), newNumber()];
  const [one, two] = await write([claim('s1', '1', { idNumber: a }), claim('s2', '1', { idNumber: b })]);
  await write([claim('s1', '2', { idNumber: b }), claim('s2', '2', { idNumber: a })]);
  expect([(await row(one!.id))!['idNumber'], (await row(two!.id))!['idNumber']]).toEqual([b, a]);
});

test('writers of one record type wait for each other: the same person told by two sources at once is one record', async () => {
  for (let round = 0; round < 5; round++) {
    const number = newNumber();
    const [[one], [two]] = await Promise.all([write([claim(`v${round}`, '1', { idNumber: number, name: '甲' })]), write([claim(`v${round}`, '1', { idNumber: number, maritalStatusCode: '10' })], civil)]);
    expect(two!.id).toBe(one!.id);
    expect(await row(one!.id)).toMatchObject({ name: '甲', maritalStatusCode: '10' });
  }
});

test('only the past of a record is told, then its present under the same version', async () => {
  const number = newNumber();
  const [past] = await write([claim('h1', '1', { idNumber: number, name: '旧' }, { effectiveFrom: '2000-01-01', effectiveTo: '2010-01-01' })]);
  expect(await row(past!.id)).toBeUndefined();
  const [present] = await write([claim('h1', '1', { idNumber: number, name: '新' }, { effectiveFrom: '2010-01-01' })]);
  expect(present).toEqual({ outcome: 'applied', id: past!.id, changed: true });
  expect(knownOf(await historyOf(database, Person, past!.id, ['name'])).map(({ from, to, values }) => [from, to, values['name']])).toEqual([['2000-01-01', '2010-01-01', '旧'], ['2010-01-01', 'infinity', '新']]);
});

describe('properties', () => {
  const day = fc.constantFrom('1990-01-01', '2005-05-05', '2015-01-01', '2026-06-09', today);
  const told = fc.record({
    name: fc.constantFrom('甲', '乙', null), phone: fc.constantFrom('1', '2', null), maritalStatusCode: fc.constantFrom('10', '20'),
    educationCode: fc.constantFrom('10', '20', null), deathDate: fc.constantFrom('2020-01-01', '2021-01-01', null),
  }, { requiredKeys: [] });
  const said = fc.record({
    source: fc.constantFrom(police, civil, '620623-WJ'), version: fc.integer({ min: 1, max: 6 }).map(String), at: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
    values: told, kind: fc.constantFrom('mask', 'mask', 'mask', 'whole', 'deleted', 'past'), from: day, alone: fc.boolean(),
  });

  test('current row = golden record of the kept sources = what the history says of today', async () => {
    await fc.assert(fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 12 }), async (all) => {
      const number = newNumber();
      let ids: string[] = [];
      let waiting: { source: string; claims: SourceClaim[] } | undefined;
      const flush = async (): Promise<void> => {
        if (waiting !== undefined) ids = ids.concat((await write(waiting.claims, waiting.source)).map(({ id }) => id));
        waiting = undefined;
      };
      for (const { source, version, at, values, kind, from, alone } of all) {
        if (alone || waiting?.source !== source) await flush();
        const period = kind === 'past' ? { effectiveFrom: '1995-01-01', effectiveTo: from < '2000' ? '1999-01-01' : from } : { effectiveFrom: from };
        const more = { ...period, ...(kind === 'whole' ? { whole: true } : {}), ...(kind === 'deleted' ? { deleted: true } : {}) };
        (waiting ??= { source, claims: [] }).claims.push({ key: `${number}`, version, at, values: { idNumber: number, ...values }, ...more });
      }
      await flush();
      // A record whose whole life was told away and that another source tells again is a new one.
      for (const { id, golden, current } of await recompute(contextAt(database, new Date(clock).toISOString(), today), Person, [...new Set(ids)])) {
        expect(current).toEqual(golden);
        const fields = ['idNumber', 'personKey', 'name', 'phone', 'maritalStatusCode', 'educationCode', 'deathDate', 'source', 'sourceVersion'];
        const history = await historyOf(database, Person, id, fields);
        const holds = currentOf(history, today)?.values ?? null;
        expect(holds).toEqual(current === null ? null : Object.fromEntries(fields.map((field) => [field, current[field]])));
        const known = knownOf(history);
        expect(known.slice(1).every((version, i) => known[i]!.to <= version.from), 'known versions do not overlap').toBe(true);
        expect(history.every(({ recordedFrom, recordedTo }) => recordedFrom < recordedTo), 'no empty recorded period').toBe(true);
      }
    }), { numRuns: Number(process.env['RUNS'] ?? 40) });
  });
});
