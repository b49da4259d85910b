/**
 * The contract, the declarations and the catalog of all five registries, held against one another as the files stand:
 * no server, no database. Boot refuses such gaps too; this says where each one is, and what boot does not look at
 * (rows nobody uses, conditions, descriptions). Finding nothing to check is a failure.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { Kind, parse } from 'graphql';
import type { ASTNode, ConstDirectiveNode, FieldDefinitionNode, TypeNode } from 'graphql';
import { describe, expect, test } from 'vitest';
import { kindOf, scalarOf } from '../../src/registries/columns.ts';
import { links, records } from '../../src/registries/index.ts';
import { houseColumns } from '../../src/registries/record.ts';

const root = join(import.meta.dirname, '../..');
const registries = { POPULATION: 'population', LEGAL_ENTITIES: 'legal-entities', SPATIAL: 'spatial', CERTIFICATES: 'certificates', CREDIT: 'credit' } as const;
const prefixes = { POPULATION: 'RK', LEGAL_ENTITIES: 'FR', SPATIAL: 'KJ', CERTIFICATES: 'ZZ', CREDIT: 'XY' } as const;
const header = ['code', 'name', 'ownerDepartment', 'kind', 'shareType', 'condition', 'keyShareType', 'sensitivity', 'mask', 'updateCycle', 'open', 'standard'] as const;
type Row = Record<(typeof header)[number], string>;

/** One line of RFC 4180: quoted cells may hold commas and doubled quotes. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map((cell) => cell[1]?.replaceAll('""', '"') ?? cell[2] ?? '');
}

function linesOf(path: string): string[] {
  return readFileSync(join(root, path), 'utf8').split(/\r?\n/).filter((line) => line !== '');
}

/** The catalog as written, with the registry whose file a row stands in. */
const rows = Object.values(registries).flatMap((folder) => {
  const [first, ...rest] = linesOf(`seeds/catalog/${folder}.csv`);
  expect(first, `header of seeds/catalog/${folder}.csv`).toBe(header.join(','));
  return rest.map((line) => {
    const cells = cellsOf(line);
    expect(cells, line).toHaveLength(header.length);
    return { folder, row: Object.fromEntries(header.map((name, i) => [name, cells[i]])) as Row };
  });
});
const departments = new Set(linesOf('seeds/departments.csv').slice(1).map((line) => cellsOf(line)[0]));
const rowOf = new Map(rows.map(({ row }) => [row.code, row]));

