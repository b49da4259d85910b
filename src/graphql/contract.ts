/**
 * Joins the SDL with the registries' declarations, and refuses to start on any gap between the two: a field without
 * an item or a column, a column without a field, an edge without a link, an item that the catalog does not know.
 */
import { Kind } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, FieldDefinitionNode, ObjectTypeDefinitionNode } from 'graphql';
import { HubError } from '../errors.ts';
import { kindOf, scalarOf } from '../registries/columns.ts';
import type { ColumnKind } from '../registries/columns.ts';
import { confined, readsMore } from '../registries/derived.ts';
import type { Contract, Derivation, Find, LeafField, Lookup, RecordField, RecordType } from '../registries/contract.ts';
import type { Link } from '../registries/links.ts';
import { houseColumns } from '../registries/record.ts';
import type { WeakerQuestions } from '../sharing/plan.ts';
import type { RecordModel } from '../registries/record.ts';
import { argumentOf, directive, namedType } from './generate.ts';
import { readWeights } from './weights.ts';

/** Reads the contract of all records; `knownItem` tells whether the catalog has an item. Throws `CONTRACT_BROKEN` naming every gap. */
export function readContract(document: DocumentNode, records: readonly RecordModel[], links: readonly Link[], knownItem: (code: string) => boolean): Contract {
  const gaps: string[] = [];
  const nodes = document.definitions.filter((definition): definition is ObjectTypeDefinitionNode => definition.kind === Kind.OBJECT_TYPE_DEFINITION);
  const byName = new Map(nodes.filter((node) => directive(node, 'record')).map((node) => [node.name.value, node]));
  const types = new Map<string, RecordType>();
  for (const model of records) {
    const node = byName.get(model.type);
    if (node === undefined) gaps.push(`${model.type} is declared but not in the contract`);
    else types.set(model.type, readType(node, { model, links, byName, records, gaps }));
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
  return { types, lookups, itemsOfTypes, weaker: weakerQuestions(types), weights: readWeights(document) };
}

/** What a field is read with: the declaration of its record, and all others. */
interface Around {
  readonly model: RecordModel;
  readonly links: readonly Link[];
  readonly byName: ReadonlyMap<string, ObjectTypeDefinitionNode>;
  readonly records: readonly RecordModel[];
  readonly gaps: string[];
}

function readType(node: ObjectTypeDefinitionNode, around: Around): RecordType {
  const { model, gaps } = around;
  const record = directive(node, 'record');
  if (argumentOf(record, 'registry') !== model.registry) gaps.push(`${model.type} is of registry ${model.registry} in its declaration only`);
  const fields = new Map<string, RecordField>();
  for (const field of node.fields ?? []) {
    const read = readField(field, around, fields);
    if (read) fields.set(field.name.value, read);
  }
  const internal = new Set(Object.keys(model.personKeys ?? {}));
  for (const column of Object.keys(model.columns)) {
    if (!houseColumns.has(column) && !internal.has(column) && !fields.has(column)) gaps.push(`${model.type}.${column} is a column that the contract does not have`);
  }
  for (const name of Object.keys(model.derived ?? {})) if (!fields.has(name)) gaps.push(`${model.type}.${name} is derived in its declaration only`);
  if (model.key !== undefined && fields.get(model.key)?.kind !== 'leaf') gaps.push(`${model.type} has the key ${model.key}, which is no field`);
  for (const field of model.narrow?.flat() ?? []) if (!fields.has(field)) gaps.push(`${model.type} searches by ${field}, which is no field`);
  return { name: model.type, model, existsItem: String(argumentOf(record, 'exists') ?? ''), fields };
}

function readField(node: FieldDefinitionNode, around: Around, before: ReadonlyMap<string, RecordField>): RecordField | null {
  const { model, links, gaps } = around;
  const name = node.name.value;
  const at = `${model.type}.${name}`;
  if (name === 'id' || directive(node, 'open')) return null;
  if (node.type.kind === Kind.NON_NULL_TYPE) gaps.push(`${at} is an item and must be nullable`);
  const verify = directive(node, 'verify');
  if (verify) {
    const of = before.get(String(argumentOf(verify, 'field')));
    const argument = node.arguments?.[0]?.name.value;
    if (of?.kind === 'leaf' && argument !== undefined) return { kind: 'verify', name, items: of.items, of, argument, by: argumentOf(verify, 'by') === 'AT_LEAST' ? 'AT_LEAST' : 'EQUAL' };
    gaps.push(`${at} verifies a field that does not stand before it, or takes no value to verify`);
    return null;
  }
  const derived = directive(node, 'derived');
  if (derived) return readDerived(node, around, argumentOf(derived, 'from') as readonly string[], findOf(derived));
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
  return readLeaf(node, model, code, findOf(item), gaps);
}

function findOf(node: ConstDirectiveNode): ReadonlySet<Find> {
  return new Set((argumentOf(node, 'find') ?? []) as readonly Find[]);
}

function readLeaf(node: FieldDefinitionNode, model: RecordModel, code: string, find: ReadonlySet<Find>, gaps: string[]): LeafField | null {
  const name = node.name.value;
  const at = `${model.type}.${name}`;
  const column = model.columns[name] ?? null;
  if (column === null) {
    gaps.push(`${at} has neither a column nor a link`);
    return null;
  }
  const declared = typeText(node);
  const columnKind = kindOf(column);
  if (scalarOf[columnKind] !== declared) gaps.push(`${at} is a ${declared} but its column is a ${columnKind}`);
  if (find.has('KEY') && model.key !== name) gaps.push(`${at} is found by KEY but is not the key of ${model.type}`);
  if (find.has('SPATIAL') !== (columnKind === 'geometry')) gaps.push(`${at}: SPATIAL and geometry go together`);
  return { kind: 'leaf', name, items: [code], use: 'read', column, columnKind, derived: null, find };
}

/** A derived field takes the items of all that it is computed from; it is given no other column, so none can be forgotten. */
function readDerived(node: FieldDefinitionNode, { model, links, byName, records, gaps }: Around, sources: readonly string[], find: ReadonlySet<Find>): LeafField | null {
  const name = node.name.value;
  const at = `${model.type}.${name}`;
  const declared = model.derived?.[name];
  const columnKind = kindOfScalar(typeText(node));
  const edge = declared !== undefined && 'edge' in declared ? declared.edge : null;
  const link = links.find((own) => own.fromType === model.type && own.field === edge);
  const far = records.find(({ type }) => type === link?.toType);
  const of = edge === null ? model : far;
  const fields = sources.map((source) => (edge !== null && source.startsWith(`${edge}.`) ? source.slice(edge.length + 1) : edge === null ? source : ''));
  const itemOf = (type: string, field: string): string[] => {
    const code = argumentOf(directive(byName.get(type)?.fields?.find((own) => own.name.value === field) ?? node, 'item'), 'code');
    return typeof code === 'string' ? [code] : [];
  };
  const items = [...(edge === null ? [] : itemOf(model.type, edge)), ...fields.flatMap((field) => itemOf(of?.type ?? '', field))];
  if (declared === undefined || columnKind === undefined || of === undefined || fields.length === 0 || items.length < fields.length + (edge === null ? 0 : 1) || fields.some((field) => !(field in of.columns))) {
    gaps.push(`${at} is derived from what is not there, or has no declaration that computes it`);
    return null;
  }
  const computation = confined('edge' in declared ? declared.where : declared.value, fields);
  if (readsMore(computation, of.columns)) gaps.push(`${at} is computed from more than it says`);
  const over = link === undefined || far === undefined ? null : { link, type: { name: far.type, model: far } };
  const derived: Derivation = { from: edge === null ? fields : [edge], compute: computation, over };
  return { kind: 'leaf', name, items: [...new Set(items)], use: columnKind === 'flag' ? 'verify' : 'read', column: null, columnKind, derived, find };
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

/** What yes/no fields, derived ones among them, ask of the items of another field of the same record. */
function weakerQuestions(types: ReadonlyMap<string, RecordType>): WeakerQuestions {
  const known = new Map<string, ReturnType<WeakerQuestions>>();
  for (const { name, fields } of types.values()) {
    for (const field of fields.values()) {
      if (field.kind !== 'leaf') continue;
      const questions = [...fields.values()].filter((other) => (other.kind === 'verify' || (other.kind === 'leaf' && other.use === 'verify' && other !== field)) && other.items.some((item) => field.items.includes(item)));
      known.set(`${name}.${field.name}`, questions.map((other) => ({ at: `${name}.${other.name}`, asks: other.items.map((item) => ({ item, use: 'verify' as const, at: `${name}.${other.name}` })) })));
    }
  }
  return (at) => known.get(at) ?? [];
}

/** Items whose reading makes a record exist for a caller. Edges are not among them: they tell of other records. */
function readableItems(type: RecordType): readonly string[] {
  return [...new Set([type.existsItem, ...[...type.fields.values()].flatMap((field) => (field.kind === 'leaf' && field.derived === null ? field.items : []))])];
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
