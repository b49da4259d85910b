/**
 * Files into records: messy but right rows come in, wrong rows go to the reject file with their reasons, a file that comes again changes
 * nothing, and what was interrupted goes on.
 */
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HubError } from '../../src/errors.ts';
import { foreignFields } from '../../src/files/foreign-headers.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { count, Files, idNumber, importer, rejectsIn, uscc } from './files.ts';

const files = new Files();
let hub: TestHub;
let load: ReturnType<typeof importer>;
beforeAll(async () => {
  hub = await clonedHub();
  load = importer(hub);
});
afterAll(async () => {
  files.remove();
  await hub.close();
});

const one = async (query: string): Promise<Record<string, unknown>> => (await hub.database.sql.unsafe(query))[0] ?? {};

/** A file of legal entities as they come from a platform: capital in words, masked names, N/A, two columns for one field. */
const entities = [
  'uscc,name,registerCategory,establishedOn,entityTypeRaw,legalRepMasked,capitalRaw,capitalWan,businessScope,registrationDivision,address,townshipCode,villageCode',
  `${uscc(1, '93')},天祝甲合作社,农民专业合作社,1984-09-18,,刘**,464(万元人民币),464,塑料制品。,620623,天堂镇朱岔村,620623108,620623108209`,
  `${uscc(2)},天祝乙供销社,企业(含集体/分支),1989/10/5,集体所有制,王*,103万人民币,,"食品，烟
日杂",620623,哈溪镇,620623104,`,
  `${uscc(3)},天祝丙公司,企业(含集体/分支),19891013,,景**,"1,500(万元人民币)",,,620623,石门镇,N/A,`,
  `${uscc(4, '92')},天祝丁店,个体工商户,2010年4月29日,,,N/A,,,620623,松山镇,,`,
  `${uscc(5)},天祝戊公司,企业(含集体/分支),2001-02-29,,,200(),200,,620623,松山镇,,`,
  `${uscc(6).slice(0, 8)}********${uscc(6).slice(16)},天祝己公司,企业(含集体/分支),2001-02-28,,,200(),200,,620623,松山镇,,`,
  `${uscc(7).replace(/.$/, (last) => (last === '0' ? '1' : '0'))},天祝庚公司,企业,2001-02-28,,,四百万,,,620623,松山镇,,`,
  `${uscc(8)},天祝辛公司,企业`,
  '',
  ',,,,,,,,,,,,',
].join('\r\n');

