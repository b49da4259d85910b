/**
 * Every mask by examples (the conventions of the domain standard, §3.10, and their edges), and what all of them keep to: masking
 * twice is masking once, a coarser mask over a finer one is the coarser one, none shows more than it says, none tells a length.
 * That the database masks in the same way is shown by test/query/masks.test.ts.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HubError } from '../../src/errors.ts';
import { isMaskName, maskFamilies, maskNamed, masks, masksFor } from '../../src/sharing/mask.ts';
import type { MaskName } from '../../src/sharing/mask.ts';
import { addresses, dates, geometries, maskedLists, names, numbers, texts } from './values.ts';

const examples: Readonly<Record<MaskName, readonly (readonly [value: string, masked: string | null])[]>> = {
  NAME: [
    ['李明', '李**'], ['李小明', '李**'], ['扎西', '扎**'], ['扎西·才让', '扎**'], ['阿不都热合曼·买买提', '阿**'], ['Maria Lopez', 'M**'],
    ['欧阳修', '欧阳**'], ['欧阳', '欧**'], ['东方红', '东**'], ['司马光之', '司马**'],
    ['བཀྲ་ཤིས', 'བཀྲ**'], ['བཀྲ་ཤིས་ཚེ་རིང', 'བཀྲ**'], ['བཀྲ ཤིས', 'བཀྲ**'], ['བཀྲཤིས', 'བ**'], ['ཀ་ཁ', 'ཀ**'], ['ཀྲ་ཤིས', 'ཀྲ**'], ['ཀཀཀཀཀཀཀ་ཁ', 'ཀཀཀཀཀཀཀ**'], ['ཀཀཀཀཀཀཀཀ་ཁ', 'ཀ**'], ['བཀྲ', 'བ**'],
    ['𠮷田', '𠮷**'], ['𠮷', '**'], ['e\u0301a', 'e**'], ['李', '**'], ['', '**'], ['*明', '**'], ['李**', '李**'], ['**', '**'], [' 李明', ' **'],
  ],
  ID_NUMBER: [
    ['622326198001010010', '622326********0010'], ['62232619800101001X', '622326********001X'], ['62232619800101001x', '622326********001x'],
    ['62232619800101001044', '622326********0010'], ['622326800101001', '6***************1'], ['12345678', '1***************8'], ['1234567', '*****************'],
    ['', '*****************'], ['𠮷23456789012345678', '𠮷23456********5678'], ['62232619800101001', '6***************1'],
  ],
  ID_NUMBER_STRICT: [
    ['622326198001010010', '6***************0'], ['62232619800101001X44', '6***************X'], ['622326800101001', '6***************1'], ['12345678', '1***************8'],
    ['1234567', '*****************'], ['', '*****************'], ['622326********0010', '6***************0'],
  ],
  PHONE: [
    ['13800000000', '138****0000'], ['19912345678', '199****5678'], ['0935-3121234', '*********34'], ['23800000000', '*********00'], ['1234567', '*********67'], ['123456', '***********'],
    ['', '***********'], ['+8613800001234', '*********34'], ['138000000001', '*********01'], ['1380000000', '*********00'],
  ],
  ADDRESS_VILLAGE: [
    ['甘肃省武威市天祝藏族自治县华藏寺镇红大村三组12号', '甘肃省武威市天祝藏族自治县华藏寺镇红大村****'], ['华藏寺镇华秀社区3号楼', '华藏寺镇华秀社区****'], ['打柴沟镇安门居委会5号', '打柴沟镇安门居委会****'],
    ['甘肃省武威市天祝藏族自治县华藏寺镇', '甘肃省武威市天祝藏族自治县华藏寺镇****'], ['天祝县团结路12号', '天祝县****'], ['团结路12号', '****'], ['', '****'], ['12号', '****'],
  ],
  ADDRESS_TOWNSHIP: [
    ['甘肃省武威市天祝藏族自治县华藏寺镇红大村三组12号', '甘肃省武威市天祝藏族自治县华藏寺镇****'], ['天堂乡业土村', '天堂乡****'], ['凉州区东大街街道3号', '凉州区东大街街道****'],
    ['天祝县团结路12号', '天祝县****'], ['锡林郭勒盟东乌旗乌里雅苏太镇', '锡林郭勒盟东乌旗乌里雅苏太镇****'], ['住12号华藏寺镇', '****'], ['团结路12号', '****'],
  ],
  ADDRESS_COUNTY: [
    ['甘肃省武威市天祝藏族自治县华藏寺镇红大村三组12号', '甘肃省武威市天祝藏族自治县****'], ['西藏自治区拉萨市城关区八廓街', '西藏自治区拉萨市城关区****'], ['甘南藏族自治州夏河县', '甘南藏族自治州夏河县****'],
    ['和田地区和田市', '和田地区和田市****'], ['红大村', '****'], ['', '****'], ['镇原县城关镇', '****'], ['武威市凉州区', '武威市凉州区****'], ['甘南自治州区县', '甘南自治州****'], ['武威市甘南自治州区', '武威市****'],
  ],
  BIRTH_YEAR: [
    ['1985-06-15', '1985-01-01'], ['0007-12-31', '0007-01-01'], ['1985-06-15T08:30:00.000+08:00', '1985-01-01T00:00:00.000+08:00'], ['1985-06-15T08:30:00.000Z', null],
    ['infinity', null], ['85-06-15', null], ['1985-06', null], ['', null], [' 1985-06-15', null], ['1985-06-15 ', null],
  ],
  BIRTH_DECADE: [
    ['1985-06-15', '1980-01-01'], ['1989-12-31', '1980-01-01'], ['1990-01-01', '1990-01-01'], ['0007-12-31', '0001-01-01'], ['0017-12-31', '0010-01-01'],
    ['1985-06-15T08:30:00.000+08:00', '1980-01-01T00:00:00.000+08:00'], ['nothing', null],
  ],
  COORDINATES: [
    ['{"type":"Point","coordinates":[102.856789,36.984321]}', '{"type":"Point","coordinates":[102.86,36.98]}'],
    ['{"type":"Point","coordinates":[-0.005,-0.015]}', '{"type":"Point","coordinates":[0,-0.01]}'],
    ['{"type":"LineString","coordinates":[[102,36],[103,38]]}', '{"type":"Point","coordinates":[102.5,37]}'],
    ['{"type":"MultiPolygon","coordinates":[[[[102,36],[102.4,36],[102.4,36.2],[102,36]]]]}', '{"type":"Point","coordinates":[102.2,36.1]}'],
    ['{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[102,36]},{"type":"LineString","coordinates":[[103,36],[104,38]]}]}', '{"type":"Point","coordinates":[103,37]}'],
    ['{"type":"GeometryCollection","geometries":[]}', null], ['{"type":"Point","coordinates":[]}', null], ['{"type":"Point"}', null], ['{"type":"Point","coordinates":[["a",1]]}', null], ['{"type":"Point","coordinates":[1,"a"]}', null], ['{"type":"Point","coordinates":"102,36"}', null], ['no JSON', null], ['null', null], ['7', null],
  ],
  BANK_CARD: [['6222021234567890123', '************0123'], ['622202123456', '************3456'], ['62220212345', '****************'], ['', '****************']],
  EMAIL: [
    ['zhang@example.cn', 'z**@example.cn'], ['z@example.cn', '**@example.cn'], ['@example.cn', '**@example.cn'], ['zhang', '**'], ['a@b@c', '**'], ['*x@example.cn', '**@example.cn'],
    [`ab@${'x'.repeat(64)}`, `a**@${'x'.repeat(64)}`], [`ab@${'x'.repeat(65)}`, '**'], [`ab@${'𠮷'.repeat(64)}`, `a**@${'𠮷'.repeat(64)}`], ['ab@', 'a**@'], ['', '**'], ['𠮷x@y', '𠮷**@y'],
  ],
};

/** Values on which a mask of a family may come: what it is for, and whatever else. */
const valuesFor: Readonly<Record<(typeof maskFamilies)[number], fc.Arbitrary<string>>> = {
  NAME: fc.oneof(names, texts), ID_NUMBER: fc.oneof(numbers, texts), PHONE: fc.oneof(numbers, texts), BANK_CARD: fc.oneof(numbers, texts), ADDRESS: fc.oneof(addresses, texts),
  EMAIL: fc.oneof(texts, fc.tuple(texts, texts).map((parts) => parts.join('@'))), BIRTH_DATE: fc.oneof(dates, dates.map((date) => `${date}T10:00:00.000+08:00`), texts), COORDINATES: fc.oneof(geometries, texts),
};

