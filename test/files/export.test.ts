/**
 * Exports: what a consumer may have and nothing else; what was imported, exported and imported again, changes nothing.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportFormat } from '../../src/files/export-formats.ts';
import { fieldsOf } from '../../src/files/csv.ts';
import { exportRecords } from '../../src/files/export.ts';
import { callers, testMatter } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { count, Files, idNumber, importer, uscc } from './files.ts';

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

interface Exported {
  readonly text: string;
  readonly rows: number;
  readonly withheld: readonly string[];
}

async function unload(type: string, caller: CallerName, format: ExportFormat = 'csv'): Promise<Exported> {
  const record = hub.schema.contract.types.get(type);
  if (record === undefined) throw new Error(type);
  let text = '';
  const withheld: string[] = [];
  const rows = await exportRecords({
    type: record, consumer: `test-${caller}`, format, contract: hub.schema.contract, standing: hub.standing, matter: testMatter, database: hub.database,
    today: '2026-11-24', now: '2026-11-24T06:00:00.000Z',
    write: (part) => { text += part; }, onWithheld: (all) => withheld.push(...all.map(({ at }) => at)),
  });
  return { text, rows, withheld };
}

const header = ({ text }: Exported): string[] => fieldsOf(text.replace(/^\ufeff/, '').split('\r\n')[0] ?? '', ',');

describe('the same plan as queries', () => {
  test('every row of a browsable type, page by page, without what is withheld', async () => {
    const entities = Array.from({ length: 1200 }, (_, n) => `${uscc(500_000 + n)},合成${n}`);
    await load('LegalEntity', files.write('pages.csv', ['uscc,name', ...entities].join('\n')), '620623-SC');
    const exported = await unload('LegalEntity', 'police');
    expect(exported.rows).toBe(await count(hub, 'legal_entity'));
    expect(header(exported)).toContain('uscc');
    expect(header(exported)).not.toContain('legalRepIdNumber');
    expect(exported.withheld).toContain('LegalEntity.legalRepIdNumber');
    const place = header(exported).indexOf('uscc');
    expect(new Set(exported.text.split('\r\n').slice(1, -1).map((line) => fieldsOf(line, ',')[place])).size).toBe(exported.rows);
    // What the export leaves out is what a query answers with null.
    const answer = await hub.ask('police', '{ legalEntities(first: 1) { nodes { legalRepIdNumber name } } }');
    expect(answer.errors.map(({ extensions }) => String(extensions['at']))).toEqual(['LegalEntity.legalRepIdNumber']);
  });
  test('people are exported to who supplied them, and only those rows', async () => {
    await expect(unload('Person', 'naturalResources')).rejects.toThrow(/is not browsed: it is exported only to a department that supplies such records/);
    await expect(unload('DisabilityRecord', 'police')).rejects.toThrow(/is not browsed/);
    const exported = await unload('Person', 'police', 'jsonl');
    expect(exported.rows).toBe(await count(hub, `person where source = '${callers.police}'`));
    expect(exported.rows).toBeLessThan(await count(hub, 'person') + 1);
    expect(exported.text).not.toMatch(/politicalStatusCode|"id":|personKey/);
    const disabled = await unload('DisabilityRecord', 'disabledFederation');
    expect(disabled.rows).toBe(await count(hub, `disability_record where source = '${callers.disabledFederation}'`));
  });
  test('an unknown consumer; a type without geometry as GeoJSON', async () => {
    const record = hub.schema.contract.types.get('Branch');
    if (record === undefined) throw new Error('Branch');
    const options = { type: record, contract: hub.schema.contract, standing: hub.standing, matter: testMatter, database: hub.database, today: '2026-11-24', now: '2026-11-24T06:00:00.000Z', write: () => undefined };
    await expect(exportRecords({ ...options, consumer: 'nobody', format: 'csv' })).rejects.toThrow(/no consumer nobody/);
    await expect(exportRecords({ ...options, consumer: 'test-market', format: 'geojson' })).rejects.toThrow(/has no geometry/);
  });
});

describe('what was imported, exported and imported again changes nothing', () => {
  const versions = ['legal_entity_version', 'person_version', 'point_of_interest_version', 'key_person_version', 'source_record'];
  const state = async () => Promise.all(versions.map((table) => count(hub, table)));

  test('people as CSV and JSON Lines', async () => {
    await load('Person', files.write('people.csv', ['公民身份号码,姓名,性别,出生日期,户籍注销类别,身份证有效期止,更新时间', ...Array.from({ length: 30 }, (_, n) => `${idNumber(n)},"甲, ""乙"" ${n}",${n % 2 ? '男' : '女'},19800101,${n % 3 ? '' : '1'},${n % 5 ? '20301231' : '长期'},2026-01-0${1 + (n % 9)} 10:00:00`)].join('\n')), '620623-GA');
    const before = await state();
    for (const format of ['csv', 'jsonl'] as const) {
      const exported = await unload('Person', 'police', format);
      const again = await load('Person', files.write(`people-again.${format}`, exported.text), '620623-GA');
      expect(again.counts).toMatchObject({ applied: 0, stale: 0, conflict: 0, rejected: 0 });
      expect(again.counts.duplicate).toBe(exported.rows);
    }
    expect(await state()).toEqual(before);
  });
  test('geometries, lists and records without a natural key', async () => {
    const points = { type: 'FeatureCollection', features: Array.from({ length: 5 }, (_, n) => ({ type: 'Feature', properties: { poiCode: `E-${n}`, name: `点${n}` }, geometry: { type: 'Point', coordinates: [103.123456789 + n / 10, 37.1] } })) };
    await load('PointOfInterest', files.write('points.geojson', JSON.stringify(points)), callers.market);
    await load('KeyPerson', files.write('persons.csv', ['sourceKey,任职单位统一社会信用代码,姓名,任职日期', ...Array.from({ length: 5 }, (_, n) => `K-${n},${uscc(n)},扎西${n},2020/1/${n + 1}`)].join('\n')), callers.market);
    const before = await state();
    for (const format of ['csv', 'jsonl', 'geojson'] as const) {
      const exported = await unload('PointOfInterest', 'market', format);
      const again = await load('PointOfInterest', files.write(`points-again.${format}`, onlyMine(exported.text, format)), callers.market);
      expect([format, again.counts]).toMatchObject([format, { applied: 0, duplicate: 5, conflict: 0, rejected: 0 }]);
    }
    const persons = await unload('KeyPerson', 'market');
    expect((await load('KeyPerson', files.write('persons-again.csv', persons.text), callers.market)).counts).toMatchObject({ applied: 0, conflict: 0, rejected: 0 });
    expect(await state()).toEqual(before);
  });

  /** Rows that the test has loaded itself: others' rows, told again by this department, would be its own claims. */
  function onlyMine(text: string, format: ExportFormat): string {
    if (format === 'geojson') {
      const collection = JSON.parse(text) as { features: { properties: { poiCode: string } }[] };
      return JSON.stringify({ ...collection, features: collection.features.filter(({ properties }) => properties.poiCode.startsWith('E-')) });
    }
    const [first = '', ...rest] = text.split(/\r?\n/);
    return [format === 'csv' || first.includes('"E-') ? first : '', ...rest.filter((line) => line.includes('E-'))].filter((line) => line !== '').join('\n');
  }
});
