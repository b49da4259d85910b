/**
 * The way every operation goes: size, validation, variables, doors, then records by one statement and the rest by
 * graphql-js. No path around it: Apollo's own execution runs only mutations, which the gate has let through.
 */
import { execute, getVariableValues, GraphQLError, Kind, typeFromAST, visit } from 'graphql';
import type { DocumentNode, FieldNode, GraphQLFormattedError, GraphQLInputType, GraphQLSchema, NamedTypeNode, OperationDefinitionNode } from 'graphql';
import { HubError } from '../errors.ts';
import type { Reading } from '../query/asks.ts';
import { largeCost } from '../query/cost.ts';
import { shapeOf } from '../query/input.ts';
import type { VariableType } from '../query/input.ts';
import { formatted, ReadyAnswer, writeAnswer } from './answer.ts';
import type { Part } from './answer.ts';
import { prices } from './budget.ts';
import type { HubContext } from './context.ts';
import { isOpen, knock } from './doors.ts';
import type { Door } from './doors.ts';
import { namedType } from './generate.ts';
import { measureVariables, tooLarge } from './limits.ts';
import type { VariablesSize } from './limits.ts';
import type { Asking, Judged, Read, Records, RecordsAnswer } from './resolvers/records.ts';
import type { HubSchema } from './schema.ts';
import type { Recorder } from './recorder.ts';
import { refusalOf } from './trace.ts';
import type { Halt } from './turns.ts';
import { validation } from './validation.ts';
import { viewsOf } from './views.ts';

/** A request as Apollo hands it over: parsed, not validated. */
export interface GateRequest {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode | undefined;
  readonly documentKey: string;
  /** Characters of its text. */
  readonly size: number;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: HubContext;
}

/** What the gate says: an answer, errors that refuse the request, or `null` for Apollo to execute. */
export type GateAnswer =
  | { readonly kind: 'answer'; readonly answer: ReadyAnswer }
  | { readonly kind: 'refused'; readonly status: number; readonly errors: readonly GraphQLFormattedError[]; /** Seconds after which to ask again. */ readonly retryAfter?: unknown }
  | null;

/** How an error of a resolver is shown. */
export type ShowError = (error: GraphQLError) => GraphQLFormattedError;

/** Values in the variables from which it is work to look at them. */
const manyValues = 1000;

/** See the head of this file. */
export class Gate {
  readonly #hub: HubSchema;
  readonly #records: Records;
  readonly #doors: ReadonlyMap<string, Door>;
  readonly #recorder: Recorder | null;
  readonly #shown: ShowError;
  /** Documents looked at once; the errors that refuse them, or none. */
  readonly #checked = new WeakMap<DocumentNode, readonly GraphQLFormattedError[]>();
  /** What is the same for every request of an operation. */
  readonly #known = new WeakMap<OperationDefinitionNode, KnownOperation>();

  constructor(hub: HubSchema, records: Records, doors: ReadonlyMap<string, Door>, shown: ShowError, recorder: Recorder | null = null) {
    this.#hub = hub;
    this.#records = records;
    this.#doors = doors;
    this.#recorder = recorder;
    this.#shown = shown;
  }

  /** Takes an operation through. Throws only what nobody foresaw. */
  async pass(request: GateRequest): Promise<GateAnswer> {
    const wrong = this.check(request.document);
    const { trace } = request.context;
    const size = measureVariables(request.variables);
    // Too much to be looked at is too much to be digested for the audit.
    if (size.refusal === null) trace.variables = request.variables;
    if (wrong.length > 0) {
      trace.refusal = refusalOf(wrong[0] as GraphQLFormattedError);
      request.context.account?.owe(prices.refused);
      return { kind: 'refused', status: 400, errors: wrong };
    }
    const { operation } = request;
    if (operation === undefined) return null;
    try {
      return await this.#answer(request, operation, size);
    } catch (error) {
      trace.refusal = error instanceof HubError ? refusalOf(error) : { code: 'INTERNAL', reason: '' };
      if (error instanceof HubError) return { kind: 'refused', status: error.status, errors: [formatted(error)], retryAfter: error.details['retryAfter'] };
      throw error;
    }
  }

  /** What refuses a document whoever sends it: nothing, or its size, or that it is not valid. Looked at once. */
  check(document: DocumentNode): readonly GraphQLFormattedError[] {
    const known = this.#checked.get(document);
    if (known) return known;
    const steps = this.#check(document);
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
  }

  /** The same with halts between. */
  async checkInSteps(document: DocumentNode, halt: Halt): Promise<void> {
    const steps = this.#check(document);
    while (steps.next().done !== true) await halt();
  }