const runs = { numRuns: 60 };
const shown = (text: string): string[] => [...text].filter((character) => character !== '*');

describe.each(masks)('$name', ({ name, family, of, rank, shows, apply }) => {
  test('as its convention says', () => {
    expect(examples[name].map(([value]) => apply(value))).toEqual(examples[name].map(([, masked]) => masked));
  });

  test('masking twice is masking once', () => {
    fc.assert(fc.property(valuesFor[family], (value) => {
      const once = apply(value);
      if (once !== null) expect(apply(once)).toBe(once);
    }), runs);
  });

  test('over a finer mask of its family it is what it is alone', () => {
    const finer = masks.filter((one) => one.family === family && one.rank < rank);
    fc.assert(fc.property(valuesFor[family], (value) => {
      for (const one of finer) {
        const first = one.apply(value);
        if (first !== null) expect(apply(first)).toBe(apply(value));
      }
    }), runs);
  });

  test('it shows no more than it says, and nothing that was not there', () => {
    if (of !== 'text') return expect(shows).toBe(0);
    fc.assert(fc.property(valuesFor[family], (value) => {
      const left = shown(apply(value) ?? '');
      expect(left.length <= shows, value).toBe(true);
      // What is shown stands in the original in the same order.
      const rest = [...value][Symbol.iterator]();
      expect(left.every((character) => { for (const one of rest) if (one === character) return true; return false; }), value).toBe(true);
    }), runs);
  });

  test('the most that it says is shown by some value, so it says no more than is so', () => {
    if (of === 'text' && family !== 'ADDRESS') expect(Math.max(...examples[name].map(([value]) => shown(apply(value) ?? '').length))).toBe(shows);
    if (family === 'ADDRESS') expect(shows).toBe(40);
  });
});

