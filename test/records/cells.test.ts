/**
 * Cells as files write them, and the values that they become.
 */
import { describe, expect, test } from 'vitest';
import { cellDate, cellDecimal, cellFlag, cellGeometry, cellInstant, cellList, cellText, currencyIn, isMasked, nameText } from '../../src/records/cells.ts';
import { Codes } from '../../src/records/codes.ts';
import { parseTable } from '../../src/seeding/csv.ts';
import { readFileSync } from 'node:fs';

test.each([
  ['2024-05-01', '2024-05-01'], ['2024/5/1', '2024-05-01'], ['2024.5.1', '2024-05-01'], ['20240501', '2024-05-01'], ['2024年5月1日', '2024-05-01'],
  ['2024-05-01 00:00:00', '2024-05-01'], ['2024/5/1 0:00', '2024-05-01'], ['2024-05-01T16:30:00Z', '2024-05-02'], ['2024-05-01T00:30:00+08:00', '2024-05-01'],
  ['9999-09-09', null], ['99991231', null], ['长期', null], ['45123', '45123'], ['1/5/2024', '1/5/2024'], ['24-5-1', '24-5-1'], ['2024-5/1', '2024-5/1'],
])('the date %s', (text, date) => {
  expect(cellDate(text)).toBe(date);
});

const capital = '注册资本（万元） · Registered capital';
test.each([
  ['464(万元人民币)', capital, '464'], ['103万人民币', capital, '103'], ['1,500(万元人民币)', capital, '1500'], ['159.93万人民币', capital, '159.93'], ['200()', capital, '200'],
  ['10万元人民币', capital, '10'], ['5000元', capital, '0.5'], ['1.2亿元', capital, '12000'], ['￥300', capital, '300'], ['人民币100万元整', capital, '100'], ['100（万元）', capital, '100'],
  ['1234.50元', '月发放金额，元', '1234.5'], ['1.5万元', '月发放金额，元', '15000'], ['120平方米', '面积（平方米）', '120'], ['3.5公里', '长度（公里）', '3.5'], ['12%', '出资比例（%）', '12'],
  ['四百万', capital, '四百万'], ['1,5', capital, '1,5'], ['120平方米', capital, '120平方米'], ['12元', '面积（平方米）', '12元'], ['-3.5', capital, '-3.5'],
])('the number %s', (text, title, number) => {
  expect(cellDecimal(text, title)).toBe(number);
});

test('texts', () => {
  expect(['', ' ', 'N/A', 'null', '—', '无', '不详'].map(cellText)).toEqual(Array.from({ length: 7 }, () => undefined));
  expect(cellText(null)).toBe(null);
  expect(cellText('　ＡＢ１２（甲），乙 ')).toBe('AB12（甲），乙');
  expect(cellText(12)).toBe('12');
  expect(nameText('才让•卓玛')).toBe('才让·卓玛');
  expect(['刘**', '张*', '622326********0010', '6223261980XXXX0010', '阿卜杜*'].map(isMasked)).toEqual([true, true, true, true, true]);
  expect(['刘备', '食品销售（凭许可证）', 'X', '5*3'].map(isMasked)).toEqual([false, false, false, true]);
  expect([currencyIn('464(万元人民币)'), currencyIn('10万美元'), currencyIn('10')]).toEqual(['人民币', '美元', undefined]);
});

test('moments, flags, lists, geometries', () => {
  expect(cellInstant('2024/5/1 8:30')).toBe('2024/5/1 8:30');
  expect(cellInstant('2024-05-01 08:30:00')).toBe('2024-05-01T08:30:00+08:00');
  expect(cellInstant('2024-05-01T08:30:00.000+08:00')).toBe('2024-05-01T08:30:00.000+08:00');
  expect(cellInstant('20240501')).toBe('2024-05-01T00:00:00+08:00');
  expect(['是', 'N', 'true', '1', '也许'].map(cellFlag)).toEqual([true, false, true, true, '也许']);
  expect(cellList('甲；乙、丙|丁')).toEqual(['甲', '乙', '丙', '丁']);
  expect(cellList('["甲","乙"]')).toEqual(['甲', '乙']);
  const point = { type: 'Point', coordinates: [103.1, 36.9] };
  expect([[103.1, 36.9], '103.1,36.9', 'POINT(103.1 36.9)', JSON.stringify(point), { type: 'Point', coordinates: [103.1, 36.9, 2900] }].map(cellGeometry)).toEqual([point, point, point, point, point]);
});

describe('names of codes', () => {
  const rows = parseTable(readFileSync(new URL('../../seeds/codes.csv', import.meta.url), 'utf8'), ['table', 'code', 'name'], 'codes');
  const codes = new Codes(rows);
  test.each([
    ['gender', '男', '1'], ['gender', '女性', '2'], ['ethnicity', '藏', '04'], ['ethnicity', '藏族', '04'], ['ethnicity', '04', '04'], ['maritalStatus', '已婚', '20'],
    ['usccCategory', '企业(含集体/分支)', '91'], ['usccCategory', '农民专业合作社', '93'], ['regState', '存续', '1'], ['regState', '在营', '1'], ['regState', '存续（在营、开业、在册）', '1'],
    ['politicalStatus', '中共党员', '01'], ['idDocumentType', '身份证', '111'], ['currency', '人民币', '156'], ['gender', '雌', null], ['regState', '吊销', null],
  ])('%s %s', (table, name, code) => {
    expect(codes.read(table, name)).toBe(code);
  });
});