  *#check(document: DocumentNode): Generator<void, readonly GraphQLFormattedError[]> {
    const large = tooLarge(document);
    yield;
    const errors = large !== null
      ? [{ message: large, extensions: { code: 'TOO_COMPLEX' } }]
      : (yield* validation(this.#hub.schema, document)).map((error) => ({ ...error.toJSON(), message: withoutSuggestion(error.message), extensions: { ...error.extensions, code: 'GRAPHQL_VALIDATION_FAILED' } }));
    this.#checked.set(document, errors);
    return errors;
  }

  /** What is to be kept of a document that was checked: all but its places in the text; of a refused one nothing but the refusal. */
  kept(document: DocumentNode): DocumentNode {
    const wrong = this.check(document);
    if (wrong.length > 0) {
      const refused: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
      this.#checked.set(refused, wrong);
      return refused;
    }
    // They hold every token of the text, ten times what the document itself is.
    visit(document, { enter: (node) => void ((node as { loc?: unknown }).loc = undefined) });
    return document;
  }

  async #answer(request: GateRequest, operation: OperationDefinitionNode, size: VariablesSize): Promise<GateAnswer> {
    const { context } = request;
    const { account } = context;
    const known = this.#operation(operation, request.document);
    const asked = { kind: operation.operation === 'mutation' ? 'MUTATION' : 'QUERY', document: request.documentKey, operation: operation.name?.value ?? '', roots: known.roots } as const;
    context.trace.asked = { ...asked, judged: null };
    // Doors come before anything is looked at: a stranger learns nothing of what the operation would need.
    for (const root of known.roots) if (!isOpen(root, context)) await knock(this.#doors, root, context);
    if (context.purpose.problem !== null) throw context.purpose.problem;
    if (size.refusal !== null) throw size.refusal;
    const { reading, judged, asking } = await this.#read(request, operation, known, size.values > manyValues);
    if (judged !== null) context.trace.asked = { ...asked, judged: judged.facts };
    const cost = this.#records.cost(reading, asking);
    account?.spend(cost);
    if (cost <= largeCost || account === undefined) return this.#run(request, operation, reading, judged, asking, cost > largeCost);
    const done = await account.turn('running');
    return this.#run(request, operation, reading, judged, asking, true).finally(done);
  }

  /** What is asked, and what of it may be answered. What was not read before, or has much in its variables, waits for its turn. */
  async #read({ document, size, documentKey, variables: given, context }: GateRequest, operation: OperationDefinitionNode, known: KnownOperation, heavy: boolean): Promise<Read & { readonly asking: Asking }> {
    const { account } = context;
    let done = heavy ? await account?.turn('reading') : undefined;
    try {
      const variables = this.#variables(operation, given);
      const key = `${documentKey}|${operation.name?.value ?? ''}|${shapeOf(known.variables, variables)}`;
      const asking: Asking = {
        caller: context.caller, standing: context.standing, purpose: context.purpose, wholeOrNothing: context.wholeOrNothing,
        variables, today: context.today, now: context.now, maxAge: context.maxAge,
      };
      const before = this.#records.readBefore(key, asking);
      if (before !== undefined) return { ...before, asking };
      if (!heavy) done = await account?.turn('reading');
      return { ...await this.#records.read(key, size, document, operation, asking, account?.halts() ?? goOn), asking };
    } finally {
      done?.();
    }
  }

  async #run(request: GateRequest, operation: OperationDefinitionNode, reading: Reading, judged: Judged | null, asking: Asking, large: boolean): Promise<GateAnswer> {
    const { trace } = request.context;
    if (judged === null && !reading.others.some(isIntrospection)) {
      if (operation.operation !== 'mutation') return this.#byResolvers(request, operation);
      await this.#recorder?.begun(request.context);
      return null;
    }
    const records = judged === null ? nothing : await this.#records.answer(judged, asking, large);
    const others = reading.others.length === 0 ? { parts: [], errors: [] } : await this.#others(request, operation, reading);
    const parts = others.parts.length === 0 ? records.parts : inOrder(reading.names, [...records.parts, ...others.parts]);
    trace.delivered = records.delivered;
    const failed = records.errors[judged?.errors.length ?? 0] ?? others.errors[0];
    if (failed !== undefined) trace.refusal = refusalOf(failed);
    return { kind: 'answer', answer: writeAnswer(parts, others.errors.length === 0 ? records.errors : [...records.errors, ...others.errors], records) };
  }

