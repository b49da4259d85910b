/**
 * The contract per caller: what stands in a view can be asked and is not refused, what does not is refused; introspection and the text
 * tell the same, and neither tells a hidden name.
 */
import { buildClientSchema, buildSchema, getIntrospectionQuery, getNamedType, isInputObjectType, isObjectType, isRequiredArgument, printSchema } from 'graphql';
import type { GraphQLObjectType, GraphQLSchema, IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewsOf } from '../../src/graphql/views.ts';
import { administrators, callers, keyOf } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub } from '../world/hub.ts';
import type { Answer, TestHub } from '../world/hub.ts';

const names = Object.keys(callers) as CallerName[];
let hub: TestHub;

beforeAll(async () => {
  hub = await clonedHub();
  // A masked grant, one of a use that is no reading, and one that ends.
  await granted(hub, 'test-market', 'A-VIEW-1', [
    { item: 'RK-0001', mask: 'ID_NUMBER_STRICT' },
    { item: 'RK-0013', uses: ['VERIFY'] },
    { item: 'RK-0034', uses: ['READ', 'FIND'], validTo: '2026-12-31T16:00:00.000Z' },
  ]);
});
afterAll(() => hub?.close());

const granted = async (...[on, consumer, approvalNo, tuples]: Parameters<typeof grantTo>): Promise<void> => {
  expect((await grantTo(on, consumer, approvalNo, tuples)).errors).toEqual([]);
};
const at = () => '2026-11-24T02:01:00.000Z';
const textOf = async (name: CallerName | AdministratorName): Promise<string> => {
  const caller = hub.standing.callerOf(keyOf(name), new Date(at()));
  return (await viewsOf(hub.schema).of({ caller, standing: hub.standing, now: at() })).text;
};
const viewOf = async (name: CallerName | AdministratorName): Promise<GraphQLSchema> => buildSchema(await textOf(name));

/** A selection that reaches a type from a root, as the caller's view allows it: where to put what is selected of it. */
function paths(view: GraphQLSchema): ReadonlyMap<string, (selection: string) => string> {
  const found = new Map<string, (selection: string) => string>();
  const queue: string[] = [];
  const add = (type: string, path: (selection: string) => string) => {
    if (found.has(type)) return;
    found.set(type, path);
    queue.push(type);
  };
  for (const { root, by, type, argument } of hub.schema.contract.lookups.values()) {
    if (!view.getQueryType()?.getFields()[root]) continue;
    if (by === 'KEY') add(type, (selection) => `${root}(${argument}: "x") { ${selection} }`);
    if (by === 'PAGE') add(type, (selection) => `${root}(first: 1) { nodes { ${selection} } }`);
  }
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const before = found.get(name) as (selection: string) => string;
    for (const field of hub.schema.contract.types.get(name)?.fields.values() ?? []) {
      if (field.kind !== 'relation' || !fieldsOf(view, name)[field.name]) continue;
      add(field.link.toType, (selection) => before(`${field.name}${field.many ? `(first: 1) { nodes { ${selection} } }` : ` { ${selection} }`}`));
    }
  }
  return found;
}

const fieldsOf = (schema: GraphQLSchema, type: string) => (schema.getType(type) as GraphQLObjectType | undefined)?.getFields() ?? {};

const selected = (schema: GraphQLSchema, type: string, name: string): string => {
  const field = fieldsOf(schema, type)[name];
  const needed = (field?.args ?? []).filter((argument) => isRequiredArgument(argument)).map(({ name: argument, type: of }) => `${argument}: ${literal(String(getNamedType(of)))}`);
  return `${name}${needed.length > 0 ? `(${needed.join()})` : ''}${isObjectType(getNamedType(field?.type)) ? ' { __typename }' : ''}`;
};

const literal = (scalar: string): string => ({ Int: '1', Float: '1', Boolean: 'true', Date: '"2000-01-01"', DateTime: '"2000-01-01T00:00:00Z"', Decimal: '"1"', BigInt: '"1"' })[scalar] ?? '"x"';

const withheldIn = (answer: Answer): readonly string[] => ((answer.extensions?.['hub']?.['withheld'] ?? []) as unknown as readonly { at: string }[]).map((entry) => entry.at);
const codesOf = (answer: Answer): readonly string[] => answer.errors.map(({ extensions }) => String(extensions['code']));
/** Values are of no matter here: what is refused for its value was judged before, and allowed. */
const judged = (codes: readonly string[]) => codes.filter((code) => !['BAD_INPUT', 'FIELD_NOT_SHARED'].includes(code));

