/**
 * How many records lie in each division (区划), counted every few hours into a table of their own: a map costs the same whatever is held.
 *
 * A record lies where its declaration says (`subject.place`), a person where he is registered (户籍地). Records of CERTIFICATES and CREDIT,
 * and whatever else has no place of its own, are counted in no division.
 *
 * What is about persons is told in tens, and not at all below ten: else the difference between a township and its other villages, or
 * between two days, would tell of a few. Whether it is, says the sensitivity of the item that such a record exists.
 */
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import type { Contract, RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import { isPersonal } from '../sharing/catalog.ts';
import type { Catalog } from '../sharing/catalog.ts';

/** A division, and how many records lie in it. */
export interface DivisionFigures {
  readonly divisionCode: string;
  readonly name: string;
  /** 1 province, 2 prefecture, 3 county, 4 township, 5 village. */
  readonly level: number;
  readonly parentCode: string | null;
  readonly figures: readonly DivisionFigure[];
}

/** Records of one type in a division. */
export interface DivisionFigure {
  readonly registry: RegistryName;
  readonly recordType: string;
  /** It is about persons, and told in tens. */
  readonly inTens: boolean;
  /** Null: fewer than ten, or none, of what is told in tens. */
  readonly count: number | null;
}

/** What counting takes. `now`: ISO 8601. */
export interface DivisionCounting {
  readonly sql: postgres.Sql;
  readonly now: string;
  readonly contract: Pick<Contract, 'types'>;
}

/** Milliseconds for which a count is good. */
const goodForMs = 6 * 3_600_000;
/** The type whose records are the divisions themselves, and the place of types that have none of their own. */
const itself = 'AdministrativeDivision';
const otherPlaces: Readonly<Record<string, string>> = { Person: 'registeredDivisionCode' };

/** How many digits of its code all that lies in a division has in common with it. */
export const prefixOf = (sql: postgres.Sql) => sql`left(d.division_code, case d.level when 1 then 2 when 2 then 4 when 3 then 6 when 4 then 9 else 12 end)`;

/** Counts anew where the last count is no longer good. */
export async function keepDivisionCounts(counting: DivisionCounting): Promise<void> {
  const { sql, now } = counting;
  const [last] = await sql<{ at: string | null }[]>`select max(counted_at)::text as at from division_count`;
  if (last?.at === null || last?.at === undefined || Math.abs(Date.parse(now) - Date.parse(last.at)) >= goodForMs) await countDivisions(counting);
}

/** Counts all divisions. */
export async function countDivisions({ sql, now, contract }: DivisionCounting): Promise<void> {
  try {
    await sql.begin(async (tx) => {
      // Two who count at once would write the same rows: the second one waits, and counts once more.
      await tx`lock table division_count in share row exclusive mode`;
      await tx`delete from division_count`;
      await tx`delete from division_hull`;
      for (const [type, place] of placed(contract)) {
        await tx`
          insert into division_count (division_code, record_type, count, counted_at)
          select ${tx(place)}, ${type.name}, count(*), ${now} from ${tx(type.model.tableName)} where ${tx(place)} is not null group by 1`;
      }
      await tx`
        insert into division_hull (division_code, hull) select division_code, ST_AsText(ST_ConvexHull(ST_Collect(geometry)))
        from standard_address where geometry is not null and division_code is not null group by 1`;
    });
  } catch (error) {
    throw safeError(error, 'count the records of divisions');
  }
}

/** The figures of a division, and of those directly below it. Throws `BAD_INPUT` where there is no such division. */
export async function divisionFigures(sql: postgres.Sql, { contract, catalog }: { readonly contract: Pick<Contract, 'types'>; readonly catalog: Catalog }, parentCode: string): Promise<{ readonly countedAt: string | null; readonly divisions: readonly DivisionFigures[] }> {
  try {
    const rows = await sql<(Omit<DivisionFigures, 'figures'> & { counts: string })[]>`
      select d.division_code as "divisionCode", d.name, d.level, d.parent_code as "parentCode",
        (select coalesce(json_object_agg(record_type, n), '{}') from (select c.record_type, sum(c.count)::float8 as n from division_count c where starts_with(c.division_code, ${prefixOf(sql)}) group by 1) own)::text as counts
      from administrative_division d where d.division_code = ${parentCode} or d.parent_code = ${parentCode} order by d.level, d.division_code`;
    if (!rows.some(({ divisionCode }) => divisionCode === parentCode)) throw unknownDivision(parentCode);
    const [last] = await sql<{ at: string | null }[]>`select max(counted_at)::text as at from division_count`;
    const types = placed(contract).map(([type]) => ({ type, inTens: personal(type, catalog) }));
    return {
      countedAt: last?.at === null || last?.at === undefined ? null : new Date(last.at).toISOString(),
      divisions: rows.map(({ counts, ...division }) => {
        const by = JSON.parse(counts) as Readonly<Record<string, number>>;
        return { ...division, figures: types.map(({ type, inTens }) => ({ registry: type.model.registry, recordType: type.name, inTens, count: told(by[type.name] ?? 0, inTens) })) };
      }),
    };
  } catch (error) {
    throw error instanceof HubError ? error : safeError(error, 'read the figures of divisions');
  }
}

/** No division has this code. */
export function unknownDivision(code: string): HubError {
  return new HubError('BAD_INPUT', `No division has the code ${code}. Name one of 12 digits that the hub holds, such as the county's; administrativeDivisions lists them.`);
}

function told(count: number, inTens: boolean): number | null {
  if (!inTens) return count;
  return count < 10 ? null : Math.floor(count / 10) * 10;
}

/** An item that the catalog does not know is personal. */
function personal({ existsItem }: RecordType, catalog: Catalog): boolean {
  const item = catalog.item(existsItem);
  return item === undefined || isPersonal(item);
}

/** Types whose records lie somewhere, and the column that says where. */
function placed({ types }: Pick<Contract, 'types'>): readonly (readonly [RecordType, string])[] {
  return [...types.values()].flatMap((type) => {
    const column = type.model.columns[type.model.subject.place ?? otherPlaces[type.name] ?? ''];
    return column === undefined || type.name === itself ? [] : [[type, column.name] as const];
  });
}
