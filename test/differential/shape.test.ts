/**
 * The shape of variables: what is remembered under it must never differ under it. A reading and a statement are kept
 * by document and shape, so two requests of one shape have the same asks and the same text, and a forbidden input
 * field has another shape than an allowed one.
 */
import fc from 'fast-check';
import { getVariableValues, Kind, parse, typeFromAST } from 'graphql';
import type { GraphQLInputObjectType, GraphQLInputType, OperationDefinitionNode } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOperation } from '../../src/query/asks.ts';
import { compile } from '../../src/query/compile.ts';
import { shapeOf } from '../../src/query/input.ts';
import { planOf } from '../../src/sharing/plan.ts';
import { decide } from '../../src/sharing/verdict.ts';
import { itemsOf } from './contract.ts';
import type { CallerName } from '../world/callers.ts';
import { Operations } from './operations.ts';
import type { Operation } from './operations.ts';
import { seed, sharedWorld } from './world.ts';
import type { DifferentialWorld } from './world.ts';

const runs = Number(process.env['HUB_TEST_RUNS'] ?? 300);

let world: DifferentialWorld;
beforeAll(async () => {
  world = await sharedWorld();
});
afterAll(() => world?.close());

type Variables = Readonly<Record<string, unknown>>;

describe('one shape', () => {
  const met = { scalars: 0, sameShape: 0, otherShape: 0, otherAsks: 0, texts: 0 };
  const random = () => fc.tuple(new Operations(world).operation(), fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 }));

  it(`keeps asks and statement whatever the scalars are (seed ${seed})`, { timeout: 120_000 }, async () => {
    await fc.assert(fc.property(random(), ([operation, picks]) => {
      const changed = picks.reduce<Variables>((variables, [place]) => otherScalar(variables, place), operation.variables);
      const [before, after] = [read(operation, operation.variables), read(operation, changed)];
      if (before === null || after === null) return;
      met.scalars += JSON.stringify(changed) === JSON.stringify(operation.variables) ? 0 : 1;
      met.texts += before.text === null ? 0 : 1;
      expect(after).toEqual(before);
    }), { seed, numRuns: runs, unbiased: true });
  });

  it('or else is another shape, whatever is dropped, nulled, repeated or turned', { timeout: 120_000 }, async () => {
    await fc.assert(fc.property(random(), ([operation, picks]) => {
      const [[place, way], ...others] = picks as [[number, number], ...[number, number][]];
      const changed = others.reduce<Variables>((variables, [at, by]) => otherForm(variables, at, by), operation.variables);
      // The same place as it was, dropped, nulled, turned or replaced: any two of one shape are one.
      const read4 = [0, 1, 2, 3].map((turn) => read(operation, otherForm(changed, place, way + turn)));
      const readings = [read(operation, operation.variables), read(operation, changed), ...read4].filter((one) => one !== null);
      for (const [index, before] of readings.entries()) {
        for (const after of readings.slice(index + 1)) {
          if (before.shape === after.shape) expect(after).toEqual(before);
          met.sameShape += before.shape === after.shape ? 1 : 0;
          met.otherShape += before.shape === after.shape ? 0 : 1;
          met.otherAsks += before.asks === after.asks ? 0 : 1;
        }
      }
    }), { seed, numRuns: runs, unbiased: true });
  });

  it('was put to the test', () => {
    expect(met.scalars).toBeGreaterThan(runs / 4);
    expect(met.texts).toBeGreaterThan(runs / 4);
    for (const what of ['sameShape', 'otherShape', 'otherAsks'] as const) expect(met[what], what).toBeGreaterThan(runs / 100);
  });

  /** Shape, asks and statement of a request; null when its variables do not fit the operation any more. */
  function read({ query, ...under }: Operation, variables: Variables): { shape: string; asks: string; text: string | null } | null {
    const document = parse(query);
    const operation = document.definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;
    const definitions = operation.variableDefinitions ?? [];
    const { coerced } = getVariableValues(world.hub.schema, definitions, variables);
    if (!coerced) return null;
    const shape = shapeOf(definitions.map((one) => ({ name: one.variable.name.value, type: typeFromAST(world.hub.schema, one.type as never) as unknown as GraphQLInputType })), coerced);
    try {
      const { asks, tree } = readOperation(world.hub.schema, world.hub.contract, document, operation, coerced);
      const plan = planOf(asks, world.standpoint(under), world.hub.contract.itemsOfTypes);
      return { shape, asks: JSON.stringify(asks), text: plan.refused.length > 0 ? null : compile(tree, plan).text };
    } catch (error) {
      return { shape, asks: String(error), text: null };
    }
  }
});