  /** An operation without records: what its resolvers answer, as Apollo would write it. */
  async #byResolvers({ document, variables, context }: GateRequest, operation: OperationDefinitionNode): Promise<GateAnswer> {
    const { data, errors: failures } = await execute({ schema: this.#hub.schema, document, variableValues: variables, contextValue: context, operationName: operation.name?.value });
    if (data === undefined) return null;
    if (failures === undefined) return { kind: 'answer', answer: new ReadyAnswer(JSON.stringify({ data })) };
    const errors = failures.map(this.#shown);
    context.trace.refusal = refusalOf(errors[0] as GraphQLFormattedError);
    return { kind: 'answer', answer: new ReadyAnswer(JSON.stringify({ errors, data })) };
  }

  #variables(operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const result = getVariableValues(this.#hub.schema, operation.variableDefinitions ?? [], given, { maxErrors: 5 });
    if (result.coerced) return result.coerced;
    const [first] = result.errors;
    throw new HubError('BAD_INPUT', withoutSuggestion(first?.message ?? 'The variables do not fit the operation.'));
  }

  #operation(operation: OperationDefinitionNode, document: DocumentNode): KnownOperation {
    const known = this.#known.get(operation);
    if (known) return known;
    const type = this.#hub.schema.getRootType(operation.operation)?.name;
    const made: KnownOperation = {
      roots: [...rootNames(operation, document)].map((name) => `${type}.${name}`),
      variables: (operation.variableDefinitions ?? []).map(({ variable, type: node }) => ({ name: variable.name.value, type: typeFromAST(this.#hub.schema, node as NamedTypeNode) as GraphQLInputType })),
    };
    this.#known.set(operation, made);
    return made;
  }

  /** Root fields that are no records, through graphql-js: what the caller may see of the schema, and all others, each as an operation of its own. */
  async #others(request: GateRequest, operation: OperationDefinitionNode, reading: Reading): Promise<Others> {
    const introspection = reading.others.filter(isIntrospection);
    const others = reading.others.filter((nodes) => !isIntrospection(nodes));
    const parts: Others[] = [];
    if (introspection.length > 0) parts.push(await this.#execute((await viewsOf(this.#hub).of(request.context)).schema, request, operation, introspection));
    if (others.length > 0) parts.push(await this.#execute(this.#hub.schema, request, operation, others));
    return { parts: parts.flatMap((one) => one.parts), errors: parts.flatMap((one) => one.errors) };
  }

  async #execute(schema: GraphQLSchema, { document, variables, context }: GateRequest, operation: OperationDefinitionNode, roots: readonly (readonly FieldNode[])[]): Promise<Others> {
    const pruned: DocumentNode = {
      kind: Kind.DOCUMENT,
      definitions: [
        // A variable of a type that this schema does not have is for the fields that are left out.
        { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: roots.flat() }, variableDefinitions: (operation.variableDefinitions ?? []).filter(({ type }) => schema.getType(namedType(type)) !== undefined) },
        ...document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION),
      ],
    };
    const result = await execute({ schema, document: pruned, variableValues: variables, contextValue: context });
    if (!result.data) throw result.errors?.[0]?.originalError ?? result.errors?.[0] ?? new GraphQLError('An operation without data.');
    return {
      parts: Object.entries(result.data).map(([as, value]) => ({ as, json: JSON.stringify(value) })),
      errors: (result.errors ?? []).map((error) => {
        if (error.originalError instanceof HubError) return formatted(error.originalError, error.path?.map(String));
        throw error;
      }),
    };
  }
}

/** Where nobody counts, nobody waits. */
const goOn: Halt = async () => undefined;

/** What graphql-js answered. */
interface Others {
  readonly parts: readonly Part[];
  readonly errors: readonly GraphQLFormattedError[];
}

const nothing: RecordsAnswer = { parts: [], errors: [], withheld: [], masked: [], freshness: [], predicates: [], delivered: { subjects: [], rows: 0, reference: [] } };

/** `__schema` and `__type`, which tell of the schema; `__typename` tells of the root that the client has named itself. */
function isIntrospection([node]: readonly FieldNode[]): boolean {
  return node !== undefined && ['__schema', '__type'].includes(node.name.value);
}

/** graphql-js suggests names of the whole schema; what a caller may know of it is told by his own view (views.ts). */
export function withoutSuggestion(message: string): string {
  return message.replace(/ Did you mean [^]*$/, '');
}

interface KnownOperation {
  /** Coordinates of every root field that the operation could reach. */
  readonly roots: readonly string[];
  readonly variables: readonly VariableType[];
}

/** Every root field that an operation could reach, directives aside: a door is shut whether or not a variable skips the field. */
export function rootNames(operation: OperationDefinitionNode, document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const collect = (set: OperationDefinitionNode['selectionSet']): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        for (const definition of document.definitions) {
          if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value) collect(definition.selectionSet);
        }
      }
    }
  };
  collect(operation.selectionSet);
  return names;
}

function inOrder(names: readonly string[], parts: readonly Part[]): readonly Part[] {
  const byName = new Map(parts.map((part) => [part.as, part]));
  return names.flatMap((name) => byName.get(name) ?? []);
}
