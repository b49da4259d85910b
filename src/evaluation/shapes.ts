/**
 * Divisions as they are drawn: the area that the register holds (区划范围), simplified to what a screen shows; where it holds none, the
 * hull around the addresses in it, coarsely, which says where people live and not where the border runs; else nothing.
 *
 * Only what is shared without condition is drawn from: administrators read nothing else of records, so what a department has not opened to all
 * others stays with those to whom it was granted.
 */
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import type { Contract } from '../registries/contract.ts';
import { isPersonal } from '../sharing/catalog.ts';
import type { Catalog } from '../sharing/catalog.ts';
import { prefixOf, unknownDivision } from './divisions.ts';

/** A division as it is drawn. */
export interface DivisionShape {
  readonly divisionCode: string;
  readonly name: string;
  readonly level: number;
  readonly parentCode: string | null;
  /** A GeoJSON MultiPolygon, EPSG:4490; null: there is nothing to draw it from. */
  readonly geometry: unknown;
  readonly drawnFrom: 'REGISTERED' | 'ADDRESSES' | null;
}

/** A line is straightened by this share of the whole picture at most: less than a pixel of a screen. */
const tolerance = 1 / 2000;

/** A division and those directly below it. Throws `BAD_INPUT` where there is no such division. */
export async function divisionShapes(sql: postgres.Sql, { contract, catalog }: { readonly contract: Contract; readonly catalog: Catalog }, parentCode: string): Promise<readonly DivisionShape[]> {
  const may = (type: string) => isOpen(contract, catalog, type);
  try {
    const rows = await sql<(Omit<DivisionShape, 'geometry'> & { geometry: string | null })[]>`
      with chosen as (select d.*, ${prefixOf(sql)} as prefix from administrative_division d where d.division_code = ${parentCode} or d.parent_code = ${parentCode}),
      picture as (select ${tolerance}::float8 * greatest(ST_XMax(e) - ST_XMin(e), ST_YMax(e) - ST_YMin(e)) as tolerance from (select ST_Extent(geometry)::box3d as e from chosen) extent)
      select division_code as "divisionCode", name, level, parent_code as "parentCode",
        case when registered is not null then registered else hull end as geometry, case when registered is not null then 'REGISTERED' when hull is not null then 'ADDRESSES' end as "drawnFrom"
      from (
        select c.*, case when ${may('AdministrativeDivision')} then ST_AsGeoJSON(ST_Multi(ST_SimplifyPreserveTopology(c.geometry, coalesce(p.tolerance, 0))), 5, 0) end as registered,
          case when ${may('StandardAddress')} and (c.geometry is null or not ${may('AdministrativeDivision')}) then (
            select case when ST_GeometryType(around) = 'ST_Polygon' then ST_AsGeoJSON(ST_Multi(around), 3, 0) end
            from (select ST_ConvexHull(ST_Collect(ST_GeomFromText(h.hull, 4490))) as around from division_hull h where starts_with(h.division_code, c.prefix)) hulls) end as hull
        from chosen c, picture p) drawn
      order by level, division_code`;
    if (!rows.some(({ divisionCode }) => divisionCode === parentCode)) throw unknownDivision(parentCode);
    return rows.map((row) => ({ ...row, geometry: row.geometry === null ? null : JSON.parse(row.geometry) as unknown }));
  } catch (error) {
    throw error instanceof HubError ? error : safeError(error, 'draw divisions');
  }
}

/** Is a type's geometry, and that there are such records, shared without condition, and nobody's personal information? */
function isOpen({ types }: Contract, catalog: Catalog, name: string): boolean {
  const type = types.get(name);
  const items = [type?.existsItem ?? '', ...(type?.fields.get('geometry')?.items ?? [''])].map((code) => catalog.item(code));
  return items.every((item) => item !== undefined && item.shareType === 'UNCONDITIONAL' && !isPersonal(item));
}
