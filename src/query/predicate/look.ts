/**
 * What a predicate looks at, gathered while it is read: records, their fields, the edges from them. From it follow the items that it
 * takes, what it costs and whose data it tells of.
 */
import type { Contract, LeafField, RecordType, RelationField } from '../../registries/contract.ts';
import type { Ask } from '../../sharing/terms.ts';
import type { Look, Over, Predicate, Step, Variable } from './terms.ts';

/** A look that is still being filled. */
export interface OpenLook extends Look {
  readonly fields: Map<string, LeafField>;
  readonly over: Map<string, Over & { times: number; readonly look: OpenLook }>;
}

/** Nothing is looked at yet. */
export function openLook(type: RecordType): OpenLook {
  return { type, fields: new Map(), over: new Map() };
}

/** Goes over an edge once more. */
export function stepFrom(look: OpenLook, { field, type }: Step): OpenLook {
  const known = look.over.get(field.name) ?? { field, times: 0, look: openLook(type) };
  known.times += 1;
  look.over.set(field.name, known);
  return known.look;
}

/** The type behind an edge. */
export function farType({ types }: Contract, { link }: RelationField): RecordType | undefined {
  return types.get(link.toType);
}

/**
 * Every item that is taken by what is looked at, each once at each coordinate. Of a record of which no field is read it is taken that
 * there is one: else it would not exist for a caller who has nothing but what is taken here, and be taken for absent.
 */
export function asksOf(look: Look): readonly Ask[] {
  const asks = new Map<string, Ask>();
  eachLook(look, (own) => asksOfRecord(own).forEach((ask) => asks.set(`${ask.item} ${ask.at}`, ask)));
  return [...asks.values()];
}

/** Those of one record, without what is behind it. */
export function asksOfRecord({ type, fields, over }: Look): readonly Ask[] {
  const ask = (items: readonly string[], at: string, computed = false): readonly Ask[] => items.map((item) => ({ item, use: 'verify', at, ...(computed ? { whole: true } : {}) }));
  return [
    ...(fields.size === 0 ? ask([type.existsItem], type.name) : []),
    ...[...fields.values()].flatMap(({ name, items, derived }) => ask(items, `${type.name}.${name}`, derived !== null)),
    ...[...over.values()].flatMap(({ field: { name, items } }) => ask(items, `${type.name}.${name}`)),
  ];
}

/** Whatever is looked at, the nearest first. */
export function eachLook(look: Look, see: (look: Look) => void): void {
  see(look);
  for (const { look: beyond } of look.over.values()) eachLook(beyond, see);
}

/** How many values and edges are looked at, each edge as often as it is. */
export function edgesAndValues(look: Look): { readonly edges: number; readonly values: number } {
  const counted = { edges: 0, values: 1 };
  eachLook(look, ({ fields, over }) => {
    counted.values += fields.size;
    for (const { times } of over.values()) counted.edges += times;
  });
  return counted;
}

/** A predicate of which nothing is known but what it looks at: it is judged, and never run. */
export function onlyLooking(look: Look): Predicate {
  const subject: Variable = { name: null, look, read: look.fields };
  return { type: look.type, subject, look, asks: asksOf(look), expression: { kind: 'literal', type: 'boolean', value: null } };
}
