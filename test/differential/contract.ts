/**
 * The contract as the reference executor reads it: straight from the SDL's directives on the executable schema.
 */
import { getNamedType, Kind } from 'graphql';
import type { ConstDirectiveNode, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { links, records } from '../../src/registries/index.ts';
import type { Link } from '../../src/registries/links.ts';
import type { RecordModel } from '../../src/registries/record.ts';

/** A field of a record type. */
export type FieldMeta =
  | { readonly kind: 'leaf'; readonly item: string }
  | { readonly kind: 'verify'; readonly items: readonly string[]; readonly of: string; readonly argument: string; readonly by: string }
  | { readonly kind: 'derived'; readonly items: readonly string[]; readonly use: 'read' | 'verify'; readonly from: readonly string[]; readonly over: Link | null }
  | { readonly kind: 'one' | 'many'; readonly item: string; readonly link: Link };

export interface TypeMeta {
  readonly name: string;
  readonly model: RecordModel;
  readonly existsItem: string;
  readonly fields: ReadonlyMap<string, FieldMeta>;
  /** Items of which any, read on a row, makes the row exist. */
  readonly items: readonly string[];
  /** Fields whose equality is the use `key`. */
  readonly keys: ReadonlySet<string>;
}

export interface RootMeta {
  readonly name: string;
  readonly by: 'KEY' | 'KEYS' | 'NARROW' | 'PAGE';
  readonly type: TypeMeta;
  readonly argument: string;
}

export interface ContractMeta {
  readonly types: ReadonlyMap<string, TypeMeta>;
  readonly roots: ReadonlyMap<string, RootMeta>;
}

/** Reads it. */
export function readMeta(schema: GraphQLSchema): ContractMeta {
  const types = new Map<string, TypeMeta>();
  for (const model of records) {
    const type = schema.getType(model.type) as GraphQLObjectType;
    const fields = new Map<string, FieldMeta>();
    const keys = new Set<string>();
    for (const [name, { astNode, type: fieldType }] of Object.entries(type.getFields())) {
      const directives = astNode?.directives ?? [];
      const verify = argument(directives, 'verify', 'field');
      const item = argument(directives, 'item', 'code');
      const link = links.find((one) => one.fromType === model.type && one.field === name);
      const from = argument(directives, 'derived', 'from');
      if (verify) fields.set(name, { kind: 'verify', of: verify, items: itemsOf(fields.get(verify)), argument: astNode?.arguments?.[0]?.name.value ?? '', by: argument(directives, 'verify', 'by') ?? 'EQUAL' });
      else if (from) fields.set(name, derivedMeta(schema, model.type, from.split(' '), getNamedType(fieldType).name === 'Boolean'));
      else if (item && link) fields.set(name, { kind: getNamedType(fieldType).name.endsWith('Connection') ? 'many' : 'one', item, link });
      else if (item) fields.set(name, { kind: 'leaf', item });
      if (item && argument(directives, 'item', 'find')?.split(' ').includes('KEY')) keys.add(name);
    }
    const existsItem = argument(type.astNode?.directives ?? [], 'record', 'exists') ?? '';
    const items = [existsItem, ...[...fields.values()].flatMap((field) => (field.kind === 'leaf' ? [field.item] : []))];
    types.set(model.type, { name: model.type, model, existsItem, fields, items, keys });
  }
  const roots = new Map<string, RootMeta>();
  for (const [name, field] of Object.entries(schema.getQueryType()?.getFields() ?? {})) {
    const by = argument(field.astNode?.directives ?? [], 'lookup', 'by') as RootMeta['by'] | undefined;
    const type = types.get(getNamedType(field.type).name.replace(/Connection$/, ''));
    if (by && type) roots.set(name, { name, by, type, argument: field.args[0]?.name ?? '' });
  }
  return { types, roots };
}

/** The items that a field takes. */
export function itemsOf(field: FieldMeta | undefined): readonly string[] {
  return field === undefined ? [] : 'items' in field ? field.items : [field.item];
}

/** `edge.field` names the field of the records behind an edge; the edge takes its own item. */
function derivedMeta(schema: GraphQLSchema, type: string, from: readonly string[], isYesNo: boolean): FieldMeta {
  const itemAt = (owner: string, field: string) => argument((schema.getType(owner) as GraphQLObjectType).getFields()[field]?.astNode?.directives ?? [], 'item', 'code') ?? '';
  const over = links.find((link) => link.fromType === type && from.some((source) => source.startsWith(`${link.field}.`))) ?? null;
  const items = from.flatMap((source) => (over === null ? [itemAt(type, source)] : [itemAt(type, over.field), itemAt(over.toType, source.split('.')[1] ?? '')]));
  return { kind: 'derived', items: [...new Set(items)], use: isYesNo ? 'verify' : 'read', from: over === null ? from : [], over };
}

function argument(directives: readonly ConstDirectiveNode[], directive: string, name: string): string | undefined {
  const value = directives.find((one) => one.name.value === directive)?.arguments?.find((one) => one.name.value === name)?.value;
  if (value === undefined) return undefined;
  if (value.kind === Kind.LIST) return value.values.map((one) => ('value' in one ? String(one.value) : '')).join(' ');
  return 'value' in value ? String(value.value) : undefined;
}