type Place = { readonly holder: Record<string, unknown>; readonly name: string };

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, own] of Object.entries(value)) {
    found.push({ holder: value as Record<string, unknown>, name });
    placesIn(own, found);
  }
  return found;
}

/** One scalar replaced by another of its kind; a list of scalars by a longer or a shorter one. Booleans and enums are shape. */
function otherScalar(variables: Variables, pick: number): Variables {
  const copy = structuredClone(variables) as Record<string, unknown>;
  const places = placesIn(copy).filter(({ holder, name }) => (typeof holder[name] === 'string' && !isEnum(name, holder[name])) || typeof holder[name] === 'number' || isScalars(holder[name]));
  const place = places[pick % Math.max(places.length, 1)];
  if (place === undefined) return copy;
  const value = place.holder[place.name];
  if (Array.isArray(value)) place.holder[place.name] = pick % 2 === 0 ? value.slice(1) : [...value, ...value];
  else place.holder[place.name] = typeof value === 'number' ? value + 1 : otherText(String(value));
  return copy;
}

function isScalars(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && !isEnum('', one));
}

function isEnum(name: string, value: string): boolean {
  return name === 'field' || name === 'direction' || /^(ASC|DESC|EPSG4490|EPSG4326|GCJ02)$/.test(value) || (name.startsWith('v') && /^[a-z]+[A-Z]?\w*$/.test(value));
}

function otherText(text: string): string {
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return '2021-02-03T04:05:06.007Z';
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return '2021-02-03';
  if (/^[-+]?\d+(\.\d+)?$/.test(text)) return '7';
  return `${text}另`;
}

function otherForm(variables: Variables, pick: number, way: number): Variables {
  const copy = structuredClone(variables) as Record<string, unknown>;
  const places = placesIn(copy);
  const place = places[pick % Math.max(places.length, 1)];
  if (place === undefined) return copy;
  const { holder, name } = place;
  const value = holder[name];
  switch (way % 4) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      break;
    case 1: holder[name] = null; break;
    case 2: holder[name] = Array.isArray(value) ? [...value, ...value] : value === 'ASC' ? 'DESC' : value === 'DESC' ? 'ASC' : typeof value === 'boolean' ? !value : otherText(String(value)); break;
    default: return otherScalar(copy, pick);
  }
  return copy;
}

