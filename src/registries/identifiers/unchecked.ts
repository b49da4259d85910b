/**
 * Identifiers without a check character of their own: disability certificate, real estate unit, birth certificate,
 * administrative division, implementation code.
 *
 * Only their form can be judged. Where another identifier stands inside (an ID number, a credit code), its rule is asked.
 */
import { halfWidth } from './identifier.ts';
import type { Identifier } from './identifier.ts';
import { idNumber } from './id-number.ts';
import { uscc } from './uscc.ts';

/** 残疾人证号: ID number + category 1–7 (sight, hearing, speech, limbs, intellect, mind, multiple) + grade 1–4. The length is not confirmed (domain.md †). */
export const disabilityCertificate: Identifier = {
  name: 'disabilityCertificate',
  nameZh: '残疾人证号',
  standard: '中华人民共和国残疾人证管理办法',
  normalize: (text) => halfWidth(text).toUpperCase(),
  problem(normalized, today) {
    if (normalized.length !== 20) return `A disability certificate number has 20 characters; this one has ${normalized.length}.`;
    const wrong = idNumber.problem(normalized.slice(0, 18), today);
    if (wrong !== null) return `The first 18 characters have to be the holder's ID number. ${wrong}`;
    if (!/^[1-7]$/.test(normalized.charAt(18))) return 'Character 19 of a disability certificate number is the category, 1 to 7.';
    if (!/^[1-4]$/.test(normalized.charAt(19))) return 'Character 20 of a disability certificate number is the grade, 1 to 4.';
    return null;
  },
};

/**
 * 不动产单元代码, GB/T 37346-2019: 6 county, 3 cadastral area, 3 sub-area, 2 kind of parcel (G state, J collective, Z
 * undetermined; then the right), 5 parcel, 1 kind of fixture (F house, L trees, Q other, W none), 8 fixture unit.
 */
export const realEstateUnit: Identifier = {
  name: 'realEstateUnit',
  nameZh: '不动产单元代码',
  standard: 'GB/T 37346-2019',
  /** Half-width, upper case, without the blanks that certificates print between its four groups. */
  normalize: (text) => halfWidth(text).toUpperCase().replace(/\s+/g, ''),
  problem(normalized) {
    if (normalized.length !== 28) return `A real estate unit code has 28 characters; this one has ${normalized.length}.`;
    if (!/^[1-9]\d{11}/.test(normalized)) return 'A real estate unit code begins with 12 digits: county, cadastral area and sub-area.';
    if (!/^[GJZ][A-Z]\d{5}$/.test(normalized.slice(12, 19))) return 'Characters 13 to 19 of a real estate unit code are G, J or Z, a letter for the right, and 5 digits.';
    if (!/^[FLQW]\d{8}$/.test(normalized.slice(19))) return 'The last 9 characters of a real estate unit code are F, L, Q or W and 8 digits.';
    if (normalized.charAt(19) === 'W' && !normalized.endsWith('W00000000')) return 'A real estate unit without a fixture (W) ends with eight zeros.';
    return null;
  },
};

/** 出生医学证明编号: 1 letter + 9 digits (domain.md §3.9, not confirmed †). */
export const birthCertificate: Identifier = {
  name: 'birthCertificate',
  nameZh: '出生医学证明编号',
  standard: '出生医学证明管理办法',
  normalize: (text) => halfWidth(text).toUpperCase(),
  problem: (normalized) => (/^[A-Z]\d{9}$/.test(normalized) ? null : 'A birth certificate number is one letter and 9 digits.'),
};

/** 行政区划代码, 12 digits: 2 province, 2 prefecture, 2 county (GB/T 2260), 3 township (GB/T 10114), 3 village (statistical code). */
export const divisionCode: Identifier = {
  name: 'divisionCode',
  nameZh: '行政区划代码',
  standard: 'GB/T 2260, GB/T 10114-2003',
  /** The 6 digits of a county and the 9 of a township are the same division's short forms: they are filled up with zeros. */
  normalize(text) {
    const plain = halfWidth(text);
    return /^(\d{6}|\d{9})$/.test(plain) ? plain.padEnd(12, '0') : plain;
  },
  problem(normalized) {
    if (!/^[1-9]\d{11}$/.test(normalized)) return 'A division code is 12 digits (or 6 for a county, 9 for a township), not beginning with 0.';
    if (normalized.slice(6, 9) === '000' && !normalized.endsWith('000')) return 'A division code with a village (last 3 digits) needs a township (digits 7 to 9).';
    return null;
  },
};

/** 实施编码 of a service matter, 31 characters: 18 credit code of the body, 1 level of exercise, 12 basic code (domain.md §3.6, not confirmed †). */
export const implementationCode: Identifier = {
  name: 'implementationCode',
  nameZh: '实施编码',
  standard: 'GB/T 39554.1-2020',
  normalize: (text) => halfWidth(text).toUpperCase(),
  problem(normalized, today) {
    if (normalized.length !== 31) return `An implementation code has 31 characters; this one has ${normalized.length}.`;
    const wrong = uscc.problem(normalized.slice(0, 18), today);
    if (wrong !== null) return `The first 18 characters have to be the credit code of the implementing body. ${wrong}`;
    if (!/^\d{13}$/.test(normalized.slice(18))) return 'The last 13 characters of an implementation code are digits: 1 level of exercise, 12 basic code.';
    return null;
  },
};
