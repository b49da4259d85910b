/**
 * The short way of reading a cell against its schema: whatever it gives, the schema gives, and what the schema refuses it leaves to it.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildSchema } from '../../src/graphql/schema.ts';
import { claimSchema, houseFields, plainReading, unsure } from '../../src/records/claim-schema.ts';
import type { ClaimRules, TitledType } from '../../src/records/claim-schema.ts';
import { Codes } from '../../src/records/codes.ts';
import { readSeed } from '../../src/seeding/csv.ts';
import { idNumber, uscc } from '../files/files.ts';

const { contract } = buildSchema(() => true);
const types: readonly TitledType[] = [...contract.types.values()].map((type) => ({ type, titles: new Map([...type.fields.keys()].map((field) => [field, { description: '注册资本（万元）', item: '' }])) }));
const fields = types.flatMap((titled) => [...[...titled.type.fields.values()].filter((field) => field.kind === 'leaf').map(({ name }) => name), ...houseFields].map((name) => ({ titled, name })));
const codes = new Codes(readSeed('codes.csv', ['table', 'code', 'name']));

/** What files hold: right, written otherwise, nearly right, hidden, nothing, broken. */
const cell = fc.oneof(
  fc.nat(5000).map(idNumber), fc.nat(5000).map((n) => idNumber(n).toLowerCase()), fc.nat(999).map((n) => idNumber(n).slice(0, 17)), fc.nat(999).map((n) => uscc(n)),
  fc.constantFrom('2001-02-28', '2001-02-30', '2001/2/3', '20010203', '2001年2月3日', '9999-12-31', '长期', '2024-05-01T08:30:00+08:00', '2024-05-01 08:30', '2024-13-01T00:00Z', '0000-00-00'),
  fc.constantFrom('男', '女', '藏族', '藏', '01', '1', '9', '未知的性别', '群众', '本科', '已婚', '人民币', '500万元', '1,200', '1,5', '12.50', '-0', '00012', '3000000000', '99999999999999999999999.999', '1e5', '+7', '平方米', '35.5平方米'),
  fc.constantFrom('620623100001', '620623', '620623100', '62062310', '0620623', '是', '否', 'Y', 'true', '2', '[1,2]', '{"a":null}', 'a;b、c|d', '["x","y"]', ';', 'POINT(102 37)', '{"type":"Point","coordinates":[103.1,37.2]}', '103.1,37.2', '200,99'),
  fc.constantFrom('', ' ', '-', 'N/A', 'null', '无', '不详', '王**', '6223**********0010', '×××××', '139****1234', 'XXXX', '１２３', ' ＡＢ\u3000', '卓玛•央金', '\ufffd', 'a\u0007b', 'a\tb\r\nc', '\u0085', '\ud800', '😀', 'x'.repeat(201), 'y'.repeat(20_001)),
  fc.constantFrom(null, undefined, 0, -0, 7, 1.5, Number.NaN, 2 ** 31, true, false, [], ['a', ''], ['a', 3], Array.from({ length: 101 }, String), {}, { type: 'Point', coordinates: [103, 37, 2000] }),
  fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 12 }),
);

/** Both ways with one cell, and of which fields each says that they are masked. */
function bothOf({ titled, name }: (typeof fields)[number], sent: unknown): { readonly plain: unknown; readonly plainMasked: string[]; readonly judged: ReturnType<ReturnType<typeof claimSchema>['safeParse']>; readonly masked: string[] } {
  const [plainMasked, masked]: [string[], string[]] = [[], []];
  const rules = (heard: string[]): ClaimRules => ({ today: '2026-11-24', codes, crs: 'EPSG4490', onMasked: (field) => void heard.push(field) });
  const plain = plainReading(titled, name, rules(plainMasked))?.(sent);
  return { plain, plainMasked, judged: claimSchema(titled, [name], rules(masked)).safeParse({ [name]: sent }), masked };
}

test('a cell read the short way is what its schema makes of it', () => {
  let [told, asked] = [0, 0];
  fc.assert(fc.property(fc.constantFrom(...fields), cell, (field, sent) => {
    const { plain, plainMasked, judged, masked } = bothOf(field, sent);
    if (plain === unsure) {
      asked += 1;
      return;
    }
    told += 1;
    expect(judged.success).toBe(true);
    expect(plain).toStrictEqual(judged.data?.[field.name]);
    expect(plainMasked).toEqual(masked);
  }), { numRuns: 20_000 });
  // Both ways were gone.
  expect(told).toBeGreaterThan(2000);
  expect(asked).toBeGreaterThan(2000);
});

test.each([['idNumber', idNumber(7)], ['birthDate', '2001年2月3日'], ['ethnicityCode', '藏族'], ['registeredAddress', '天祝县\r\n华藏寺镇'], ['registeredDivisionCode', '620623'], ['phone', '-'], ['deleted', '否']])('%s needs no schema where nothing is wrong', (name, sent) => {
  const titled = types.find(({ type }) => type.name === 'Person');
  const { plain, judged } = bothOf({ titled: titled as TitledType, name }, sent);
  expect(plain).not.toBe(unsure);
  expect(plain).toStrictEqual(judged.data?.[name]);
});