describe('what a mask does not tell', () => {
  const starsOf = (name: MaskName) => new Set(examples[name].map(([value]) => [...(maskNamed(name).apply(value) ?? '')].filter((character) => character === '*').length));

  test('the stars of a name, an e-mail, an address are always as many', () => {
    for (const name of ['NAME', 'EMAIL'] as const) expect([...starsOf(name)]).toEqual([2]);
    for (const name of ['ADDRESS_COUNTY', 'ADDRESS_TOWNSHIP', 'ADDRESS_VILLAGE'] as const) expect([...starsOf(name)]).toEqual([4]);
  });

  test('what is too short for a part looks like nothing', () => {
    for (const { name, of, apply } of masks) if (of === 'text') expect(apply('李'), name).toBe(apply(''));
  });

  test('of an address nothing is read beyond the 40th character', () => {
    const long = `${'山'.repeat(38)}镇红大村`;
    expect(maskNamed('ADDRESS_VILLAGE').apply(long)).toBe('****');
    const county = `${'𠮷'.repeat(39)}县`;
    expect([maskNamed('ADDRESS_COUNTY').apply(county), maskNamed('ADDRESS_COUNTY').apply(`𠮷${county}`)]).toEqual([`${county}****`, '****']);
  });

  test('a township has 1 to 7 characters before its word, a village 1 to 8', () => {
    const [town, place] = [maskNamed('ADDRESS_TOWNSHIP').apply, maskNamed('ADDRESS_VILLAGE').apply];
    expect([town('镇'), town(`${'山'.repeat(7)}镇`), town(`${'山'.repeat(8)}镇`)]).toEqual(['****', `${'山'.repeat(7)}镇****`, '****']);
    expect([town(`${'𠮷'.repeat(7)}镇`), place('山镇水村'), place(`山镇${'𠮷'.repeat(8)}村`)]).toEqual([`${'𠮷'.repeat(7)}镇****`, '山镇水村****', `山镇${'𠮷'.repeat(8)}村****`]);
    expect([place('山镇村'), place(`山镇${'水'.repeat(8)}村`), place(`山镇${'水'.repeat(9)}村`)]).toEqual(['山镇****', `山镇${'水'.repeat(8)}村****`, '山镇****']);
  });
});

