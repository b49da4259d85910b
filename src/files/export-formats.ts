/**
 * The three forms of an export: CSV for tables (UTF-8 with its mark, so that spreadsheets read Chinese), JSON Lines, GeoJSON.
 *
 * Empty values are left out of objects and are empty cells: an import takes both as "says nothing". Lists, geometries and JSON values
 * stand in CSV cells as JSON.
 */
import type { LeafField } from '../registries/contract.ts';
import { rowText } from './csv.ts';

export const exportFormats = ['csv', 'jsonl', 'geojson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

type Node = Readonly<Record<string, unknown>>;

/** Writes records as text. `row` ends what it writes. */
export interface ExportWriter {
  begin(): string;
  /** `key`: the source's own key of the record, where the consumer's department supplied it. */
  row(node: Node, key: string | undefined): string;
  end(): string;
}

/** A table: `sourceKey` first, if there is one, then the fields in the order of the contract. */
export function csvWriter(fields: readonly LeafField[], withKey: boolean): ExportWriter {
  const names = fields.map(({ name }) => name);
  return {
    begin: () => `\ufeff${rowText([...(withKey ? ['sourceKey'] : []), ...names])}`,
    row: (node, key) => rowText([...(withKey ? [key ?? ''] : []), ...names.map((name) => cell(node[name]))]),
    end: () => '',
  };
}

/** One object a line. */
export function jsonlWriter(fields: readonly LeafField[], withKey: boolean): ExportWriter {
  return {
    begin: () => '',
    row: (node, key) => `${JSON.stringify({ ...(withKey && key !== undefined ? { sourceKey: key } : {}), ...told(fields, node) })}\n`,
    end: () => '',
  };
}

/** A FeatureCollection, one feature a line; longitude and latitude in EPSG:4490. */
export function geojsonWriter(fields: readonly LeafField[], geometry: LeafField, withKey: boolean): ExportWriter {
  const properties = fields.filter((field) => field !== geometry);
  let first = true;
  return {
    begin: () => '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[\n',
    row: (node, key) => {
      const feature = { type: 'Feature', properties: { ...(withKey && key !== undefined ? { sourceKey: key } : {}), ...told(properties, node) }, geometry: node[geometry.name] ?? null };
      const text = `${first ? '' : ',\n'}${JSON.stringify(feature)}`;
      first = false;
      return text;
    },
    end: () => '\n]}\n',
  };
}

function told(fields: readonly LeafField[], node: Node): Node {
  return Object.fromEntries(fields.flatMap(({ name }) => (node[name] === null || node[name] === undefined ? [] : [[name, node[name]] as const])));
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
