/**
 * Writes a random operation so that it is valid: response names that would clash get new ones, values become literals
 * or variables, and pages that would multiply beyond the hub's limit get a size.
 */
import { astFromValue, getNamedType, getNullableType, isEnumType, isInputObjectType, isListType, isNonNullType, print } from 'graphql';
import type { GraphQLArgument, GraphQLInputType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Argument, Directive, How, Model, Selection } from './model.ts';

type Field = Extract<Selection, { kind: 'field' }>;

/** Response names that are taken at one place of the answer. */
type Scope = Map<string, { readonly signature: string; readonly below: Scope }>;

/** Rows that one branch of an answer may multiply to. */
const mostRows = 1200;

/** The document and the variables of a model. */
export function printOperation(schema: GraphQLSchema, model: Model): { query: string; variables: Record<string, unknown> } {
  return new Printer(schema).operation(model);
}

/** Fields of the fragment that all selections of a type share; their names are never another field's alias. */
export function commonFields(type: GraphQLObjectType): readonly string[] {
  const fields = Object.values(type.getFields()).filter((field) => field.args.length === 0 && !('getFields' in getNamedType(field.type)));
  return ['__typename', ...fields.slice(0, 3).map((field) => field.name)];
}

class Printer {
  readonly #schema: GraphQLSchema;
  readonly #variables: Record<string, unknown> = {};
  readonly #definitions: string[] = [];
  readonly #fragments = new Map<string, string>();
  #lens: readonly Argument[] = [];
  #written: readonly string[] | undefined;
  #names = 0;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  operation({ roots, lens }: Model): { query: string; variables: Record<string, unknown> } {
    this.#lens = lens;
    const body = this.#selections(this.#schema.getQueryType() as GraphQLObjectType, roots, new Map(), 1);
    const head = this.#definitions.length > 0 ? `query (${this.#definitions.join(', ')})` : 'query';
    return { query: [`${head} {\n${body}\n}`, ...this.#fragments.values()].join('\n'), variables: this.#variables };
  }

  #selections(type: GraphQLObjectType, selections: readonly Selection[], scope: Scope, rows: number): string {
    return selections.map((selection) => {
      switch (selection.kind) {
        case 'field': return this.#field(type, selection, scope, rows);
        case 'common': return this.#common(type, scope);
        case 'inline': return `... ${selection.typed ? `on ${type.name}` : ''}${this.#directives(selection.directives)} { ${this.#selections(type, selection.sub, scope, rows)} }`;
        case 'spread': {
          const name = `F${(this.#names += 1)}`;
          this.#fragments.set(name, `fragment ${name} on ${type.name} { ${this.#selections(type, selection.sub, scope, rows)} }`);
          return `...${name}${this.#directives(selection.directives)}${selection.twice ? ` ... on ${type.name} { ...${name} }` : ''}`;
        }
      }
    }).join('\n');
  }

