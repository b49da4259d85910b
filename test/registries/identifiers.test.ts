/**
 * Identifiers: real and synthetic vectors (test-vectors.json), what each rule refuses, and that check digits catch slips.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  certificateIdentifierWithCheck, identifiers, idNumberWithCheck, orgCodeWithCheck, readIdentifier, usccWithCheck,
} from '../../src/registries/identifiers/index.ts';
import type { IdentifierName } from '../../src/registries/identifiers/index.ts';

interface Vectors {
  readonly idNumber: { readonly synthetic: readonly string[]; readonly bad: readonly string[] };
  readonly uscc: { readonly real: readonly string[]; readonly bad: readonly string[] };
  readonly orgCode: { readonly real: readonly string[] };
  readonly ecertId: { readonly real: readonly string[] };
}
const vectors = JSON.parse(readFileSync(new URL('test-vectors.json', import.meta.url), 'utf8')) as Vectors;
const today = '2025-11-24';
const problem = (name: IdentifierName, text: string): string | null => identifiers[name].problem(identifiers[name].normalize(text), today);

const digits = (length: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));
const letters = (alphabet: string, length: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((list) => list.join(''));
const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const usccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const idNumbers = fc.record({
  place: digits(5), day: fc.date({ min: new Date('1850-01-01'), max: new Date(today), noInvalidDate: true }), order: digits(3),
}).map(({ place, day, order }) => idNumberWithCheck(`6${place}${day.toISOString().slice(0, 10).replaceAll('-', '')}${order}`));
const orgCodes = letters(alphanumeric, 8).map(orgCodeWithCheck);
const usccs = fc.tuple(fc.constantFrom('91', '92', '93', '11', '12', '51', '52', 'N2'), digits(6), letters(usccAlphabet, 8))
  .map(([kind, place, body]) => [kind + place, orgCodeWithCheck(body)] as const)
  .map(([head, code]) => usccWithCheck(head + code));
const certificates = fc.tuple(usccs, digits(3), usccs, letters(alphanumeric, 7), digits(3))
  .map(([authority, type, issuer, serial, version]) => certificateIdentifierWithCheck(authority + type, issuer, serial, version));

describe('vectors', () => {
  const [first, second, impossible] = vectors.idNumber.synthetic as [string, string, string];
  test.each([first, second])('ID number %s is right', (text) => expect(problem('idNumber', text)).toBeNull());
  test('a right check digit does not excuse 2001-02-29', () => expect(problem('idNumber', impossible)).toMatch(/calendar/));
  test.each(vectors.idNumber.bad)('ID number %s is wrong', (text) => expect(problem('idNumber', text)).toMatch(/check digit/));
  test.each(vectors.uscc.real)('USCC %s is right', (text) => expect(problem('uscc', text)).toBeNull());
  test.each(vectors.uscc.bad)('USCC %s is wrong', (text) => expect(problem('uscc', text)).toMatch(/check character/));
  test.each(vectors.orgCode.real)('organization code %s is right', (text) => expect(problem('orgCode', text)).toBeNull());
  test.each(vectors.uscc.real)('the organization code inside %s is right', (text) => expect(problem('orgCode', text.slice(8, 17))).toBeNull());
  test.each(vectors.ecertId.real)('certificate identifier %s is right', (text) => expect(problem('certificateIdentifier', text)).toBeNull());
});

describe('writing', () => {
  test.each([
    ['idNumber', ' ６２２３２６１９８００１０１００１０　', '622326198001010010'],
    ['idNumber', '11010519491231002x', '11010519491231002X'],
    ['idNumber', '622326800101001', '622326198001010010'],
    ['idNumber', 'not a number', 'NOT A NUMBER'],
    ['uscc', ' 91620623225490485m', '91620623225490485M'],
    ['orgCode', '22549604-3', '225496043'],
    ['orgCode', '２２５４９６０４－３', '225496043'],
    ['certificateIdentifier', '1.2.156.3005.2.11100000000013338w032.11220000013544541j.2430599.001.f', '1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F'],
    ['realEstateUnit', '620623 001002 GB00001 F00010001', '620623001002GB00001F00010001'],
    ['divisionCode', '620623', '620623000000'],
    ['divisionCode', '620623100', '620623100000'],
    ['birthCertificate', 'r620123456', 'R620123456'],
  ] as const)('%s: %s becomes %s', (name, text, normalized) => {
    expect(identifiers[name].normalize(text)).toBe(normalized);
  });

  test('normalizing twice changes nothing', () => {
    const names = Object.keys(identifiers) as IdentifierName[];
    fc.assert(fc.property(fc.constantFrom(...names), fc.oneof(fc.string(), digits(15), digits(6), idNumbers, usccs), (name, text) => {
      const once = identifiers[name].normalize(text);
      expect(identifiers[name].normalize(once)).toBe(once);
    }));
  });
});

describe('what is refused', () => {
  test.each([
    ['idNumber', '', /18 characters/],
    ['idNumber', '62232619800101001', /this one has 17/],
    ['idNumber', '6223261980010100100', /this one has 19/],
    ['idNumber', '62232619800101001A', /17 digits/],
    ['idNumber', '022326198001010010', /not beginning with 0/],
    ['idNumber', '622326800230001', /calendar/],
    ['idNumber', idNumberWithCheck('62062320251125001'), /future/],
    ['idNumber', idNumberWithCheck('62062318491231001'), /before 1850/],
    ['idNumber', idNumberWithCheck('62062319000229001'), /calendar/],
    ['uscc', '无', /18 characters/],
    ['uscc', '9162062322549O485M', /never holds I, O/],
    ['uscc', '91620A23225490485M', /6 digits/],
    ['orgCode', '22549604', /9 characters/],
    ['orgCode', '225496044', /does not fit/],
    ['certificateIdentifier', '1.2.156.3005.3.11100000000013338W032.11220000013544541J.2430599.001.F', /begins with/],
    ['certificateIdentifier', '1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.1.F', /five parts/],
    ['certificateIdentifier', '1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.002.F', /does not fit/],
    ['disabilityCertificate', '6223261980010100105', /20 characters/],
    ['disabilityCertificate', '62232619800101001181', /holder's ID number/],
    ['disabilityCertificate', '62232619800101001081', /category/],
    ['disabilityCertificate', '62232619800101001035', /grade/],
    ['realEstateUnit', '620623001002GB00001F0001000', /28 characters/],
    ['realEstateUnit', '620623001002XB00001F00010001', /G, J or Z/],
    ['realEstateUnit', '620623001002GB00001X00010001', /F, L, Q or W/],
    ['realEstateUnit', '620623001002GB00001W00010001', /eight zeros/],
    ['realEstateUnit', '62062A001002GB00001F00010001', /12 digits/],
    ['birthCertificate', '6201234567', /one letter/],
    ['divisionCode', '6206', /12 digits/],
    ['divisionCode', '620623000201', /needs a township/],
    ['implementationCode', '11100000000013338W400012500100', /31 characters/],
    ['implementationCode', '11100000000013338V4000125001000', /credit code/],
    ['implementationCode', '11100000000013338W40001250010A0', /last 13/],
  ] as const)('%s %s', (name, text, sentence) => {
    const wrong = problem(name, text);
    expect(wrong).toMatch(sentence);
    if (text.length > 6) expect(wrong).not.toContain(text);
  });

  test.each([
    ['disabilityCertificate', '62232619800101001032'],
    ['realEstateUnit', '620623001002JC00001F00010001'],
    ['realEstateUnit', '620623001002GE00001W00000000'],
    ['birthCertificate', 'R620123456'],
    ['divisionCode', '620623100201'],
    ['divisionCode', '620000000000'],
    ['implementationCode', '11100000000013338W4000125001000'],
  ] as const)('%s %s is right', (name, text) => expect(problem(name, text)).toBeNull());

  test('a birthday today is no future one', () => expect(identifiers.idNumber.problem(idNumberWithCheck('62062320251124001'), today)).toBeNull());

  test('readIdentifier gives the normalized form or BAD_INPUT', () => {
    expect(readIdentifier('idNumber', ' 622326198001010010 ', today)).toBe('622326198001010010');
    expect(() => readIdentifier('idNumber', '622326198001010011', today)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { identifier: 'idNumber' } }));
  });

  test('a credit code whose organization code is wrong is refused although its own check fits', () => {
    expect(() => usccWithCheck('91620623123456780')).toThrow(RangeError);
    const body = '91620623123456780';
    expect(problem('uscc', body + identifiers.uscc.checkDigit?.(body))).toMatch(/organization code/);
  });

  test('constructors refuse bodies that no check digit can save', () => {
    expect(() => idNumberWithCheck('1234')).toThrow(RangeError);
    expect(() => orgCodeWithCheck('abcdefgh')).toThrow(RangeError);
    expect(() => usccWithCheck('916206')).toThrow(RangeError);
    expect(() => certificateIdentifierWithCheck('TYPE', '11220000013544541J', '1', '001')).toThrow(RangeError);
    expect(() => identifiers.uscc.checkDigit?.('9162062322549I485')).toThrow(RangeError);
  });
});

describe('check digits', () => {
  const kinds: readonly [IdentifierName, fc.Arbitrary<string>, RegExp][] = [
    ['idNumber', idNumbers, /[0-9]/],
    ['uscc', usccs, /[0-9A-Z]/],
    ['orgCode', orgCodes, /[0-9]/],
    ['certificateIdentifier', certificates, /[0-9A-Z]/],
  ];

  test.each(kinds)('%s: what a constructor makes is right', (name, made) => {
    fc.assert(fc.property(made, (text) => {
      expect(problem(name, text)).toBeNull();
    }));
  });

  test.each(kinds)('%s: any one character changed is caught', (name, made, changeable) => {
    const replacements = name === 'uscc' || name === 'certificateIdentifier' ? alphanumeric : '0123456789';
    fc.assert(fc.property(made, fc.nat(), fc.constantFrom(...replacements), (text, at, replacement) => {
      const place = at % text.length;
      const old = text.charAt(place);
      fc.pre(changeable.test(old) && old !== replacement);
      expect(problem(name, text.slice(0, place) + replacement + text.slice(place + 1))).not.toBeNull();
    }), { numRuns: 500 });
  });

  test('idNumber: neighbours exchanged are caught', () => {
    fc.assert(fc.property(idNumbers, fc.nat({ max: 15 }), (text, at) => {
      const [a, b] = [text.charAt(at), text.charAt(at + 1)];
      fc.pre(a !== b);
      expect(problem('idNumber', text.slice(0, at) + b + a + text.slice(at + 2))).not.toBeNull();
    }));
  });

  test('idNumber: the 15-digit form of anyone born 1900–1999 leads to the 18-digit one', () => {
    fc.assert(fc.property(idNumbers, (text) => {
      fc.pre(text.slice(6, 8) === '19');
      expect(identifiers.idNumber.normalize(text.slice(0, 6) + text.slice(8, 17))).toBe(text);
    }));
  });
});
