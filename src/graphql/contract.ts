/**
 * Joins the SDL with the registries' declarations, and refuses to start on any gap between the two: a field without
 * an item or a column, a column without a field, an edge without a link, an item that the catalog does not know.
 */
import { Kind } from 'graphql';
import type { DocumentNode, FieldDefinitionNode, ObjectTypeDefinitionNode } from 'graphql';
import { HubError } from '../errors.ts';
import { kindOf, scalarOf } from '../registries/columns.ts';
import type { ColumnKind } from '../registries/columns.ts';
import type { Contract, Find, LeafField, Lookup, RecordField, RecordType } from '../registries/contract.ts';
import type { Link } from '../registries/links.ts';
import { houseColumns } from '../registries/record.ts';
import type { WeakerQuestions } from '../sharing/plan.ts';
import type { RecordModel } from '../registries/record.ts';
import { argumentOf, directive, namedType } from './generate.ts';

/** Reads the contract of all records; `knownItem` tells whether the catalog has an item. Throws `CONTRACT_BROKEN` naming every gap. */
export function readContract(document: DocumentNode, records: readonly RecordModel[], links: readonly Link[], knownItem: (code: string) => boolean): Contract {
  const gaps: string[] = [];
  const nodes = document.definitions.filter((definition): definition is ObjectTypeDefinitionNode => definition.kind === Kind.OBJECT_TYPE_DEFINITION);
  const byName = new Map(nodes.filter((node) => directive(node, 'record')).map((node) => [node.name.value, node]));
  const types = new Map<string, RecordType>();
  for (const model of records) {
    const node = byName.get(model.type);
    if (node === undefined) gaps.push(`${model.type} is declared but not in the contract`);
    else types.set(model.type, readType(node, model, links, gaps));
  }
  for (const name of byName.keys()) if (!types.has(name)) gaps.push(`${name} is in the contract but not declared`);
  for (const link of links) checkLink(link, types, gaps);
  const lookups = readLookups(document, types, gaps);
  const itemsOfTypes = new Map([...types].map(([name, type]) => [name, readableItems(type)]));
  for (const type of types.values()) {
    for (const code of new Set([type.existsItem, ...[...type.fields.values()].flatMap((field) => field.items)])) {
      if (!knownItem(code)) gaps.push(`${type.name} uses item ${code}, which is not in the catalog`);
    }
  }
  if (types.size === 0) gaps.push('the contract has no record types');
  if (gaps.length > 0) throw new HubError('CONTRACT_BROKEN', `The contract and the declarations disagree:\n- ${gaps.join('\n- ')}`);
  return { types, lookups, itemsOfTypes, weaker: weakerQuestions(types) };
}

function readType(node: ObjectTypeDefinitionNode, model: RecordModel, links: readonly Link[], gaps: string[]): RecordType {
  const record = directive(node, 'record');
  if (argumentOf(record, 'registry') !== model.registry) gaps.push(`${model.type} is of registry ${model.registry} in its declaration only`);
  const fields = new Map<string, RecordField>();
  for (const field of node.fields ?? []) {
    const read = readField(field, model, links, fields, gaps);
    if (read) fields.set(field.name.value, read);
  }
  const internal = new Set(Object.keys(model.personKeys ?? {}));
  for (const column of Object.keys(model.columns)) {
    if (!houseColumns.has(column) && !internal.has(column) && !fields.has(column)) gaps.push(`${model.type}.${column} is a column that the contract does not have`);
  }
  if (model.key !== undefined && fields.get(model.key)?.kind !== 'leaf') gaps.push(`${model.type} has the key ${model.key}, which is no field`);
  for (const field of model.narrow?.flat() ?? []) if (!fields.has(field)) gaps.push(`${model.type} searches by ${field}, which is no field`);
  return { name: model.type, model, existsItem: String(argumentOf(record, 'exists') ?? ''), fields };
}

function readField(node: FieldDefinitionNode, model: RecordModel, links: readonly Link[], before: ReadonlyMap<string, RecordField>, gaps: string[]): RecordField | null {
  const name = node.name.value;
  const at = `${model.type}.${name}`;
  if (name === 'id' || directive(node, 'open')) return null;
  if (node.type.kind === Kind.NON_NULL_TYPE) gaps.push(`${at} is an item and must be nullable`);
  const verify = directive(node, 'verify');
  if (verify) {
    const of = before.get(String(argumentOf(verify, 'field')));
    if (of?.kind === 'leaf') return { kind: 'verify', name, items: of.items, of };
    gaps.push(`${at} verifies a field that does not stand before it`);
    return null;
  }
  const item = directive(node, 'item');
  if (!item) {
    gaps.push(`${at} has no @item`);
    return null;
  }
  const code = String(argumentOf(item, 'code'));
  const type = namedType(node.type);
  const link = links.find((own) => own.fromType === model.type && own.field === name);
  if (link) {
    const many = type.endsWith('Connection');
    if (many ? type !== `${link.toType}Connection` : type !== link.toType) gaps.push(`${at} leads to ${link.toType} but is a ${type}`);
    return { kind: 'relation', name, items: [code], many, link };
  }
  return readLeaf(node, model, code, new Set((argumentOf(item, 'find') ?? []) as readonly Find[]), gaps);
}

