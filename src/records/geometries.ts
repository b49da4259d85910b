/**
 * The form in which geometries are stored and compared, which only the database knows.
 */
import { HubError } from '../errors.ts';
import type { Session } from './tables.ts';

const geometryTextSql = `select n, st_asewkt(case when multi then st_multi(g) else g end) as ewkt, st_srid(g) as srid
  from (select n, shape = 'multi' as multi, case when sent like '{%' then st_setsrid(st_geomfromgeojson(sent), 4490) else st_geomfromewkt(sent) end as g
        from unnest($1::text[], $2::text[]) with ordinality as t (sent, shape, n)) read order by n`;

/** Geometries as they were sent → as they are stored and compared: EWKT in EPSG:4490, a Multi type where the column asks for one. */
export async function storedGeometries(session: Session, sent: readonly { readonly text: string; readonly multi: boolean }[]): Promise<string[]> {
  if (sent.length === 0) return [];
  const rows = await session.unsafe(geometryTextSql, [sent.map(({ text }) => text), sent.map(({ multi }) => (multi ? 'multi' : 'any'))], { prepare: true });
  return rows.map(({ ewkt, srid }) => {
    if (srid === 0) return `SRID=4490;${ewkt as string}`;
    if (srid !== 4490) throw new HubError('BAD_INPUT', 'A geometry of a record has to be in EPSG:4490.');
    return ewkt as string;
  });
}