  #common(type: GraphQLObjectType, scope: Scope): string {
    const name = `Common${type.name}`;
    const fields = commonFields(type);
    this.#fragments.set(name, `fragment ${name} on ${type.name} { ${fields.join(' ')} }`);
    for (const field of fields) scope.set(field, { signature: `${field}()`, below: new Map() });
    return `...${name}`;
  }

  #field(type: GraphQLObjectType, field: Field, scope: Scope, rows: number): string {
    if (field.name === '__typename') return this.#typename(type, field, scope);
    const definition = type.getFields()[field.name];
    if (!definition) throw new Error(`${type.name} has no ${field.name}`);
    const target = getNamedType(definition.type);
    const args = [...field.args];
    const nested = 'getFields' in target;
    const first = definition.args.some(({ name }) => name === 'first') ? args.find(({ name }) => name === 'first') : undefined;
    const page = target.name.endsWith('Connection') ? Number(first?.value ?? (type.name === 'Query' ? 50 : 20)) : Array.isArray(args[0]?.value) ? Math.max(1, args[0].value.length) : 1;
    const tooMany = target.name.endsWith('Connection') && rows * page > mostRows;
    const given = tooMany ? [...args.filter(({ name }) => name !== 'first'), { name: 'first', value: 2, how: 'literal' as const }] : args;
    const below = rows * (tooMany ? 2 : Math.max(page, 1));
    const texts = [...given.map((argument) => this.#argument(definition.args, argument)), ...field.ghosts.filter((name) => !given.some((one) => one.name === name)).map((name) => this.#ghost(definition.args, name)),
      ...(definition.args.some(({ name }) => name === 'asOf') ? this.#times(definition.args) : [])];
    const text = texts.length > 0 ? `(${texts.join(', ')})` : '';
    const signature = `${field.name}(${texts.join(', ')})`;
    const name = this.#responseName(type, field, signature, scope);
    const entry = scope.get(name) ?? { signature, below: new Map() };
    scope.set(name, entry);
    const head = `${name === field.name ? '' : `${name}: `}${field.name}${text}`;
    const written = (sub: readonly Selection[] | null) => (nested ? ` {\n${this.#selections(target as GraphQLObjectType, sub ?? [], entry.below, below)}\n}` : '');
    return `${head}${this.#directives(field.directives)}${written(field.sub)}${field.again ? `\n${head}${written(field.again)}` : ''}`;
  }

  /** One pair of times for all roots, written once: the same variables everywhere. */
  #times(definitions: readonly GraphQLArgument[]): readonly string[] {
    this.#written ??= this.#lens.map((argument) => this.#argument(definitions, argument));
    return this.#written;
  }

  #typename(type: GraphQLObjectType, field: Field, scope: Scope): string {
    const free = field.alias !== null && !scope.has(field.alias) && !commonFields(type).includes(field.alias);
    const name = field.alias !== null && free ? field.alias : '__typename';
    if (name !== '__typename') scope.set(name, { signature: '__typename()', below: new Map() });
    return `${name === '__typename' ? '' : `${name}: `}__typename${this.#directives(field.directives)}`;
  }

  #responseName(type: GraphQLObjectType, field: Field, signature: string, scope: Scope): string {
    const free = (name: string) => (scope.get(name)?.signature ?? signature) === signature;
    const wanted = field.alias ?? field.name;
    if (free(wanted) && (wanted === field.name || !commonFields(type).includes(wanted))) return wanted;
    if (free(field.name)) return field.name;
    for (;;) {
      const name = `x${(this.#names += 1)}`;
      if (!scope.has(name)) return name;
    }
  }

  #argument(definitions: readonly GraphQLArgument[], { name, value, how }: Argument): string {
    const definition = definitions.find((one) => one.name === name);
    if (!definition) throw new Error(`no argument ${name}`);
    return `${name}: ${this.#value(definition.type, value, how)}`;
  }

  /** A variable that is declared and not given leaves the argument out. */
  #ghost(definitions: readonly GraphQLArgument[], name: string): string {
    const variable = this.#variable(definitions.find((one) => one.name === name)?.type as GraphQLInputType);
    return `${name}: ${variable}`;
  }

  #variable(type: GraphQLInputType, value?: unknown): string {
    const name = `v${(this.#names += 1)}`;
    this.#definitions.push(`$${name}: ${String(type)}`);
    if (value !== undefined) this.#variables[name] = value;
    return `$${name}`;
  }

  #value(type: GraphQLInputType, value: unknown, how: How): string {
    switch (how) {
      case 'variable': return this.#variable(type, value);
      case 'default': {
        if (value === null || isNonNullType(type)) return this.#variable(type, value);
        const variable = this.#variable(type);
        this.#definitions[this.#definitions.length - 1] += ` = ${literal(type, value)}`;
        return variable;
      }
      case 'literal': return literal(type, value);
      case 'inner': return this.#inner(type, value);
    }
  }

  /** A literal whose innermost values are variables. */
  #inner(type: GraphQLInputType, value: unknown): string {
    const bare = getNullableType(type);
    if (value !== null && isInputObjectType(bare)) {
      const given = value as Readonly<Record<string, unknown>>;
      const fields = bare.getFields();
      return `{${Object.entries(given).map(([name, own]) => `${name}: ${this.#inner(fields[name]?.type as GraphQLInputType, own)}`).join(', ')}}`;
    }
    if (Array.isArray(value) && isListType(bare) && value.length > 0) return `[${value.map((one) => this.#inner(bare.ofType, one)).join(', ')}]`;
    return this.#variable(type, value);
  }

  #directives(directives: readonly Directive[]): string {
    return directives.map(({ name, value, how }) => {
      if (how === 'literal') return ` @${name}(if: ${value})`;
      const variable = this.#variable('Boolean!' as never, how === 'default' ? undefined : value);
      if (how === 'default') this.#definitions[this.#definitions.length - 1] = `${variable}: Boolean! = ${value}`;
      return ` @${name}(if: ${variable})`;
    }).join('');
  }
}

function literal(type: GraphQLInputType, value: unknown): string {
  const bare = getNullableType(type);
  if (isEnumType(bare) && value !== null) return String(value);
  const node = astFromValue(value, type);
  if (!node) throw new Error('a value without a literal');
  return print(node);
}
