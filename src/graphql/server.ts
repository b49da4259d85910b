/**
 * Apollo Server, hardened: it speaks the protocol, parses and formats; `gate.ts` decides and answers.
 */
import { randomUUID } from 'node:crypto';
import { ApolloServer, HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';
import type { StatementLanes } from '../query/run.ts';
import { formatted, ReadyAnswer } from './answer.ts';
import { prices } from './budget.ts';
import type { HubContext } from './context.ts';
import { hangDoors } from './doors.ts';
import { Gate } from './gate.ts';
import type { GateAnswer, GateRequest } from './gate.ts';
import { KnownQuestions } from './known.ts';
import type { AskedAgain } from './known.ts';
import { documentLimits, keptDocuments } from './limits.ts';
import { Quotas } from './quotas.ts';
import { Recorder } from './recorder.ts';
import { attachResolvers } from './resolvers/index.ts';
import { Records } from './resolvers/records.ts';
import type { HubSchema } from './schema.ts';
import { refusalOf } from './trace.ts';
import type { Work } from './work.ts';

/** Tells the operator of a failure that the client only learns as `INTERNAL`. */
export type ReportFailure = (requestId: string, error: unknown) => void;

/** The two ways in, both to the same gate. */
export interface HubServer {
  /** The way of every request. It is started by its caller. */
  readonly apollo: ApolloServer<HubContext>;
  /** The short way of questions that came before. */
  readonly known: Pick<KnownQuestions, 'find'>;
  /** Takes it; null where with these variables there is nothing for the gate to answer, and the question goes through Apollo. Never throws. */
  again(asked: AskedAgain, context: HubContext): Promise<GateAnswer>;
}

/** Builds the server. */
export function buildServer(hub: HubSchema, lanes: StatementLanes, work: Work, report: ReportFailure): HubServer {
  const records = new Records(hub, lanes, work);
  attachResolvers(hub, work, records);
  const doors = hangDoors(hub.schema, (root) => hub.contract.lookups.has(root));
  const recorder = work.audit === undefined ? null : new Recorder(work.audit, new Quotas(work.lookups, work.verifier?.mostUnmet ?? 0));
  const gate = new Gate(hub, records, doors, (error) => shownError(error, report), recorder);
  const known = new KnownQuestions();
  return {
    apollo: apolloBefore(hub, [passThrough(gate, known, report), ...(recorder === null ? [] : [writtenDown(recorder, report, work.told)])], gate, report),
    known,
    again: async (asked, context) => {
      const said = await outcome(gate, { ...asked, context }, report);
      if (said === null || recorder === null) return said;
      return await unwritten(recorder, context, report, work.told) ?? said;
    },
  };
}

function apolloBefore(hub: HubSchema, plugins: readonly ApolloServerPlugin<HubContext>[], gate: Gate, report: ReportFailure): ApolloServer<HubContext> {
  return new ApolloServer<HubContext>({
    schema: hub.schema,
    introspection: true,
    // The gate validates, once per document and only after it has measured it.
    dangerouslyDisableValidation: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    documentStore: boundedStore(gate),
    parseOptions: { maxTokens: documentLimits.tokens },
    logger: silent,
    formatError: (shown, error) => allowed(shown, error, report),
    stringifyResult: (result) => (result.data instanceof ReadyAnswer ? String(result.data.body) : JSON.stringify(result)),
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), ...plugins],
  });
}

/** Apollo's own store counts what a document would be as JSON, which is neither what it takes nor quickly found out. */
function boundedStore(gate: Gate) {
  const documents = new LRUCache<string, DocumentNode>(keptDocuments);
  return {
    get: async (key: string) => documents.get(key),
    set: async (key: string, document: DocumentNode) => {
      const size = 200 + (document.loc?.end ?? 0);
      documents.set(key, gate.kept(document), { size });
    },
    delete: async (key: string) => documents.delete(key),
  };
}

