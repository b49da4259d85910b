/**
 * The language of predicates: what is a question, what is none, and that whatever is refused is refused at its place, with what to
 * write instead. No database is asked here.
 */
import { describe, expect, test } from 'vitest';
import { HubError } from '../../../src/errors.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { readPredicate } from '../../../src/query/predicate.ts';
import type { Claims } from '../../../src/query/predicate.ts';
import { longestText } from '../../../src/query/predicate/words.ts';

const { contract } = buildSchema(() => true);

const claims: Claims = { name: 'String', years: 'Int', day: 'Date' };
const read = (text: string, type = 'Person') => readPredicate(contract, type, text, claims);

function refused(text: string, type = 'Person'): HubError {
  try {
    read(text, type);
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error(`${text} was not refused.`);
}

describe('what is a question', () => {
  test.each([
    'age >= 80', '80 <= age', '18 <= age && age < 60 || !isAdult', 'isAdult', '!(isAdult)', 'true', 'null || isAdult',
    'genderCode in ["1", "2"]', 'age in [18, 19, -1]', 'birthDate in [date("2000-01-01"), date("2000-02-29")]', 'name == "才让·卓玛"', "name == 'say \"no\"'", 'name == "a\\"b\\\\c\\n"',
    'age + 1 - 2 > -3', 'birthDate <= today() - years(18) + months(1) - days(2)', 'birthDate == date("2000-02-29")', 'has(deathDate)', 'has(household)', '!has(household.head.deathDate)',
    'registeredDivisionCode.startsWith("620623")', 'household.head.personStatus == "在籍"', 'household.head.name == name', 'sourceUpdatedAt >= today() - days(30)',
    'certificates.exists(c, c.typeCode == "11100000000013338W032" && c.isValidToday)', 'certificates.all(c, c.issuedOn > birthDate)', 'certificates.size() == 0', 'certificates.filter(c, c.isValidToday).size() >= 2',
    'household.members.all(m, m.personStatus != "死亡")', 'kin.exists(k, k.relationCode in ["21", "22"] && k.relative.age < 18)', 'certificates.exists(c, "111" in c.holderCodeTypes)',
    'certificates.exists(c, c.holderNames.exists(n, n == name) && c.holderNames.size() > 1)', 'marriages.exists(m, m.parties.exists(p, p.idNumber != idNumber && p.age >= 60))',
    'name == claim.name', 'age >= claim.years', 'birthDate == claim.day', 'shareholdings.exists(s, s.legalEntity.status == "1") // holds a living company\n && isAdult',
  ])('%s', (text) => {
    expect(read(text).asks.every(({ use }) => use === 'verify')).toBe(true);
  });

  test('it asks for each item once, at its coordinate, with the use verify', () => {
    expect(read('age >= 18 && certificates.exists(c, c.isValidToday) && certificates.exists(d, d.typeCode == "x" && age > 1) && has(household.head)').asks).toEqual([
      { item: 'RK-0007', use: 'verify', at: 'Person.age', whole: true }, { item: 'RK-0052', use: 'verify', at: 'Person.certificates' }, { item: 'RK-0030', use: 'verify', at: 'Person.household' },
      { item: 'ZZ-0123', use: 'verify', at: 'Certificate.isValidToday', whole: true }, { item: 'ZZ-0112', use: 'verify', at: 'Certificate.isValidToday', whole: true }, { item: 'ZZ-0113', use: 'verify', at: 'Certificate.isValidToday', whole: true },
      { item: 'ZZ-0102', use: 'verify', at: 'Certificate.typeCode' }, { item: 'RK-0100', use: 'verify', at: 'Household' }, { item: 'RK-0151', use: 'verify', at: 'Household.head' }, { item: 'RK-0000', use: 'verify', at: 'Person' },
    ]);
  });

  test('of a record of which it reads nothing, that there is one', () => {
    const of = (text: string) => read(text).asks.map(({ item, at }) => `${item} ${at}`);
    expect(of('certificates.size() == 0')).toEqual(['RK-0000 Person', 'RK-0052 Person.certificates', 'ZZ-0100 Certificate']);
    expect(of('household.members.exists(m, m.isAdult)')).toEqual(['RK-0000 Person', 'RK-0030 Person.household', 'RK-0100 Household', 'RK-0150 Household.members', 'RK-0007 Person.isAdult']);
    expect(of('today() > date("2020-01-01")')).toEqual(['RK-0000 Person']);
  });

  test('a field that is computed over an edge takes the items of both', () => {
    expect(read('!hasOpenPenalty').asks.map(({ item, at }) => `${item} ${at}`)).toEqual(['RK-0057 Person.hasOpenPenalty', 'XY-0232 Person.hasOpenPenalty', 'XY-0229 Person.hasOpenPenalty']);
  });
});

/** Text, line, column, and what the sentence says of the next step. */
const faults: readonly (readonly [string, number, number, RegExp])[] = [
  // Words.
  ['', 1, 1, /age >= 80/], ['   \n ', 2, 2, /Write a question/], ['age = 80', 1, 5, /Write ==/], ['age >= 80 & isAdult', 1, 11, /Write &&/], ['age ? true : false', 1, 5, /no choice/], ['age * 2 > 3', 1, 5, /\+ and -/],
  ['name == “张三”', 1, 9, /Write "/], ['isAdult，true', 1, 8, /Write ,/], ['name == "张三', 1, 9, /Close it/], ['name == "a\nb"', 1, 9, /same line/], ['name == "a\\q"', 1, 11, /\\\\/], ['name == "\u0001"', 1, 10, /control character/],
  ['age > 80x', 1, 7, /put them in quotes/], ['age > 123456789012345678901', 1, 7, /20 digits/], ['age > €', 1, 7, /Leave it out/], ['name == "𠮷" && x', 1, 16, /no field x/],
  // Sentences.
  ['age >=', 1, 7, /Write a field/], ['(age >= 80', 1, 11, /line 1, column 1/], ['age >= 80)', 1, 10, /behind the end/], ['age >= 80 isAdult', 1, 11, /Join questions/], ['18 <= age < 60', 1, 11, /Join them with &&/], ['age in', 1, 7, /Write a field/],
  ['household.', 1, 11, /name of a field/], ['certificates.exists(c, true', 1, 28, /line 1, column 21/], ['in == 3', 1, 1, /Write a field/], ['isAdult &&\n  && true', 2, 3, /Write a field/],
  // Names.
  ['ages >= 80', 1, 1, /Is one of these meant: .*age/], ['zzz == "1"', 1, 1, /listed in the contract under Person/], ['household.nobody == "1"', 1, 11, /Household has no field/], ['name.length > 1', 1, 6, /A dot stands behind a record/],
  ['certificates.typeCode == "1"', 1, 14, /exists\(x, x\.typeCode/], ['claim.nobody == "1"', 1, 7, /There are: name, years, day/], ['claim == "1"', 1, 1, /claim\.NAME/], ['nameMatches == true', 1, 1, /name ==/], ['id == "1"', 1, 1, /no field id/],
  ['contains(name, "a")', 1, 1, /startsWith/], ['name.contains("a")', 1, 6, /startsWith/], ['certificates.exists_one(c, true)', 1, 14, /\.exists\(x/],
  // Kinds.
  ['age', 1, 1, /Compare it/], ['name && isAdult', 1, 1, /Compare it/], ['!age', 1, 2, /Compare it/], ['household', 1, 1, /has\(…\)/], ['certificates', 1, 1, /\.exists\(x/], ['age == "80"', 1, 5, /without quotes/], ['genderCode == 1', 1, 12, /in quotes/],
  ['birthDate < "2000-01-01"', 1, 11, /date\("2026-01-31"\)/], ['isAdult < true', 1, 9, /no order/], ['deathDate == null', 1, 14, /has\(field\)/], ['null != deathDate', 1, 1, /!has\(field\)/], ['["a"] == name', 1, 1, /behind "in"/], ['name in "abc"', 1, 9, /list in brackets/],
  ['age in ["1"]', 1, 9, /looked for a number/], ['age in []', 1, 8, /Name the values/], ['age in [age]', 1, 9, /written down/], ['name in [has(name)]', 1, 10, /written down/], ['isAdult in [true]', 1, 1, /before "in"/], ['-name == "a"', 1, 2, /a number is wanted/],
  ['name + "a" == "b"', 1, 1, /are for numbers/], ['birthDate - birthDate > 3', 1, 13, /time span/], ['years(3) == age', 1, 1, /added to a date/], ['birthDate < today() - years(age)', 1, 29, /written down/], ['birthDate < today() - years(201)', 1, 29, /200 at most/], ['birthDate < today(1)', 1, 13, /takes nothing/],
  ['birthDate < date("2026-02-29")', 1, 18, /calendar/], ['birthDate < date(name)', 1, 18, /calendar/], ['has(age >= 8)', 1, 9, /takes one field/], ['has(certificates)', 1, 5, /\.size\(\) > 0/], ['has(claim.name)', 1, 11, /for fields/], ['name.startsWith(1)', 1, 17, /a text is wanted/], ['age.startsWith("1")', 1, 1, /a text is wanted/],
  ['certificates.exists(c.typeCode == "1")', 1, 14, /takes a name and a question/], ['certificates.exists(c, c.typeCode)', 1, 26, /Compare it/], ['certificates.exists(age, true)', 1, 21, /name of its own/], ['certificates.exists(today, true)', 1, 21, /name of its own/], ['certificates.exists(c, certificates.exists(c, true))', 1, 44, /name of its own/],
  ['certificates.filter(c, true)', 1, 14, /followed by \.size/], ['certificates.size(1) > 0', 1, 14, /takes nothing/], ['household.exists(h, true)', 1, 1, /several records/], ['(certificates).exists(c, has(c))', 1, 30, /one of its fields/], ['certificates.exists(c, has(c.faceItems))', 1, 30, /another field/],
];

describe('what is none is refused at its place, with what to write instead', () => {
  test.each(faults)('%j', (text, line, column, next) => {
    const { code, message, details } = refused(text);
    expect({ code, at: [details['line'], details['column']], message }).toEqual({ code: 'BAD_INPUT', at: [line, column], message: expect.stringMatching(next) });
    expect(message.startsWith(`Line ${line}, column ${column}: `)).toBe(true);
  });

  test('a type that the contract does not have', () => {
    expect(refused('true', 'Nobody').message).toMatch(/Name one of the contract/);
  });
});

describe('how much a question may hold', () => {
  test('a text of ten thousand characters is refused, and one of the length that there may be is read', () => {
    expect(refused(`isAdult || ${'true || '.repeat(1250)}true`).message).toMatch(/Make several facts of it/);
    expect(refused('a'.repeat(10_000)).details['column']).toBe(longestText + 1);
    const long = `true${' || true'.repeat((longestText - 4) / 8)}`;
    expect(read(long).expression.kind).toBe('or');
    expect(read(`age > 1${' + 1'.repeat(900)}`).expression.kind).toBe('compare');
  });

  test.each([
    ['brackets', '('.repeat(40) + 'isAdult' + ')'.repeat(40)], ['signs', `${'!'.repeat(1000)}isAdult`], ['minus', `age > ${'-'.repeat(1000)}1`], ['lists', `age in ${'['.repeat(500)}`], ['calls', `${'has('.repeat(500)}`],
  ])('what is nested too deeply is refused: %s', (_what, text) => {
    expect(refused(text).message).toMatch(/levels deep/);
  });

  test('lists within lists, paths and lists of values have an end', () => {
    expect(refused('kin.exists(a, a.relative.kin.exists(b, b.relative.kin.exists(c, c.relative.kin.exists(d, true))))').message).toMatch(/lists within lists/);
    expect(refused('household.head.household.head.household.head.household.head.isAdult').message).toMatch(/Begin nearer/);
    expect(refused(`age in [${Array.from({ length: 201 }, (_, n) => n).join()}]`).message).toMatch(/200 values/);
  });
});