function readLeaf(node: FieldDefinitionNode, model: RecordModel, code: string, find: ReadonlySet<Find>, gaps: string[]): LeafField | null {
  const name = node.name.value;
  const at = `${model.type}.${name}`;
  const derived = model.derived?.[name] ?? null;
  const column = model.columns[name] ?? null;
  if (derived === null && column === null) {
    gaps.push(`${at} has neither a column nor a link`);
    return null;
  }
  const declared = typeText(node);
  const columnKind: ColumnKind = column ? kindOf(column) : (kindOfScalar(declared) ?? 'text');
  if (scalarOf[columnKind] !== declared) gaps.push(`${at} is a ${declared} but its column is a ${columnKind}`);
  if (find.has('KEY') && model.key !== name) gaps.push(`${at} is found by KEY but is not the key of ${model.type}`);
  if (find.has('SPATIAL') !== (columnKind === 'geometry')) gaps.push(`${at}: SPATIAL and geometry go together`);
  return { kind: 'leaf', name, items: [code], column, columnKind, derived, find };
}

function typeText(node: FieldDefinitionNode): string {
  return node.type.kind === Kind.LIST_TYPE ? `[${namedType(node.type)}!]` : namedType(node.type);
}

function kindOfScalar(scalar: string): ColumnKind | undefined {
  return (Object.keys(scalarOf) as ColumnKind[]).find((kind) => scalarOf[kind] === scalar);
}

function checkLink(link: Link, types: ReadonlyMap<string, RecordType>, gaps: string[]): void {
  const at = `${link.fromType}.${link.field}`;
  const from = types.get(link.fromType);
  const to = types.get(link.toType);
  if (from?.fields.get(link.field)?.kind !== 'relation') gaps.push(`the link ${at} is no relation of the contract`);
  if (from && !(link.fromColumn in from.model.columns)) gaps.push(`the link ${at} starts at ${link.fromColumn}, which is no column`);
  if (to && !(link.toColumn in to.model.columns)) gaps.push(`the link ${at} ends at ${link.toType}.${link.toColumn}, which is no column`);
}

/** What yes/no fields ask of the items of another field of the same record. */
function weakerQuestions(types: ReadonlyMap<string, RecordType>): WeakerQuestions {
  const known = new Map<string, ReturnType<WeakerQuestions>>();
  for (const { name, fields } of types.values()) {
    for (const field of fields.values()) {
      if (field.kind !== 'leaf') continue;
      const questions = [...fields.values()].filter((other) => other.kind === 'verify' && other.items.some((item) => field.items.includes(item)));
      known.set(`${name}.${field.name}`, questions.map((other) => ({ at: `${name}.${other.name}`, asks: other.items.map((item) => ({ item, use: 'verify' as const, at: `${name}.${other.name}` })) })));
    }
  }
  return (at) => known.get(at) ?? [];
}

/** Items whose reading makes a record exist for a caller. Edges are not among them: they tell of other records. */
function readableItems(type: RecordType): readonly string[] {
  return [...new Set([type.existsItem, ...[...type.fields.values()].flatMap((field) => (field.kind === 'leaf' ? field.items : []))])];
}

function readLookups(document: DocumentNode, types: ReadonlyMap<string, RecordType>, gaps: string[]): ReadonlyMap<string, Lookup> {
  const lookups = new Map<string, Lookup>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    if (definition.name.value !== 'Query') continue;
    for (const field of definition.fields ?? []) {
      const lookup = readLookup(field, types, gaps);
      if (lookup) lookups.set(lookup.root, lookup);
    }
  }
  return lookups;
}

function readLookup(field: FieldDefinitionNode, types: ReadonlyMap<string, RecordType>, gaps: string[]): Lookup | null {
  const root = field.name.value;
  const by = argumentOf(directive(field, 'lookup'), 'by') as Lookup['by'] | undefined;
  const type = types.get(namedType(field.type).replace(/Connection$/, ''));
  if (by === undefined) {
    if (type) gaps.push(`Query.${root} answers with ${type.name} but has no @lookup`);
    return null;
  }
  if (type === undefined) {
    gaps.push(`Query.${root} looks up what is no record type`);
    return null;
  }
  if (field.type.kind === Kind.NON_NULL_TYPE) gaps.push(`Query.${root} must be nullable`);
  if (by === 'PAGE' && !type.model.browsable) gaps.push(`Query.${root} pages through ${type.name}, which is not browsable`);
  if (by === 'NARROW' && !type.model.narrow?.length) gaps.push(`Query.${root} searches ${type.name}, which declares no combinations`);
  const argument = by === 'KEY' || by === 'KEYS' ? field.arguments?.find((own) => !['asOf', 'knownAt'].includes(own.name.value))?.name.value ?? null : null;
  if ((by === 'KEY' || by === 'KEYS') && (argument === null || !type.model.key)) gaps.push(`Query.${root} looks up by key but has no argument or ${type.name} no key`);
  return { root, by, type: type.name, argument };
}
