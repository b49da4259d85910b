/**
 * What would be decided about an operation, and why: the way of the gate (`gate.ts`) up to the plan, told instead of run. Also who may
 * use an item, and what an application may use.
 *
 * Every verdict is the judge's (`sharing/verdict.ts`), from a standing of today or of the past; no record is read, so whether a case is
 * open and whom it covers is not told. It does not ask who wants to know: that is for whoever offers it.
 */
import { getOperationAST, getVariableValues, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { HubError } from '../errors.ts';
import { circumstancesOf, mattersOf, readPurpose, underCase } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import { readOperation } from '../query/asks.ts';
import type { Reading } from '../query/asks.ts';
import { placesOf } from '../query/places.ts';
import { accessTo } from '../sharing/access.ts';
import type { Access } from '../sharing/access.ts';
import type { GrantTuple, Territory } from '../sharing/grant.ts';
import { planOf } from '../sharing/plan.ts';
import type { Masked, Withheld } from '../sharing/plan.ts';
import { tuplesBehind } from '../sharing/reach.ts';
import { uses } from '../sharing/terms.ts';
import type { Ask, Consumer, Matter, Mode, Use, Verdict } from '../sharing/terms.ts';
import { decide } from '../sharing/verdict.ts';
import type { Standpoint } from '../sharing/verdict.ts';
import { withheldEntries } from './answer.ts';
import { hangDoors, knock } from './doors.ts';
import { rootNames, withoutSuggestion } from './gate.ts';
import { documentLimits, tooLarge } from './limits.ts';
import type { HubSchema } from './schema.ts';

/** An operation as it would be sent, by whom and for what. */
export interface Question {
  readonly consumer: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
  readonly matter: string | null;
  readonly underCase: boolean;
  readonly mode: Mode;
}

/** One ask with its verdict; the line of a grant behind each of its ways, in their order. */
export interface ExplainedAsk {
  readonly ask: Ask;
  readonly itemName: string | null;
  readonly verdict: Verdict;
  readonly tuples: readonly (GrantTuple | null)[];
}

/** Why the whole operation would be refused. */
export interface ExplainedRefusal {
  readonly code: string;
  readonly because: string;
  readonly at: string | null;
  /** The item that may not be found by; null: it is refused for another reason. */
  readonly item: string | null;
}

/** See the head of this file. */
export interface Explanation {
  readonly consumer: Consumer;
  /** ISO 8601. */
  readonly at: string;
  /** Number of the last change of policy in force. */
  readonly standing: string;
  readonly mode: Mode;
  readonly matter: Matter | null;
  readonly underCase: boolean;
  /** Matters that the consumer may name. */
  readonly matters: readonly Matter[];
  readonly refusals: readonly ExplainedRefusal[];
  readonly asks: readonly ExplainedAsk[];
  readonly withheld: readonly Withheld[];
  readonly masked: readonly Masked[];
  readonly territory: readonly Territory[];
  readonly seals: readonly string[];
  readonly until: string | null;
}

/** Explains an operation at a moment (ISO 8601 in UTC with milliseconds) of a standing. Throws `BAD_INPUT` on an unknown consumer and on what is no GraphQL. */
export async function explainOperation(hub: HubSchema, standing: Standing, question: Question, at: string): Promise<Explanation> {
  const caller = consumerIn(standing, question.consumer);
  const document = parsed(question.document);
  const headers = headersOf(question);
  const purpose = underCase(await readPurpose(headers, caller, standing, new Date(at)), caller, headers);
  const refusals: ExplainedRefusal[] = [];
  if (purpose.problem !== null) refusals.push(refusalOf(purpose.problem));
  const reading = await readingOf(hub, caller, document, question, refusals);
  const policy = standing.policyOf(caller);
  const standpoint: Standpoint = { caller, catalog: standing.catalog, policy, sealed: standing.sealed, circumstances: circumstancesOf(purpose, at) };
  const asks = reading?.asks ?? [];
  const plan = planOf(asks, standpoint, hub.contract.itemsOfTypes, hub.contract.weaker);
  refusals.push(...plan.refused.map(({ at: place, item, because }) => ({ code: 'FIND_NOT_SHARED', because, at: place, item })));
  return {
    consumer: caller, at, standing: standing.version, mode: question.mode, matter: purpose.matter, underCase: purpose.caseNo !== null,
    matters: mattersOf(caller, standing), refusals,
    asks: asks.map((ask) => explained(ask, standpoint)),
    withheld: reading === null ? [] : withheldEntries(placesOf(reading.tree), plan).withheld,
    masked: plan.masked, territory: policy.territory, seals: policy.seals, until: plan.until,
  };
}

/** An operation as it would be sent. */
export type Operation = Pick<Question, 'document' | 'variables' | 'operationName'>;

/** All that an operation would reveal, whoever may have it; throws what refuses the operation whoever asks. */
export async function asksOf(hub: HubSchema, caller: Consumer, operation: Operation): Promise<readonly Ask[]> {
  const refusals: ExplainedRefusal[] = [];
  const reading = await readingOf(hub, caller, parsed(operation.document), operation, refusals);
  if (reading !== null) return reading.asks;
  throw new HubError('BAD_INPUT', `The operation would be refused whoever asks: ${refusals.map(({ because }) => because).join(' ')}`);
}

function explained(ask: Ask, standpoint: Standpoint): ExplainedAsk {
  const item = standpoint.catalog.item(ask.item);
  const verdict = decide(ask, standpoint);
  return { ask, itemName: item?.name ?? null, verdict, tuples: item === undefined ? [] : tuplesBehind(verdict, ask, item, standpoint.policy, standpoint.circumstances) };
}

/** A consumer of a standing; `BAD_INPUT` where there is none. */
export function consumerIn(standing: Standing, code: string): Consumer {
  const caller = standing.consumer(code);
  if (caller === undefined) throw new HubError('BAD_INPUT', `There is no consumer ${code} at that moment.`);
  return caller;
}

function parsed(document: string): DocumentNode {
  try {
    return parse(document, { maxTokens: documentLimits.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw new HubError('BAD_INPUT', `The document is no GraphQL: ${error.message}`);
    throw error;
  }
}

/** The purpose, as the request's headers would name it. */
function headersOf({ matter, underCase, mode }: Question): Readonly<Record<string, string>> {
  return { 'hub-mode': mode, ...(matter === null ? {} : { 'hub-matter': encodeURIComponent(matter) }), ...(underCase ? { 'hub-case': 'explained' } : {}) };
}

const refusalOf = (error: HubError): ExplainedRefusal => ({ code: error.code, because: error.message, at: typeof error.details['at'] === 'string' ? error.details['at'] : null, item: null });

/** Reads the operation as the gate does, writing down what would refuse it; null where it cannot be read at all. */
async function readingOf(hub: HubSchema, caller: Consumer, document: DocumentNode, { variables, operationName }: Operation, refusals: ExplainedRefusal[]): Promise<Reading | null> {
  const large = tooLarge(document);
  if (large !== null) {
    refusals.push({ code: 'TOO_COMPLEX', because: large, at: null, item: null });
    return null;
  }
  const invalid = validate(hub.schema, document, specifiedRules, { maxErrors: 20 });
  refusals.push(...invalid.map(({ message }) => ({ code: 'GRAPHQL_VALIDATION_FAILED', because: withoutSuggestion(message), at: null, item: null })));
  if (invalid.length > 0) return null;
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new HubError('BAD_INPUT', 'The document has several operations, or none of that name: name one in operationName.');
  try {
    await knockAtAll(hub, caller, operation, document);
    const given = getVariableValues(hub.schema, operation.variableDefinitions ?? [], variables, { maxErrors: 5 });
    if (!given.coerced) throw new HubError('BAD_INPUT', withoutSuggestion(given.errors[0]?.message ?? 'The variables do not fit the operation.'));
    return readOperation(hub.schema, hub.contract, document, operation, given.coerced);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    refusals.push(refusalOf(error));
    return null;
  }
}

async function knockAtAll({ schema, contract }: HubSchema, caller: Consumer, operation: OperationDefinitionNode, document: DocumentNode): Promise<void> {
  const doors = hangDoors(schema, (root) => contract.lookups.has(root));
  const type = schema.getRootType(operation.operation)?.name;
  for (const name of rootNames(operation, document)) await knock(doors, `${type}.${name}`, { caller });
}

/** What to look through. */
export interface Narrowing {
  /** Null: every use. */
  readonly use: Use | null;
  readonly mode: Mode;
}

/** Which consumers may use an item, and which are denied it by name; of those that `among` lets through. By department, then by code. */
export function whoMaySee(standing: Standing, item: string, narrowing: Narrowing, at: string, among: (consumer: Consumer) => boolean = () => true): readonly Access[] {
  if (standing.catalog.item(item) === undefined) throw new HubError('BAD_INPUT', `Item ${item} is not in the catalog at that moment.`);
  // Matters are the same for all applications of a department.
  const mattersBy = new Map<string, readonly Matter[]>();
  return [...standing.consumers()].filter(among)
    .sort((a, b) => (`${a.department} ${a.consumer}` < `${b.department} ${b.consumer}` ? -1 : 1))
    .flatMap((consumer) => {
      const group = `${consumer.department} ${consumer.servicePlatform}`;
      const matters = mattersBy.get(group) ?? mattersOf(consumer, standing);
      mattersBy.set(group, matters);
      return accessesOf(consumer, matters, standing, [item], narrowing, at);
    });
}

/** Which items a consumer may use, and which it is denied by name; of those that `concerns` lets through. By item. */
export function whatSees(standing: Standing, code: string, concerns: (item: string) => boolean, narrowing: Narrowing, at: string): readonly Access[] {
  const consumer = consumerIn(standing, code);
  return accessesOf(consumer, mattersOf(consumer, standing), standing, [...standing.catalog.codes()].filter(concerns).sort(), narrowing, at);
}

function accessesOf(consumer: Consumer, matters: readonly Matter[], standing: Standing, items: readonly string[], { use: only, mode }: Narrowing, at: string): readonly Access[] {
  const from = { caller: consumer, catalog: standing.catalog, policy: standing.policyOf(consumer), sealed: standing.sealed, matters, mode, at };
  return items.flatMap((code) => uses.filter((use) => only === null || use === only).flatMap((use): Access[] => {
    const access = accessTo(from, code, use);
    return access.verdict.allowed || access.verdict.rule === 'denied' ? [access] : [];
  }));
}