describe('a table of legal entities', () => {
  test('sensible mapping, reasons a person would agree with', async () => {
    const path = files.write('entities.csv', `\ufeff${entities}`);
    const result = await load('legal-entities', path, '620623-SC');
    expect(result).toMatchObject({ type: 'LegalEntity', encoding: 'utf-8', counts: { applied: 4, duplicate: 0, stale: 0, conflict: 0, rejected: 4 } });
    expect(result.keptOut.map(({ name }) => name)).toEqual(['entityTypeRaw', 'legalRepMasked']);
    const reasons = rejectsIn(result.rejects);
    expect(reasons.map(({ line, field }) => [line, field])).toEqual([[7, 'establishedOn'], [8, 'uscc'], [9, 'uscc'], [9, 'registeredCapital'], [10, '']]);
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'is no day of the calendar', 'is required, and the row does not tell it', expect.stringContaining('check character'), 'is no number', 'The row has 3 fields; the header has 13.',
    ]);
    expect(readFileSync(result.rejects ?? '', 'utf8')).toContain('天祝辛公司,企业');
    expect(statSync(result.rejects ?? '').mode & 0o777).toBe(0o600);

    expect(await one(`select name, category, established_on::text as since, registered_capital::text as capital, currency_code, domicile, domicile_division_code, registrar_code, legal_rep_name, source from legal_entity where uscc = '${uscc(1, '93')}'`)).toEqual({
      name: '天祝甲合作社', category: '93', since: '1984-09-18', capital: '464.000000', currency_code: '156', domicile: '天堂镇朱岔村', domicile_division_code: '620623108209', registrar_code: '620623', legal_rep_name: null, source: '620623-SC',
    });
    expect(await one(`select registered_capital::text as capital, domicile_division_code, business_scope, established_on::text as since from legal_entity where uscc = '${uscc(2)}'`)).toEqual({ capital: '103.000000', domicile_division_code: '620623104000', business_scope: '食品，烟\n日杂', since: '1989-10-05' });
    expect(await one(`select registered_capital::text as capital, established_on::text as since from legal_entity where uscc = '${uscc(3)}'`)).toEqual({ capital: '1500.000000', since: '1989-10-13' });
    expect(await one(`select registered_capital, category from legal_entity where uscc = '${uscc(4, '92')}'`)).toEqual({ registered_capital: null, category: '92' });
  });

  test('the same file again changes nothing; a corrected row is newer; a new version number is believed', async () => {
    const path = files.write('again.csv', entities);
    const before = await count(hub, 'legal_entity_version');
    expect((await load('LegalEntity', path, '620623-SC')).counts).toMatchObject({ applied: 0, duplicate: 4 });
    expect(await count(hub, 'legal_entity_version')).toBe(before);
    const corrected = files.write('corrected.csv', entities.replace('天祝丁店', '天祝丁商店'));
    expect((await load('LegalEntity', corrected, '620623-SC')).counts).toMatchObject({ applied: 1, duplicate: 3 });
    expect((await load('LegalEntity', path, '620623-SC')).counts).toMatchObject({ applied: 1, duplicate: 3 });
    expect(await one(`select name from legal_entity where uscc = '${uscc(4, '92')}'`)).toEqual({ name: '天祝丁店' });
    const versioned = files.write('versioned.csv', `uscc,名称,版本,sourceVersion\n${uscc(20)},甲,,5\n${uscc(20)},乙,,4\n${uscc(20)},丙,,5\n`);
    expect((await load('LegalEntity', versioned, '620623-SC')).counts).toMatchObject({ applied: 1, stale: 1, conflict: 1 });
    const older = files.write('older.csv', `uscc,name\n${uscc(20)},丁\n`);
    expect((await load('LegalEntity', older, '620623-SC', { version: '3' })).counts).toMatchObject({ stale: 1 });
    expect((await load('LegalEntity', older, '620623-SC', { version: '6' })).counts).toMatchObject({ applied: 1 });
  });

  test('empty cells say nothing; with --whole they take back what was told', async () => {
    const path = files.write('empty.csv', `uscc,名称,住所\n${uscc(30)},甲,松山镇\n`);
    await load('LegalEntity', path, '620623-SC');
    const emptied = files.write('emptied.csv', `uscc,名称,住所\n${uscc(30)},甲,\n`);
    expect((await load('LegalEntity', emptied, '620623-SC')).counts).toMatchObject({ duplicate: 1 });
    expect(await one(`select domicile from legal_entity where uscc = '${uscc(30)}'`)).toEqual({ domicile: '松山镇' });
    expect((await load('LegalEntity', emptied, '620623-SC', { whole: true })).counts).toMatchObject({ applied: 1 });
    expect(await one(`select domicile from legal_entity where uscc = '${uscc(30)}'`)).toEqual({ domicile: null });
  });

  test('open ends are empty, not days; --effective-from', async () => {
    const path = files.write('until.jsonl', `{"uscc":"${uscc(31)}","name":"甲","validFrom":"20200101","validTo":"9999-09-09"}\n{"uscc":"${uscc(32)}","name":"乙","validTo":null}\n`);
    const result = await load('LegalEntity', path, '620623-SC', { effectiveFrom: '2020-01-01' });
    expect(result.counts).toMatchObject({ applied: 2, rejected: 0 });
    expect(await one(`select valid_from::text, valid_to, effective_from::text from legal_entity_version where uscc = '${uscc(31)}'`)).toEqual({ valid_from: '2020-01-01', valid_to: null, effective_from: '2020-01-01' });
  });
});