/** Apollo's own log would repeat messages that may quote input; failures go to `report`. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

function passThrough(gate: Gate, known: KnownQuestions, report: ReportFailure): ApolloServerPlugin<HubContext> {
  return {
    async requestDidStart() {
      return {
        async parsingDidStart(reading) {
          const { source, contextValue: { account } } = reading;
          account?.owe(prices.newDocument + prices.character * source.length);
          const done = await account?.turn('reading');
          const halt = account?.halts();
          return async (error) => {
            try {
              if (error !== undefined) account?.owe(prices.refused);
              else if (reading.document && halt !== undefined) await gate.checkInSteps(reading.document, halt);
            } finally {
              done?.();
            }
          };
        },
        async responseForOperation({ document, operation, queryHash = '', source = '', request, contextValue }) {
          const said = await outcome(gate, { document, operation, documentKey: queryHash, size: source.length, variables: request.variables ?? {}, context: contextValue }, report);
          if (said === null) return null;
          if (said.kind === 'answer') {
            if (operation !== undefined) known.learn(source, request.operationName ?? null, { document, operation, documentKey: queryHash });
            return single({ data: said.answer as never });
          }
          return { ...single({ errors: said.errors }), http: { status: said.status, headers: new HeaderMap(said.retryAfter === undefined ? [] : [['retry-after', String(said.retryAfter)]]) } };
        },
      };
    },
  };
}

/** What the gate says; of what nobody foresaw, that it failed. */
async function outcome(gate: Gate, request: GateRequest, report: ReportFailure): Promise<GateAnswer> {
  try {
    return await gate.pass(request);
  } catch (error) {
    return { kind: 'refused', status: 500, errors: [internal(error, report, request.context.trace.request)] };
  }
}

/** Every answer waits until it is written down, whatever made it; one that cannot be written down is not given. */
function writtenDown(recorder: Recorder, report: ReportFailure, told: Work['told']): ApolloServerPlugin<HubContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, response, queryHash }) {
          const { trace } = contextValue;
          const { body } = response;
          if (trace.asked.document === '' && queryHash !== undefined) trace.asked = { ...trace.asked, document: queryHash };
          const [error] = trace.refusal === null && body.kind === 'single' ? body.singleResult.errors ?? [] : [];
          if (error !== undefined) trace.refusal = refusalOf(error);
          const refused = await unwritten(recorder, contextValue, report, told);
          if (refused === null) return;
          response.body = { kind: 'single', singleResult: { errors: refused.errors } };
          response.http.status = refused.status;
          if (refused.retryAfter !== undefined) response.http.headers.set('retry-after', String(refused.retryAfter));
        },
      };
    },
  };
}

/** Writes down what became of a request; what to say instead of an answer where that failed, else null. */
async function unwritten(recorder: Recorder, context: HubContext, report: ReportFailure, told: Work['told']): Promise<Extract<GateAnswer, { kind: 'refused' }> | null> {
  try {
    await recorder.answered(context);
    told?.(context, context.trace.refusal?.code ?? 'OK');
    return null;
  } catch (error) {
    // What became of it after all: nobody fails by what is used up.
    context.trace.refusal = error instanceof HubError ? refusalOf(error) : { code: 'INTERNAL', reason: '' };
    told?.(context, context.trace.refusal.code);
    if (error instanceof HubError) return { kind: 'refused', status: error.status, errors: [formatted(error)], retryAfter: error.details['retryAfter'] };
    return { kind: 'refused', status: 500, errors: [internal(error, report, context.trace.request)] };
  }
}

function single(singleResult: { data?: never; errors?: readonly GraphQLFormattedError[] }) {
  return { http: { headers: new HeaderMap() }, body: { kind: 'single' as const, singleResult } };
}

/** Apollo's codes that say what the client did wrong; all others become the hub's own or `INTERNAL`. */
const protocolCodes = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_SUPPORTED']);

function allowed(shown: GraphQLFormattedError, error: unknown, report: ReportFailure): GraphQLFormattedError {
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (original instanceof HubError) return { ...formatted(original), ...(shown.path ? { path: shown.path } : {}) };
  if (protocolCodes.has(String(shown.extensions?.['code']))) return shown;
  return internal(error, report);
}

/** As Apollo shows an error of a resolver. */
function shownError(error: GraphQLError, report: ReportFailure): GraphQLFormattedError {
  const { extensions: { code = 'INTERNAL_SERVER_ERROR', ...others } } = error;
  return allowed({ ...error.toJSON(), extensions: { ...others, code } }, error, report);
}

function internal(error: unknown, report: ReportFailure, requestId: string = randomUUID()): GraphQLFormattedError {
  report(requestId, error);
  return { message: `The hub failed to answer. Tell the operator request ${requestId}.`, extensions: { code: 'INTERNAL', requestId } };
}