describe('the lists that the migration holds too', () => {
  test('every compound surname of the migration shows two characters', () => {
    const { surnames } = maskedLists();
    expect(surnames.length > 40).toBe(true);
    expect(surnames.map((surname) => maskNamed('NAME').apply(`${surname}一`))).toEqual(surnames.map((surname) => `${surname}**`));
    expect(surnames.map((surname) => maskNamed('NAME').apply(surname))).toEqual(surnames.map((surname) => `${[...surname][0] ?? ''}**`));
  });

  test('none of the characters that end a part of an address stands inside of one', () => {
    const { stops, aboveStops } = maskedLists();
    const shows = (place: MaskName, before: string, character: string, after: string) => maskNamed(place).apply(`甘肃省武威市${before}${character}${after}`)?.includes(after);
    expect([stops.length > 20, aboveStops.length > stops.length]).toEqual([true, true]);
    expect(stops.filter((character) => shows('ADDRESS_TOWNSHIP', '天祝县山', character, '水乡'))).toEqual([]);
    expect(stops.filter((character) => shows('ADDRESS_VILLAGE', '天祝县山镇水', character, '木村'))).toEqual([]);
    expect(aboveStops.filter((character) => shows('ADDRESS_COUNTY', '山', character, '水县'))).toEqual([]);
    expect([shows('ADDRESS_TOWNSHIP', '天祝县山', '木', '水乡'), shows('ADDRESS_VILLAGE', '天祝县山镇水', '山', '木村'), shows('ADDRESS_COUNTY', '山', '木', '水县')]).toEqual([true, true, true]);
  });
});

describe('masks by name and family', () => {
  test('are listed once, in their families, the one that shows most first', () => {
    expect(new Set(masks.map(({ name }) => name)).size).toBe(masks.length);
    expect([...new Set(masks.map(({ family }) => family))]).toEqual([...maskFamilies]);
    expect(maskFamilies.map((family) => masksFor(family))).toEqual([
      ['NAME'], ['ID_NUMBER', 'ID_NUMBER_STRICT'], ['PHONE'], ['ADDRESS_VILLAGE', 'ADDRESS_TOWNSHIP', 'ADDRESS_COUNTY'], ['BIRTH_YEAR', 'BIRTH_DECADE'], ['COORDINATES'], ['BANK_CARD'], ['EMAIL'],
    ]);
    for (const family of maskFamilies) expect(masks.filter((mask) => mask.family === family).map(({ rank }) => rank)).toEqual(masksFor(family).map((_, place) => place + 1));
    expect(masks.map(({ of }) => of)).toEqual(masks.map(({ family }) => ({ BIRTH_DATE: 'date', COORDINATES: 'geometry' })[family as string] ?? 'text'));
    for (const { description } of masks) expect(description).toMatch(/^[^·]*\p{Script=Han}[^·]* · [A-Z].*\.$/u);
  });

  test('an item without a mask has none, and an unknown name is refused aloud', () => {
    expect(masksFor('')).toEqual([]);
    expect([isMaskName('NAME'), isMaskName('name'), isMaskName('toString')]).toEqual([true, false, false]);
    expect(() => maskNamed('NO_MASK' as MaskName)).toThrow(/There is no mask NO_MASK; name one of NAME, ID_NUMBER,/);
    expect((() => { try { return maskNamed('NO_MASK' as MaskName).name; } catch (error) { return (error as HubError).code; } })()).toBe('CONTRACT_BROKEN');
  });
});
