/**
 * Loads what every hub needs before its first record: departments, code tables, the catalog, service matters and what they ask for,
 * the working calendar, the real divisions.
 *
 * It may run at every start: what is there stays as it is. A catalog item or a matter that its owner has changed is never
 * overwritten, only new ones come in. What callers' rights hang on moves the log of policy by itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type postgres from 'postgres';
import { writeClaims } from '../records/write.ts';
import type { SourceClaim, WriteContext } from '../records/write.ts';
import { modelOf } from './claims.ts';
import { readSeed } from './csv.ts';
import { atLevel, namedAtLevel, writtenAtLevel } from './level.ts';
import type { HubLevel } from './level.ts';
import { divisionRows } from './places.ts';

/** What came in. */
export interface Loaded {
  readonly departments: number;
  readonly codes: number;
  readonly items: number;
  readonly matters: number;
  /** Years of the working calendar. */
  readonly years: number;
  readonly divisions: number;
}

/** The edition of the divisions, as their version and the moment from which the source tells it. */
const edition = { version: 'nbs-2023', at: '2023-12-31T16:00:00.000Z', effectiveFrom: '2001-05-09' };

const divisionsSource = '620623-MZ';

/** Loads the reference data that is missing. */
export async function loadReference(sql: postgres.Sql, context: WriteContext, level: HubLevel = 'county'): Promise<Loaded> {
  const loaded = await sql.begin(async (tx) => {
    const departments = await insertDepartments(tx, level);
    const codes = await insertCodes(tx);
    const places = await insertResources(tx, context.today, level);
    const items = await insertItems(tx, places, level);
    const matters = await insertMatters(tx, level);
    await publishDefinitions(tx, context.now, level);
    const years = await insertYears(tx, context.now);
    return { departments, codes, items, matters, years };
  });
  return { ...loaded, divisions: await loadDivisions(context, level) };
}

async function insertDepartments(tx: postgres.TransactionSql, level: HubLevel): Promise<number> {
  const seeds = readSeed('departments.csv', ['code', 'name', 'role', 'uscc']).map(({ uscc, ...row }) => ({ ...row, uscc: uscc === '' ? null : uscc }));
  // A city's hub knows its counties' departments too: what they tell comes up to it.
  const own = level === 'city' ? seeds.map(({ code, name, role }) => ({ code: atLevel(level, code), name: namedAtLevel(level, name), role, uscc: null })) : [];
  const rows = [...new Map([...own, ...seeds.map((row) => (level === 'city' && row.code.startsWith('620623-') ? { ...row, role: 'PROVIDER' } : row))].map((row) => [row.code, row])).values()];
  const result = await tx`insert into department ${tx(rows, 'code', 'name', 'role', 'uscc')} on conflict do nothing`;
  // A hub of before knows its departments, and not who they are on certificates.
  for (const { code, uscc } of rows) if (uscc !== null) await tx`update department set uscc = ${uscc} where code = ${code} and uscc is null`;
  return result.count;
}

async function insertCodes(tx: postgres.TransactionSql): Promise<number> {
  const rows = readSeed('codes.csv', ['table', 'standard', 'code', 'name', 'verified'])
    .map(({ table, verified, ...row }) => ({ ...row, code_table: table, verified: truth(verified) }));
  const result = await tx`insert into code_entry ${tx(rows, 'code_table', 'standard', 'code', 'name', 'verified')} on conflict do nothing`;
  return result.count;
}

const itemColumns = ['code', 'name', 'ownerDepartment', 'kind', 'shareType', 'condition', 'keyShareType', 'sensitivity', 'mask', 'updateCycle', 'open', 'standard'] as const;

/** Which items belong to a resource: all codes from the first to the last. */
interface ItemRange {
  readonly resource: string;
  readonly first: string;
  readonly last: string;
}

/** The information resources of the five libraries; gives which items are theirs. What is there stays as it is. */
async function insertResources(tx: postgres.TransactionSql, today: string, level: HubLevel): Promise<readonly ItemRange[]> {
  const seeds = readSeed('resources.csv', ['code', 'name', 'department', 'abstract', 'formatCategory', 'formatType', 'shareMode', 'updateCycle', 'firstItem', 'lastItem']);
  const rows = seeds.map((row) => ({
    code: row.code, name: row.name, department_code: atLevel(level, row.department), abstract: row.abstract, format_category: row.formatCategory, format_type: row.formatType, share_mode: row.shareMode, update_cycle: row.updateCycle, published_on: today, state: 'PUBLISHED',
  }));
  await tx`insert into catalog_resource ${tx(rows)} on conflict do nothing`;
  const ranges = seeds.map((row) => ({ resource: row.code, first: row.firstItem, last: row.lastItem }));
  // Items of a hub that is older than its resources.
  for (const { resource, first, last } of ranges) await tx`update catalog_item set resource_code = ${resource} where resource_code is null and code collate "C" between ${first} and ${last}`;
  return ranges;
}

