/**
 * An operation that was asked, as a document again: from its outline (query/outline.ts), which holds no value, so every argument is a
 * variable, with a sample of its type beside it. What the outline has lost (aliases, sizes of pages, which of several comparisons) no
 * verdict hangs on.
 *
 * What is written is read as the gate reads it and must have the outline that it was written from. Where it has not, there is no
 * document: none is better than one that asks something else.
 */
import { getNamedType, getNullableType, getOperationAST, getVariableValues, isInputObjectType, isLeafType, isListType, isObjectType, isRequiredArgument, isRequiredInputField, parse, print, specifiedRules, validate } from 'graphql';
import type { GraphQLArgument, GraphQLInputType, GraphQLObjectType } from 'graphql';
import { HubError } from '../errors.ts';
import type { RecordType } from '../registries/contract.ts';
import { readOperation } from '../query/asks.ts';
import { outlineOf, selectionIn } from '../query/outline.ts';
import type { Outline, Selected } from '../query/outline.ts';
import type { HubSchema } from './schema.ts';

/** A document, and samples of its variables. */
export interface PastDocument {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The document of an outline; null where the contract of today has none. */
export function documentOf(hub: HubSchema, outline: Outline): PastDocument | null {
  const writer = new Writer(hub, outline.by);
  try {
    const written = writer.operation(selectionIn(outline.what));
    return isOf(hub, written, outline) ? written : null;
  } catch (error) {
    if (error instanceof Lost || error instanceof HubError) return null;
    throw error;
  }
}

/** The outline has something that the contract does not. */
class Lost extends Error {}

function isOf({ schema, contract }: HubSchema, { document: text, variables }: PastDocument, outline: Outline): boolean {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation || validate(schema, document, specifiedRules, { maxErrors: 1 }).length > 0) return false;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
  if (!coerced) return false;
  const { tree, asks } = readOperation(schema, contract, document, operation, coerced);
  const is = outlineOf(tree, asks, outline.inCase === true);
  return is !== null && is.what === outline.what && is.by.toSorted().join('\n') === outline.by.toSorted().join('\n');
}

/** What stands for a value of a scalar: nobody's. */
const samples: Readonly<Record<string, unknown>> = {
  String: '…', ID: '…', Int: 1, Float: 1, Boolean: true, Date: '2000-01-01', DateTime: '2000-01-01T00:00:00+08:00', Decimal: '0', BigInt: '0', JSON: {}, GeoJSON: { type: 'Point', coordinates: [0, 0] },
};

function sampleOf(type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [sampleOf(bare.ofType)];
  if (isInputObjectType(bare)) return Object.fromEntries(Object.values(bare.getFields()).filter(isRequiredInputField).map((field) => [field.name, sampleOf(field.type)]));
  if (!(bare.name in samples)) throw new Lost();
  return samples[bare.name];
}

class Writer {
  readonly #hub: HubSchema;
  /** Uses of what stands in the arguments, by coordinate: `Query.legalEntities(where.name)`. */
  readonly #uses: ReadonlyMap<string, ReadonlySet<string>>;
  /** Terms of orders that were written: a page takes a few, so where it stood several times they are dealt out. */
  readonly #ordered = new Set<string>();
  readonly #variables = new Map<string, { readonly name: string; readonly type: string; readonly sample: unknown }>();

  constructor(hub: HubSchema, by: readonly string[]) {
    this.#hub = hub;
    const places = by.map((ask) => ask.split(' ')).map(([_item, use = '', at = '']) => ({ at, use }));
    this.#uses = new Map([...Map.groupBy(places, ({ at }) => at)].map(([at, own]) => [at, new Set(own.map(({ use }) => use))]));
  }