const files = readdirSync(join(root, 'schema'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.graphql'));
const documents = files.map((path) => ({ path, document: parse(readFileSync(join(root, 'schema', path), 'utf8')) }));
const definitions = documents.flatMap(({ path, document }) => document.definitions.map((definition) => ({ path, definition })));
const types = definitions.flatMap(({ path, definition }) =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION && directive(definition, 'record') ? [{ path, node: definition }] : []);
const fields = types.flatMap(({ node }) => (node.fields ?? []).filter((field) => field.name.value !== 'id').map((field) => ({ node, field, at: `${node.name.value}.${field.name.value}` })));

function directive(node: { readonly directives?: readonly ConstDirectiveNode[] }, name: string): ConstDirectiveNode | undefined {
  return node.directives?.find((own) => own.name.value === name);
}

function argument(node: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = node?.arguments?.find((own) => own.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

function typeText(type: TypeNode): string {
  if (type.kind === Kind.NON_NULL_TYPE) return `${typeText(type.type)}!`;
  return type.kind === Kind.LIST_TYPE ? `[${typeText(type.type)}]` : type.name.value;
}

const model = (type: string) => records.find((one) => one.type === type);
const isRelation = ({ type }: FieldDefinitionNode) => records.some((one) => [one.type, `${one.type}Connection`].includes(typeText(type)));

/** Codes with the places that use them. */
const uses = new Map<string, string[]>();
const use = (code: string | undefined, at: string) => {
  if (code !== undefined) uses.set(code, [...(uses.get(code) ?? []), at]);
};
for (const { node } of types) use(argument(directive(node, 'record'), 'exists'), node.name.value);
for (const { field, at } of fields) use(argument(directive(field, 'item'), 'code'), at);

test('there is something to check in each of the five registries', () => {
  for (const [registry, folder] of Object.entries(registries)) {
    expect(records.filter((one) => one.registry === registry).length, folder).toBeGreaterThan(1);
    expect(types.filter(({ path }) => path.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(1);
    expect(rows.filter((one) => one.folder === folder).length, folder).toBeGreaterThan(10);
  }
  expect(links.length).toBeGreaterThan(40);
  expect(fields.filter(({ field }) => isRelation(field)).length).toBeGreaterThan(40);
});

describe('contract and catalog', () => {
  test('every code in the contract has a row', () => {
    expect([...uses].filter(([code]) => !rowOf.has(code)).map(([code, at]) => `${code} ${at}`)).toEqual([]);
  });

  test('every code has one row only, in the file of its registry', () => {
    expect(rows.map(({ row }) => row.code).filter((code, i, all) => all.indexOf(code) !== i)).toEqual([]);
    const prefixOf = Object.fromEntries(Object.entries(registries).map(([registry, folder]) => [folder, prefixes[registry as keyof typeof prefixes]]));
    expect(rows.filter(({ folder, row }) => !new RegExp(`^${prefixOf[folder]}-\\d{4}$`).test(row.code)).map(({ row }) => row.code)).toEqual([]);
  });

  test('every row is used by the contract', () => {
    expect(rows.filter(({ row }) => !uses.has(row.code)).map(({ row }) => `${row.code} ${row.name}`)).toEqual([]);
  });

  test('a code stands for one value: no two fields of stored values share it', () => {
    const leaves = fields.filter(({ field }) => directive(field, 'item') && !isRelation(field)).map(({ field, at }) => ({ at, code: argument(directive(field, 'item'), 'code') }));
    const shared = leaves.filter(({ code }, i) => leaves.findIndex((other) => other.code === code) !== i);
    expect(shared).toEqual([]);
  });

  test.each(rows.map(({ row }) => [row.code, row] as const))('%s is a complete row', (_code, row) => {
    expect(row.name).toMatch(/\p{Script=Han}/u);
    expect(departments).toContain(row.ownerDepartment);
    expect(['BASIC', 'BUSINESS']).toContain(row.kind);
    expect(['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED']).toContain(row.shareType);
    expect(['', 'UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED']).toContain(row.keyShareType);
    // NOT_SHARED states its legal basis, CONDITIONAL its condition, whether for reading or for looking up.
    if (row.shareType !== 'UNCONDITIONAL' || row.keyShareType === 'CONDITIONAL') expect(row.condition).toMatch(/\p{Script=Han}{4}/u);
    else expect(row.condition).toBe('');
    expect(['S1', 'S2', 'S3', 'S4']).toContain(row.sensitivity);
    expect(['', 'NAME', 'ID_NUMBER', 'PHONE', 'ADDRESS', 'BIRTH_DATE', 'COORDINATES', 'BANK_CARD', 'NONE']).toContain(row.mask);
    expect(['REALTIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY']).toContain(row.updateCycle);
    expect(['true', 'false']).toContain(row.open);
    // Open to society is only what nobody needs a reason for.
    if (row.open === 'true') expect([row.shareType, row.sensitivity]).toEqual(['UNCONDITIONAL', 'S1']);
  });

  test('sensitive personal information is never unconditional, and neither are edges from a person to it', () => {
    expect(rows.filter(({ row }) => row.sensitivity === 'S4' && row.shareType === 'UNCONDITIONAL').map(({ row }) => row.code)).toEqual([]);
    const edges = fields.filter(({ node, field }) => node.name.value === 'Person' && isRelation(field));
    expect(edges.length).toBeGreaterThan(0);
    expect(edges.filter(({ field }) => rowOf.get(argument(directive(field, 'item'), 'code') ?? '')?.shareType === 'UNCONDITIONAL').map(({ at }) => at)).toEqual([]);
  });

  test('nothing unconditional makes a record exist whose existence is conditional', () => {
    // A record exists for a caller if any of its values may be read (design.md §3), so one open value would give it away.
    const guarded = types.filter(({ node }) => rowOf.get(argument(directive(node, 'record'), 'exists') ?? '')?.shareType !== 'UNCONDITIONAL');
    expect(guarded.map(({ node }) => node.name.value)).toContain('DisabilityRecord');
    const open = fields.filter(({ node, field }) => guarded.some((one) => one.node === node) && !isRelation(field)
      && rowOf.get(argument(directive(field, 'item'), 'code') ?? '')?.shareType === 'UNCONDITIONAL');
    expect(open.map(({ at }) => at)).toEqual([]);
  });
});

describe('contract and declarations', () => {
  test('every record type is declared, in its registry, and the other way round', () => {
    const contract = types.map(({ path, node }) => `${path.split('/')[0]} ${argument(directive(node, 'record'), 'registry')} ${node.name.value}`);
    expect(contract.toSorted()).toEqual(records.map((one) => `${registries[one.registry]} ${one.registry} ${one.type}`).toSorted());
  });

  test.each(records.map((one) => [one.type, one] as const))('%s has a field for each column, and a column for each field', (type, record) => {
    const internal = new Set([...houseColumns, ...Object.keys(record.personKeys ?? {})]);
    const columns = Object.keys(record.columns).filter((name) => !internal.has(name));
    const leaves = fields.filter(({ node, field }) => node.name.value === type && directive(field, 'item') && !isRelation(field));
    expect(leaves.map(({ field }) => field.name.value).toSorted()).toEqual(columns.toSorted());
    for (const { field, at } of leaves) {
      const column = record.columns[field.name.value];
      if (column) expect(typeText(field.type), at).toBe(scalarOf[kindOf(column)]);
    }
    expect(leaves.some(({ field }) => field.name.value === 'sourceUpdatedAt')).toBe(true);
    for (const [key, from] of Object.entries(record.personKeys ?? {})) expect([key in record.columns, from in record.columns], key).toEqual([true, true]);
    for (const name of [...Object.keys(record.identifiers ?? {}), ...(record.narrow?.flat() ?? []), ...Object.keys(record.sources.fields ?? {})]) expect(columns, name).toContain(name);
    const derived = fields.filter(({ node, field }) => node.name.value === type && directive(field, 'derived')).map(({ field }) => field.name.value);
    expect(derived.toSorted()).toEqual(Object.keys(record.derived ?? {}).toSorted());
  });

  test('every field is a value, a yes/no or an edge, and says which item authorizes it', () => {
    expect(fields.filter(({ field }) => !['item', 'derived', 'verify', 'carries', 'open'].some((name) => directive(field, name))).map(({ at }) => at)).toEqual([]);
    for (const { node, field, at } of fields) {
      const of = argument(directive(field, 'verify'), 'field');
      if (of === undefined) continue;
      const verified = fields.find((one) => one.node === node && one.field.name.value === of);
      expect(verified, at).toBeDefined();
      expect(typeText(field.type), at).toBe('Boolean');
      expect((field.arguments ?? []).map((own) => typeText(own.type)), at).toEqual([`${typeText(verified!.field.type)}!`]);
    }
  });

  test('every relation has a link, and every link a relation to the type it leads to', () => {
    const relations = fields.filter(({ field }) => isRelation(field)).map(({ field, at }) => `${at} → ${typeText(field.type).replace(/Connection$/, '')}`);
    expect(relations.toSorted()).toEqual(links.map((one) => `${one.fromType}.${one.field} → ${one.toType}`).toSorted());
  });

  test('every link goes from a column to an indexed column of the same kind', () => {
    for (const one of links) {
      const at = `${one.fromType}.${one.field}`;
      const [from, to] = [model(one.fromType)?.columns[one.fromColumn], model(one.toType)?.columns[one.toColumn]];
      expect([from !== undefined, to !== undefined], at).toEqual([true, true]);
      expect([kindOf(from!), kindOf(to!)].map((kind) => kind.replace('List', '')), at).toEqual(['text', 'text']);
      for (const table of [model(one.toType)!.tables.current, model(one.toType)!.tables.versions]) {
        const leading = getTableConfig(table).indexes.map(({ config }) => (config.columns[0] as { readonly name?: string }).name);
        expect(leading, `${at}: index on ${one.toType}.${one.toColumn}`).toContain(to!.name);
      }
    }
  });

  test('people and what belongs to them are not browsed', () => {
    const browsable = records.filter((one) => one.browsable);
    expect(browsable.length).toBeGreaterThan(0);
    expect(browsable.filter((one) => ['POPULATION', 'CREDIT'].includes(one.registry)).map((one) => one.type)).toEqual([]);
    // Nobody comes to a person from a record that may be paged through, over any number of edges.
    const reached = new Set(browsable.map((one) => one.type));
    for (const type of reached) for (const one of links) if (one.fromType === type) reached.add(one.toType);
    expect([...reached]).not.toContain('Person');
  });
});

describe('descriptions', () => {
  const described: { at: string; text: string | undefined }[] = [];
  const note = (at: string, node: ASTNode & { readonly description?: { readonly value: string } | undefined }) => described.push({ at, text: node.description?.value });
  for (const { node } of types) note(node.name.value, node);
  for (const { field, at } of fields) note(at, field);
  for (const { definition } of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_EXTENSION || definition.name.value !== 'Query') continue;
    for (const field of definition.fields ?? []) note(`Query.${field.name.value}`, field);
  }

  test('every type, field and root is described in Chinese first, then in English', () => {
    expect(described.length).toBeGreaterThan(300);
    expect(described.filter(({ text }) => !/^[^·]*\p{Script=Han}[^·]* · .*[A-Za-z]{2}/su.test(text ?? '')).map(({ at, text }) => `${at}: ${text}`)).toEqual([]);
  });
});

test('the folders hold nothing else', () => {
  for (const folder of Object.values(registries)) {
    expect(existsSync(join(root, 'src/registries', folder, 'index.ts')), folder).toBe(true);
    const sdl = files.filter((path) => path.startsWith(`${folder}/`));
    expect(sdl.toSorted()).toEqual(types.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ path }) => path).toSorted());
  }
  expect(readdirSync(join(root, 'seeds/catalog')).toSorted()).toEqual(Object.values(registries).map((folder) => `${folder}.csv`).toSorted());
});