async function insertItems(tx: postgres.TransactionSql, ranges: readonly ItemRange[], level: HubLevel): Promise<number> {
  const files = readdirSync(new URL('../../seeds/catalog/', import.meta.url)).filter((name) => name.endsWith('.csv')).sort();
  let count = 0;
  for (const file of files) {
    const rows = readSeed(`catalog/${file}`, itemColumns).map((row) => ({
      code: row.code, name: row.name, owner_department: atLevel(level, row.ownerDepartment), kind: row.kind, share_type: row.shareType, condition: row.condition,
      key_share_type: row.keyShareType === '' ? null : row.keyShareType, sensitivity: row.sensitivity, mask: row.mask,
      update_cycle: row.updateCycle, open: truth(row.open), standard: row.standard,
      resource_code: ranges.find(({ first, last }) => first <= row.code && row.code <= last)?.resource ?? null,
    }));
    const result = await tx`insert into catalog_item ${tx(rows)} on conflict do nothing`;
    count += result.count;
  }
  return count;
}

/** Codes are the county's own: the 31-digit implementation codes (实施编码) are given by the province. */
async function insertMatters(tx: postgres.TransactionSql, level: HubLevel): Promise<number> {
  const rows = readSeed('matters.csv', ['code', 'name', 'department', 'participants', 'kin', 'needsCase']).map((row) => ({
    code: atLevel(level, row.code), name: row.name, department_code: atLevel(level, row.department), participants: several(row.participants).map((code) => atLevel(level, code)), kin: several(row.kin), needs_case: truth(row.needsCase),
  }));
  const result = await tx`insert into matter ${tx(rows)} on conflict do nothing`;
  return result.count;
}

const definitionsFolder = new URL('../../seeds/matters/', import.meta.url);

/**
 * What each matter asks for, as its first version, where nobody has drafted one. The files are whole definitions (docs/matters.md),
 * nothing left out: they are stored as they stand.
 */
async function publishDefinitions(tx: postgres.TransactionSql, now: string, level: HubLevel): Promise<void> {
  const own = readdirSync(definitionsFolder).filter((name) => name.endsWith('.json')).sort().map((name) => ({
    matter: atLevel(level, name.slice(0, -'.json'.length)), definition: JSON.parse(readFileSync(new URL(name, definitionsFolder), 'utf8'), (_key, value: unknown) => (typeof value === 'string' ? writtenAtLevel(level, value) : value)) as unknown,
  }));
  for (const { matter, definition } of own) {
    const published = await tx`
      insert into matter_version (matter_code, version, definition, state, drafted_by, drafted_at, published_by, published_at)
      select code, 1, ${tx.json(definition as never)}, 'PUBLISHED', 'seed', ${now}, 'seed', ${now} from matter
      where code = ${matter} and not exists (select from matter_version v where v.matter_code = code)`;
    if (published.count > 0) await tx`update matter set published_version = 1 where code = ${matter}`;
  }
}

/** A year that is there stays as it was entered. */
async function insertYears(tx: postgres.TransactionSql, now: string): Promise<number> {
  const days = readSeed('working-days.csv', ['day', 'working', 'name']).map(({ day, working, name }) => ({ day, year: Number(day.slice(0, 4)), working: truth(working), name }));
  const entered = await tx<{ year: number }[]>`
    insert into working_year (year, entered_at, entered_by) select year, ${now}, 'seed' from unnest(${[...new Set(days.map(({ year }) => year))]}::int[]) year on conflict do nothing returning year`;
  const own = days.filter(({ year }) => entered.some((one) => one.year === year));
  if (own.length > 0) await tx`insert into working_day ${tx(own)}`;
  return entered.length;
}

function several(text: string): string[] {
  return text.split(';').filter((one) => one !== '');
}

function truth(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new RangeError('A yes or no of a seed is written true or false.');
  return text === 'true';
}

/** Parents first: the table refuses a division whose parent is not there. */
async function loadDivisions(context: WriteContext, level: HubLevel): Promise<number> {
  const claims = divisionRows().map((row): SourceClaim => ({
    key: row.code, ...edition, values: { divisionCode: row.code, name: row.name, level: row.level, divisionType: row.type, parentCode: row.parent ?? null },
  }));
  let changed = 0;
  for (let from = 0; from < claims.length; from += 1000) {
    const outcomes = await writeClaims(context, modelOf('AdministrativeDivision'), atLevel(level, divisionsSource), claims.slice(from, from + 1000));
    changed += outcomes.filter((outcome) => outcome.changed).length;
  }
  return changed;
}