describe.each(names)('the view of %s', (name) => {
  it('is a valid schema of its own, part of the whole one', async () => {
    const view = await viewOf(name);
    expect(Object.keys(view.getTypeMap()).filter((type) => hub.schema.schema.getType(type) === undefined)).toEqual([]);
    expect(printSchema(view)).not.toMatch(/@(item|derived|record|verify|open|lookup)/);
    expect(fieldsOf(view, 'Query')['me']).toBeDefined();
  });

  it('shows fields that are answered, and no others', async () => {
    const view = await viewOf(name);
    const wholeSchema = hub.schema.schema;
    let checked = 0;
    for (const [type, path] of paths(view)) {
      const shown = Object.keys(fieldsOf(view, type)).filter((field) => field !== 'id');
      const hidden = Object.keys(fieldsOf(wholeSchema, type)).filter((field) => !shown.includes(field) && field !== 'id');
      const seen = await hub.ask(name, `{ ${path(['id', ...shown.map((field) => selected(wholeSchema, type, field))].join(' '))} }`);
      expect([type, judged(codesOf(seen)), withheldIn(seen)]).toEqual([type, [], []]);
      for (const field of hidden) {
        const contract = hub.schema.contract.types.get(type)?.fields.get(field);
        const answer = await hub.ask(name, `{ ${path(`id ${selected(wholeSchema, type, field)}`)} }`);
        const target = contract?.kind === 'relation' ? contract.link.toType : null;
        // An edge to records that do not exist for the caller leads nowhere, whether or not it may be known.
        if (!codesOf(answer).includes('BAD_INPUT') && (target === null || view.getType(target))) expect(withheldIn(answer), `${type}.${field}`).toContain(`${type}.${field}`);
      }
      checked += shown.length;
    }
    expect(checked).toBeGreaterThan(20);
  });

  it('shows filters and orders that may be used, and no others', async () => {
    const view = await viewOf(name);
    const roots = [...hub.schema.contract.lookups.values()].filter(({ by, root }) => by === 'PAGE' && fieldsOf(view, 'Query')[root]);
    for (const { root, type } of roots) {
      const filter = hub.schema.schema.getType(`${type}Filter`);
      const shown = view.getType(`${type}Filter`);
      if (!isInputObjectType(filter)) continue;
      for (const [field, { type: tests }] of Object.entries(filter.getFields())) {
        const of = getNamedType(tests);
        const [op] = isInputObjectType(of) ? Object.values(of.getFields()).filter(({ type: own }) => !isInputObjectType(getNamedType(own)) && !String(own).startsWith('[')) : [];
        if (op === undefined) continue;
        const answer = await hub.ask(name, `{ ${root}(first: 1, where: { ${field}: { ${op.name}: ${literal(String(op.type))} } }) { totalCount } }`);
        const there = isInputObjectType(shown) && shown.getFields()[field] !== undefined;
        expect([type, field, codesOf(answer).includes('FIND_NOT_SHARED')]).toEqual([type, field, !there]);
      }
    }
    expect(roots.length).toBeGreaterThan(3);
  });

  it('has the roots that answer, and no others', async () => {
    const view = await viewOf(name);
    for (const { root, by, argument } of hub.schema.contract.lookups.values()) {
      if (by !== 'KEY') continue;
      const answer = await hub.ask(name, `{ ${root}(${argument}: "x") { __typename } }`);
      const refused = codesOf(answer).some((code) => ['FIND_NOT_SHARED', 'FIELD_NOT_SHARED'].includes(code));
      if (fieldsOf(view, 'Query')[root]) expect([root, refused]).toEqual([root, false]);
      if (refused) expect([root, fieldsOf(view, 'Query')[root]]).toEqual([root, undefined]);
    }
  });
});

describe('a description', () => {
  it('names the grant, its mask and what it takes', async () => {
    const { idNumber } = fieldsOf(await viewOf('market'), 'Person');
    expect(idNumber?.description).toContain('granted under A-VIEW-1, masked as ID_NUMBER_STRICT, under a matter');
    expect(idNumber?.description).toContain('授权 A-VIEW-1，脱敏 ID_NUMBER_STRICT，须具名事项');
  });

  it('names whose rows a provider sees', async () => {
    expect(fieldsOf(await viewOf('police'), 'Person')['idNumber']?.description).toContain('records that department 620623-GA supplied');
  });
});