describe('people', () => {
  const header = '序号,公民身份号码*,姓　名,性别,民族,出生日期（必填）,现住地行政区划,死亡日期,手机号码';
  const row = (n: number, rest: string) => `${n},${idNumber(n)},${rest}`;

  test('Chinese headers below a line of title, GB18030, names of codes, full-width digits, masked cells', async () => {
    const text = [`天祝县人口信息表,,,,,,,,`, header, row(1, '扎西,男,藏,1980年1月1日,620623100,,１３９００００００００'), row(2, '才让·卓玛,女性,藏族,1981/2/3,620623,,139****0000'), `3,,无名,男,汉,1981/2/3,,,`].join('\n');
    const result = await load('population', files.write('people.csv', gb18030(text)), '620623-GA');
    expect(result).toMatchObject({ type: 'Person', encoding: 'gb18030', counts: { applied: 2, rejected: 1 } });
    expect(Object.fromEntries(result.masked)).toEqual({ phone: 1 });
    expect(result.keptOut.map(({ name }) => name)).toEqual(['序号']);
    expect(rejectsIn(result.rejects)).toEqual([{ line: 5, field: 'idNumber', reason: 'is required, and the row does not tell it' }]);
    expect(await one(`select name, gender_code, ethnicity_code, birth_date::text, residence_division_code, phone, person_key is not null as keyed from person where id_number = '${idNumber(1)}'`))
      .toEqual({ name: '扎西', gender_code: '1', ethnicity_code: '04', birth_date: '1980-01-01', residence_division_code: '620623100000', phone: '13900000000', keyed: true });
    expect(await one(`select name, phone from person where id_number = '${idNumber(2)}'`)).toEqual({ name: '才让·卓玛', phone: null });
  });

  test('rows that only the database refuses are found one by one, and the others come in', async () => {
    const rows = Array.from({ length: 1500 }, (_, n) => row(100 + n, n % 400 === 7 ? '甲,男,汉,1980-01-01,,1979-01-01,' : n === 900 ? `${'甲'.repeat(60)},男,汉,1980-01-01,,,` : '乙,女,汉,1980-01-01,,,'));
    const result = await load('Person', files.write('many.csv', [header, ...rows].join('\n')), '620623-GA');
    expect(result.counts).toMatchObject({ applied: 1495, rejected: 5 });
    expect(rejectsIn(result.rejects).map(({ line }) => line)).toEqual([9, 409, 809, 902, 1209]);
    expect(rejectsIn(result.rejects)[0]).toMatchObject({ field: 'birthDate deathDate', reason: expect.stringMatching(/breaks the rule person_death_after_birth: death_date >= birth_date/) });
    expect(rejectsIn(result.rejects)[3]).toMatchObject({ field: 'name', reason: expect.stringMatching(/person_name/) });
  });

  test('a rule of the database is told in words where it has some', async () => {
    const result = await load('Person', files.write('ruled.csv', ['公民身份号码,姓名,文化程度', `${idNumber(4001)},甲,9`, `${idNumber(4002)},乙,90`].join('\n')), '620623-GA');
    expect(rejectsIn(result.rejects)).toEqual([{ line: 2, field: 'educationCode', reason: 'It breaks the rule person_education_code: education_code is 2 digits' }]);
  });

  test('stopped, then taken up again: nothing lost, nothing doubled, the reject file whole', async () => {
    const rows = Array.from({ length: 2500 }, (_, n) => (n % 250 === 0 ? row(5000 + n, '丙,男,汉,2001-02-29,,,') : row(5000 + n, '丙,男,汉,2001-02-28,,,')));
    const path = files.write('stopped.csv', [header, ...rows].join('\r\n'));
    const stop = new AbortController();
    await expect(load('Person', path, '620623-GA', { stop: stop.signal, onProgress: ({ rows: done }) => { if (done >= 1000) stop.abort(); } })).rejects.toThrow(/--resume goes on/);
    const rejects = `${path}.rejects.csv`;
    // What a process wrote behind its last checkpoint, when it was killed.
    appendFileSync(rejects, '9999,name,written behind the checkpoint,\r\n');
    const result = await load('Person', path, '620623-GA', { resume: true });
    expect(result.counts).toMatchObject({ applied: 2490, duplicate: 0, rejected: 10 });
    expect(result.resumedAt).toBeGreaterThan(1000);
    expect(rejectsIn(result.rejects).map(({ line }) => line)).toEqual(Array.from({ length: 10 }, (_, n) => 2 + n * 250));
    expect(await count(hub, `person where name = '丙'`)).toBe(2490);
    expect(await count(hub, `person_version where name = '丙'`)).toBe(2490);
    await expect(load('Person', path, '620623-GA', { resume: true })).rejects.toThrow(/no interrupted import/);
    expect(await load('Person', path, '620623-GA')).toMatchObject({ leftBehind: false, counts: { duplicate: 2490 } });
  });
});