  operation(selected: readonly Selected[]): PastDocument {
    const type = this.#hub.schema.getQueryType();
    if (!type) throw new Lost();
    const fields = this.#fields(type, selected);
    const variables = [...this.#variables.values()];
    const head = variables.length === 0 ? '' : `query (${variables.map(({ name, type: own }) => `$${name}: ${own}`).join(', ')}) `;
    return { document: print(parse(`${head}${fields}`)), variables: Object.fromEntries(variables.map(({ name, sample }) => [name, sample])) };
  }

  #fields(type: GraphQLObjectType, selected: readonly Selected[]): string {
    if (selected.length === 0) throw new Lost();
    const seen = new Map<string, number>();
    return `{ ${selected.map(({ name, inner }) => {
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return `${times === 1 ? '' : `${name}_${times}: `}${this.#field(type, name, inner)}`;
    }).join(' ')} }`;
  }

  #field(type: GraphQLObjectType, name: string, inner: readonly Selected[]): string {
    const field = type.getFields()[name];
    // Outlines of pages say `typename`, those of records `__typename`.
    if (field === undefined && (name === '__typename' || name === 'typename')) return '__typename';
    if (field === undefined) throw new Lost();
    const args = field.args.flatMap((argument) => this.#argument(`${type.name}.${name}`, argument));
    const own = getNamedType(field.type);
    const selection = isObjectType(own) ? this.#fields(own, inner.length === 0 && own.name === 'PageInfo' ? pageInfo : inner) : '';
    if (selection === '' && !isLeafType(own)) throw new Lost();
    return `${name}${args.length === 0 ? '' : `(${args.join(', ')})`}${selection}`;
  }

  #argument(at: string, argument: GraphQLArgument): readonly string[] {
    const below = `${at}(${argument.name}.`;
    const fields = [...this.#uses].filter(([place]) => place.startsWith(below)).map(([place, uses]) => ({ place, uses, name: place.slice(below.length, -1) }));
    const named = getNamedType(argument.type);
    if (fields.length > 0 && isListType(getNullableType(argument.type))) {
      const terms = fields.filter(({ place }) => !this.#ordered.has(place)).slice(0, mostTerms);
      for (const { place } of terms) this.#ordered.add(place);
      return terms.length === 0 ? [] : [`${argument.name}: [${terms.map(({ name }) => `{ field: ${name} }`).join(', ')}]`];
    }
    if (fields.length > 0 && isInputObjectType(named)) {
      return [`${argument.name}: { ${fields.map(({ place, uses, name }) => {
        const tests = named.getFields()[name];
        if (tests === undefined) throw new Lost();
        return `${name}: { ${[...uses].map((use) => this.#test(place, name, use, getNamedType(tests.type), this.#typeOf(named.name))).join(', ')} }`;
      }).join(', ')} }`];
    }
    return this.#uses.has(`${at}(${argument.name})`) || isRequiredArgument(argument) ? [`${argument.name}: ${this.#variable(`${at}(${argument.name})`, argument.name, argument.type)}`] : [];
  }

  /** One comparison for a use: equality on a key is the use `key`, any other comparison of it `find`. */
  #test(place: string, name: string, use: string, tests: GraphQLInputType, type: RecordType | undefined): string {
    const field = type?.fields.get(name);
    if (field?.kind !== 'leaf' || !isInputObjectType(tests)) throw new Lost();
    const isKey = (comparison: string): boolean => field.find.has('KEY') && (comparison === 'eq' || comparison === 'in');
    const test = Object.values(tests.getFields()).find(({ name: comparison }) => isKey(comparison) === (use === 'key'));
    if (test === undefined) throw new Lost();
    return `${test.name}: ${this.#variable(`${place} ${use}`, name, test.type)}`;
  }

  /** The record type that a filter is of. */
  #typeOf(filter: string): RecordType | undefined {
    return this.#hub.contract.types.get(filter.replace(/Filter$/, ''));
  }

  /** What stands at a place is one variable, however often the place is asked; it is called after the argument, or its field. */
  #variable(place: string, called: string, type: GraphQLInputType): string {
    const names = [...this.#variables.values()].map(({ name }) => name);
    let name = called;
    for (let n = 2; names.includes(name); n += 1) name = `${called}${n}`;
    const variable = this.#variables.get(place) ?? { name, type: `${String(getNullableType(type))}!`, sample: sampleOf(type) };
    this.#variables.set(place, variable);
    return `$${variable.name}`;
  }
}

/** Terms of one order (see query/conditions.ts). */
const mostTerms = 3;

/** What of a page is told of further pages; outlines do not say which of it was. */
const pageInfo: readonly Selected[] = [{ name: 'hasNextPage', inner: [] }, { name: 'endCursor', inner: [] }];
