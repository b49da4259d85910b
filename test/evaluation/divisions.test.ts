/**
 * Divisions as administrators see them on a map: counts that tell of nobody, and shapes drawn from what is open to all.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countDivisions } from '../../src/evaluation/divisions.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

const county = '620623000000';
let hub: TestHub;
const count = () => countDivisions({ sql: hub.database.sql, now: '2026-11-24T02:00:00.000Z', contract: hub.schema.contract });
beforeAll(async () => {
  hub = await clonedHub();
  await count();
});
afterAll(() => hub.close());

interface Figures {
  readonly divisionCode: string;
  readonly level: number;
  readonly parentCode: string | null;
  readonly figures: readonly { readonly registry: string; readonly recordType: string; readonly inTens: boolean; readonly count: string | null }[];
}
interface Shape {
  readonly divisionCode: string;
  readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
  readonly drawnFrom: string | null;
}
const figuresOf = async (parentCode?: string) => {
  const { data, errors } = await hub.ask('system', 'query ($parentCode: String) { divisionFigures(parentCode: $parentCode) { countedAt divisions { divisionCode name level parentCode figures { registry recordType inTens count } } } }', { variables: { parentCode } });
  expect(errors).toEqual([]);
  return (data['divisionFigures'] as unknown as { divisions: readonly Figures[] }).divisions;
};
const shapesOf = async (parentCode?: string, of: TestHub = hub) =>
  (await of.ask('auditor', 'query ($parentCode: String) { divisionShapes(parentCode: $parentCode) { divisionCode geometry drawnFrom } }', { variables: { parentCode } })).data['divisionShapes'] as unknown as readonly Shape[];
const figure = (of: Figures | undefined, recordType: string) => of?.figures.find((one) => one.recordType === recordType);
const held = async (table: string, column: string, prefix: string) => Number((await hub.database.sql<{ n: string }[]>`select count(*)::text as n from ${hub.database.sql(table)} where starts_with(${hub.database.sql(column)}, ${prefix})`)[0]?.n);

test('a division counts what lies in it and in all below: exactly what is no person\'s, in tens what is', async () => {
  const [own, ...townships] = await figuresOf();
  expect(own).toMatchObject({ divisionCode: county, level: 3 });
  expect(townships.length).toBeGreaterThan(10);
  expect(new Set(townships.map((one) => `${one.level} ${one.parentCode}`))).toEqual(new Set([`4 ${county}`]));
  const addresses = await held('standard_address', 'division_code', '620623');
  expect(figure(own, 'StandardAddress')).toEqual({ registry: 'SPATIAL', recordType: 'StandardAddress', inTens: false, count: String(addresses) });
  expect(townships.reduce((sum, one) => sum + Number(figure(one, 'StandardAddress')?.count), 0)).toBe(addresses);
  expect(figure(own, 'Person')).toMatchObject({ inTens: true, count: String(Math.floor(await held('person', 'registered_division_code', '620623') / 10) * 10) });
  const villages = await figuresOf(townships[0]?.divisionCode);
  expect(villages.length).toBeGreaterThan(2);
  // Few are never told, wherever one looks; not even that there are none.
  for (const { figures } of [own, ...townships, ...villages].filter((one) => one !== undefined)) {
    for (const { inTens, count: told } of figures) if (inTens) expect(told === null || (Number(told) >= 10 && Number(told) % 10 === 0)).toBe(true);
  }
  expect(villages.flatMap(({ figures }) => figures).some(({ inTens, count: told }) => inTens && told === null)).toBe(true);
});

test('a division that nobody has registered is no map', async () => {
  for (const asked of ['{ divisionFigures(parentCode: "999999000000") { countedAt } }', '{ divisionShapes(parentCode: "999999000000") { name } }']) expect((await hub.ask('system', asked)).errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_INPUT']);
});

test('shapes are the registered areas; without one the hull around the addresses; without either none, and that is said', async () => {
  const shapes = await shapesOf();
  expect(new Set(shapes.map(({ geometry, drawnFrom }) => `${drawnFrom} ${geometry?.type}`))).toEqual(new Set(['REGISTERED MultiPolygon']));
  const { sql } = hub.database;
  const [, first, second] = shapes;
  const prefix = first?.divisionCode.slice(0, 9) ?? '';
  await sql`update administrative_division set geometry = null where division_code in (${first?.divisionCode ?? ''}, ${second?.divisionCode ?? ''})`;
  await sql`delete from division_hull where starts_with(division_code, ${second?.divisionCode.slice(0, 9) ?? ''})`;
  const [, hull, none] = await shapesOf();
  expect(hull).toMatchObject({ drawnFrom: 'ADDRESSES', geometry: { type: 'MultiPolygon' } });
  expect(none).toMatchObject({ drawnFrom: null, geometry: null });
  // It lies around the addresses, give or take what was rounded.
  const [outside] = await sql<{ n: number }[]>`
    select count(*)::integer as n from standard_address where starts_with(division_code, ${prefix}) and not ST_DWithin(geometry, ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(hull?.geometry)}), 4490), 0.001)`;
  const [hulled] = await sql<{ n: number }[]>`select count(*)::integer as n from division_hull where starts_with(division_code, ${prefix})`;
  expect(hulled?.n).toBeGreaterThan(0);
  expect(outside?.n).toBeLessThan(3 * 20);
});

test('what is not shared without condition is not drawn from', async () => {
  const closed = await clonedHub({ item: (item) => (item.code === 'KJ-0006' ? { ...item, shareType: 'CONDITIONAL', condition: '有条件' } : item) });
  try {
    await countDivisions({ sql: closed.database.sql, now: '2026-11-24T02:00:00.000Z', contract: closed.schema.contract });
    const shapes = await shapesOf(undefined, closed);
    expect(shapes.some(({ drawnFrom }) => drawnFrom === 'REGISTERED')).toBe(false);
    expect(shapes.some(({ drawnFrom }) => drawnFrom === 'ADDRESSES')).toBe(true);
  } finally {
    await closed.close();
  }
});

test('both are for administrators', async () => {
  for (const caller of ['market', 'stranger'] as const) {
    for (const asked of ['{ divisionFigures { countedAt } }', '{ divisionShapes { name } }']) expect((await hub.ask(caller, asked)).errors[0]?.extensions['code']).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
  }
});