describe('geometries', () => {
  const ring = [[103, 37], [103.1, 37], [103.1, 37.1], [103, 37]];
  test('a FeatureCollection of divisions: words for levels, six digits, a centre as a pair, a polygon for a multipolygon', async () => {
    const feature = (code: string, geometry: unknown) => ({ type: 'Feature', properties: { adcode: code, code12: `${code}000000`, name: '古浪县', level: 'county', parent: '620600', center: [102.9, 37.5], centroid: [103.05, 37.03] }, geometry });
    const bowtie = { type: 'Polygon', coordinates: [[[103, 37], [103.1, 37.1], [103.1, 37], [103, 37.1], [103, 37]]] };
    const path = files.write('counties.geojson', JSON.stringify({ type: 'FeatureCollection', features: [feature('620622', { type: 'Polygon', coordinates: [ring] }), feature('620621', bowtie)] }, null, 1));
    const result = await load('spatial', path, '620623-ZR');
    expect(result).toMatchObject({ type: 'AdministrativeDivision', counts: { applied: 1, rejected: 1 } });
    expect(result.keptOut.map(({ name }) => name)).toEqual(['center']);
    expect(rejectsIn(result.rejects)).toMatchObject([{ field: 'geometry', reason: expect.stringMatching(/crosses or touches itself/) }]);
    expect(await one(`select name, level, division_type, parent_code, source_crs, st_astext(geometry) as shape, st_astext(centroid) as centre, source from administrative_division where division_code = '620622000000'`)).toEqual({
      name: '古浪县', level: 3, division_type: 'county', parent_code: '620600000000', source_crs: 'WGS84', shape: 'MULTIPOLYGON(((103 37,103.1 37,103.1 37.1,103 37)))', centre: 'POINT(103.05 37.03)', source: '620623-MZ',
    });
    expect((await load('spatial', path, '620623-ZR')).counts).toMatchObject({ duplicate: 1, rejected: 1 });
  });
  test('features a line, in GCJ-02; a point with a height in a table', async () => {
    const lines = files.write('pois.geojsonl', `{"type":"Feature","properties":{"poiCode":"T-1","name":"甲"},"geometry":{"type":"Point","coordinates":[103.1,37.1]}}\n`);
    expect((await load('PointOfInterest', lines, '620623-MZ', { crs: 'GCJ02' })).counts).toMatchObject({ applied: 1 });
    expect(await one(`select source_crs, st_x(geometry) < 103.0999 as moved from point_of_interest where poi_code = 'T-1'`)).toEqual({ source_crs: 'GCJ02', moved: true });
  });
  test('coordinates in a system that the hub does not keep', async () => {
    const path = files.write('gk.geojson', '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4543"}},"features":[{"type":"Feature","properties":{"poiCode":"T-2"},"geometry":null}]}');
    await expect(load('PointOfInterest', path, '620623-ZR')).rejects.toThrow(/EPSG::4543.*Convert it/);
  });
});