describe('one document, an allowed and a forbidden input field by variable', () => {
  const caller: CallerName = 'market';
  const under = { caller, catalog: 'scrambled', policy: 0, underCase: false } as const;

  /** Fields of a filter or an order that this caller may and may not find by. */
  function findable(type: string, input: string): { allowed: string[]; forbidden: string[] } {
    const meta = world.contract.types.get(type);
    const names = Object.keys((world.hub.schema.getType(input) as GraphQLInputObjectType | undefined)?.getFields() ?? {});
    const verdict = (name: string) => decide({ item: itemsOf(meta?.fields.get(name))[0] ?? '', use: 'find', at: '' }, world.standpoint(under));
    const plain = names.filter((name) => world.data.get(type)?.kinds.get(name) === 'text' && !meta?.keys.has(name) && meta?.model.identifiers?.[name] === undefined && hasEq(type, name));
    return { allowed: plain.filter((name) => verdict(name).allowed), forbidden: plain.filter((name) => !verdict(name).allowed) };
  }

  function hasEq(type: string, name: string): boolean {
    const filter = world.hub.schema.getType(`${type}Filter`) as GraphQLInputObjectType;
    const operators = filter.getFields()[name]?.type as GraphQLInputObjectType | undefined;
    return operators !== undefined && 'eq' in operators.getFields();
  }

  function cases() {
    return [...world.contract.roots.values()].filter(({ by }) => by === 'PAGE').flatMap(({ name, type }) => {
      const { allowed, forbidden } = findable(type.name, `${type.name}Filter`);
      return forbidden.flatMap((no) => (allowed[0] === undefined ? [] : [{ root: name, type: type.name, yes: allowed[0], no }]));
    });
  }

  const ask = (query: string, variables: Variables) => world.ask({ ...under, query, variables });

  it('is answered with the one and refused with the other, in either order', async () => {
    expect(cases().length).toBeGreaterThan(2);
    for (const [order, { root, type, yes, no }] of cases().flatMap((one) => [[0, one], [1, one]] as const)) {
      for (const document of [`query ($w: ${type}Filter) { q${order}: ${root}(where: $w) { totalCount } }`, `query ($a: ${textFilter(type, yes)}, $b: ${textFilter(type, no)}) { q${order}: ${root}(where: {${yes}: $a, ${no}: $b}) { totalCount } }`]) {
        const whole = document.includes('$w');
        const allowed = () => ask(document, whole ? { w: { [yes]: { eq: 'x' } } } : { a: { eq: 'x' } });
        const forbidden = () => ask(document, whole ? { w: { [yes]: { eq: 'x' }, [no]: { eq: 'x' } } } : { a: { eq: 'x' }, b: { eq: 'x' } });
        const answers = order === 0 ? [await allowed(), await forbidden(), await allowed()] : [await forbidden(), await allowed(), await forbidden()];
        for (const [index, answer] of answers.entries()) {
          if (index % 2 === order) expect(answer.data, `${document} ${answer.text}`).toBeDefined();
          else {
            expect(answer.errors.map(({ extensions: { code, at } }) => ({ code, at })), document).toEqual([{ code: 'FIND_NOT_SHARED', at: `Query.${root}(where.${no})` }]);
            expect(answer.statements).toEqual([]);
          }
        }
      }
    }
  });

  it('also when the field stands in an order, by its enum value', async () => {
    let tried = 0;
    for (const { name: root, by, type } of world.contract.roots.values()) {
      const values = (world.hub.schema.getType(`${type.name}OrderField`) as { getValues?(): readonly { name: string }[] } | undefined)?.getValues?.().map((one) => one.name) ?? [];
      const may = (name: string) => decide({ item: itemsOf(type.fields.get(name))[0] ?? '', use: 'find', at: '' }, world.standpoint(under)).allowed;
      const [yes, no] = [values.find(may), values.find((value) => !may(value))];
      if (by !== 'PAGE' || yes === undefined || no === undefined) continue;
      tried += 1;
      const document = `query ($o: [${type.name}OrderBy!]) { ${root}(orderBy: $o) { totalCount } }`;
      const [first, second, third] = [await ask(document, { o: [{ field: yes }] }), await ask(document, { o: [{ field: no }] }), await ask(document, { o: [{ field: yes }] })];
      expect([first.data, third.data]).not.toContain(undefined);
      expect(second.errors[0]?.extensions).toMatchObject({ code: 'FIND_NOT_SHARED', at: `Query.${root}(orderBy.${no})` });
      expect(second.statements).toEqual([]);
    }
    expect(tried).toBeGreaterThan(0);
  });

  function textFilter(type: string, field: string): string {
    return String((world.hub.schema.getType(`${type}Filter`) as GraphQLInputObjectType).getFields()[field]?.type);
  }
});