describe('introspection', () => {
  it('tells what the text tells', async () => {
    const answer = await hub.ask('market', getIntrospectionQuery({ oneOf: true }));
    expect(answer.errors).toEqual([]);
    const introspected = buildClientSchema(answer.data as unknown as IntrospectionQuery);
    expect(printSchema(introspected).length).toBe(printSchema(await viewOf('market')).length);
  });

  it('knows no hidden name, however it is asked', async () => {
    const view = await viewOf('market');
    const hiddenType = [...hub.schema.contract.types.keys()].find((type) => view.getType(type) === undefined);
    const text = printSchema(view);
    const hiddenField = Object.keys(fieldsOf(hub.schema.schema, 'Person')).find((field) => !new RegExp(`\\b${field}\\b`).test(text));
    expect([hiddenType, hiddenField]).not.toContain(undefined);
    const documents: readonly [string, Record<string, unknown>?][] = [
      [`{ __type(name: "${hiddenType}") { name } }`],
      ['query ($name: String!) { t: __type(name: $name) { name } }', { name: hiddenType }],
      ['{ __schema { types { name fields { name } inputFields { name } enumValues { name } } } }'],
      ['query ($where: PersonFilter) { legalEntities(first: 1) { nodes { name } } __type(name: "Person") { fields { name } } p: person(idNumber: "x") { household { members(where: $where) { totalCount } } } }'],
      ['{ me { code } ...F } fragment F on Query { again: __schema { types { name fields { name } } } }'],
      [`query ($yes: Boolean!) { legalEntities(first: 1) { nodes { name } } ... @include(if: $yes) { __type(name: "Person") { fields { name } } } }`, { yes: true }],
    ];
    for (const [document, variables] of documents) {
      const answer = await hub.ask('market', document, { variables: variables ?? {} });
      expect(answer.text).not.toContain(`"name":"${hiddenType}"`);
      expect(answer.text).not.toContain(`"name":"${hiddenField}"`);
    }
  });

  it('answers beside records and other fields, in the order asked', async () => {
    const answer = await hub.ask('market', '{ __type(name: "Person") { name } legalEntities(first: 1) { totalCount } me { code } }');
    expect(answer.errors).toEqual([]);
    expect(Object.keys(answer.data)).toEqual(['__type', 'legalEntities', 'me']);
    expect(answer.data['__type']?.['name']).toBe('Person');
  });

  it('is for registered callers', async () => {
    expect(codesOf(await hub.ask('stranger', '{ __schema { queryType { name } } }'))).toEqual(['UNAUTHENTICATED']);
  });
});

describe('an administrator', () => {
  it.each(Object.keys(administrators) as AdministratorName[])('%s sees the roots whose doors open, and of records what is open to all and not personal', async (name) => {
    const view = await viewOf(name);
    const seen = [...hub.schema.contract.types.keys()].filter((type) => view.getType(type) !== undefined);
    expect(seen).toEqual(expect.arrayContaining(['LegalEntity', 'StandardAddress', 'RealEstateUnit']));
    expect(seen.filter((type) => ['Person', 'Household', 'Kinship', 'Residence'].includes(type))).toEqual([]);
    expect(fieldsOf(view, 'RealEstateUnit')['area']).toBeDefined();
    expect(fieldsOf(view, 'RealEstateUnit')['holderNames']).toBeUndefined();
    expect(fieldsOf(view, 'Mutation')['issueKey'] !== undefined).toBe(administrators[name].role === 'SYSTEM');
    expect(fieldsOf(view, 'Mutation')['grant'] !== undefined).toBe(administrators[name].role === 'SECURITY');
  });
});

describe('a decision', () => {
  it('is in the view with the answer that tells of it, and out of it with the answer that ends it', async () => {
    const shown = async () => fieldsOf(await viewOf('credit'), 'Person')['maritalStatusCode'] !== undefined;
    expect(await shown()).toBe(false);
    await granted(hub, 'test-credit', 'A-VIEW-2', [{ item: 'RK-0013' }]);
    expect(await shown()).toBe(true);
    await decided(hub, 'mutation { endGrant(approvalNo: "A-VIEW-2") }');
    expect(await shown()).toBe(false);
  });
});

describe('the whole contract', () => {
  it('is valid and says of every field on what condition it is shared', () => {
    const { text } = viewsOf(hub.schema).all(hub.standing);
    const whole = buildSchema(text);
    for (const type of hub.schema.contract.types.values()) {
      for (const field of type.fields.values()) expect(fieldsOf(whole, type.name)[field.name]?.description, `${type.name}.${field.name}`).toMatch(/共享条件：.* · Condition: /);
    }
    expect(Object.keys(whole.getTypeMap()).filter((type) => !type.startsWith('__')).length).toBeGreaterThan(100);
  });
});