describe('what is refused as a whole', () => {
  const refused = (what: string, path: string, source = '620623-SC') => load(what, path, source).then(() => null, (error: unknown) => (error instanceof HubError ? error.message : error));
  test('a header without a key says what was found and what is needed', async () => {
    expect(await refused('LegalEntity', files.write('nokey.csv', '名称,住所\n甲,乙\n'))).toMatch(/cannot be read as LegalEntity: a column for uscc is needed.*Its header has: 名称, 住所\. Recognized: name, domicile/);
    expect(await refused('KeyPerson', files.write('keyless.csv', '任职单位统一社会信用代码,姓名\n'))).toMatch(/has no natural key, so a column sourceKey is needed/);
    expect(await refused('legal-entities', files.write('nothing.csv', '甲,乙\n1,2\n'))).toMatch(/fits no record type.*--type/);
    expect(await refused('Person', files.write('big5.csv', Buffer.concat([Buffer.from('a4bda5c1a8ada5f7b8b9bd58', 'hex'), Buffer.from(',name\n')])))).toMatch(/read as GB18030; if its names look wrong/);
    expect(await refused('Person', files.write('twice.csv', '姓名,姓名,公民身份号码\n'))).toMatch(/stands twice/);
    expect(await refused('Person', files.write('cr.csv', '公民身份号码,姓名\r1,2\r'))).toMatch(/carriage return alone/);
    expect(await refused('Person', files.write('list.json', '[1,2]'))).toMatch(/holds no objects/);
    expect(await refused('Person', files.write('broken.jsonl', '{"idNumber": \n'))).toMatch(/is no JSON object/);
  });
  test('an unknown source, a day that is none, a reject file that is another file', async () => {
    const path = files.write('one.csv', `uscc,name\n${uscc(40)},甲\n`);
    expect(await refused('LegalEntity', path, '999999-XX')).toMatch(/is no department/);
    await expect(load('LegalEntity', path, '620623-SC', { effectiveFrom: '2001-02-29' })).rejects.toThrow(/--effective-from/);
    await expect(load('LegalEntity', path, '620623-SC', { rejects: files.write('precious.txt', 'do not lose me') })).rejects.toThrow(/is no reject file/);
    expect(readFileSync(`${files.folder}/precious.txt`, 'utf8')).toBe('do not lose me');
  });
  test('a long line and broken characters cost their row', async () => {
    const content = Buffer.concat([Buffer.from(`uscc,name\n${uscc(41)},甲\n${uscc(42)},${'x'.repeat(3 << 20)}\n${uscc(43)},`), Buffer.from([0xe5, 0xff]), Buffer.from(`\n${uscc(44)},丁\n${'乙'.repeat(100)}\n`)]);
    const result = await load('LegalEntity', files.write('mess.csv', content), '620623-SC');
    expect(result.counts).toMatchObject({ applied: 2, rejected: 3 });
    expect(rejectsIn(result.rejects).map(({ reason }) => reason)).toEqual([expect.stringMatching(/The line has 31\d{5} bytes/), expect.stringMatching(/no UTF-8/), 'The row has 1 fields; the header has 2.']);
  });
});

test('every foreign column leads to a field of the contract', () => {
  const wrong = foreignFields().filter(([type, field]) => hub.schema.contract.types.get(type)?.fields.get(field)?.kind !== 'leaf');
  expect(foreignFields().length).toBeGreaterThan(100);
  expect(wrong).toEqual([]);
});

/** Text in GB18030: the runtime decodes it but does not encode it, so its table is made by decoding every pair of bytes once. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const table = new Map<string, Buffer>();
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) {
      const bytes = Buffer.from([high, low]);
      table.set(decoder.decode(bytes), bytes);
    }
  }
  return Buffer.concat([...text].map((char) => (char < '\u0080' ? Buffer.from(char) : (table.get(char) ?? Buffer.from('?')))));
}
