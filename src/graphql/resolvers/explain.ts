/**
 * Resolvers of schema/explain.graphql: what would be decided, for whom it concerns.
 */
import { HubError } from '../../errors.ts';
import type { Standing } from '../../identity/standing.ts';
import type { Access } from '../../sharing/access.ts';
import type { CatalogItem } from '../../sharing/catalog.ts';
import type { GrantTuple } from '../../sharing/grant.ts';
import { distinct } from '../../sharing/rows.ts';
import type { Administrator, Caller, Consumer, Mode, Use, Way } from '../../sharing/terms.ts';
import { boundInWords } from '../../sharing/words.ts';
import type { HubContext } from '../context.ts';
import { consumerIn, explainOperation, whatSees, whoMaySee } from '../explain.ts';
import type { ExplainedAsk, Explanation } from '../explain.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { boundShown, territoryShown, tupleShown } from './approvals.ts';
import { matterShown } from './matters.ts';
import { momentsOf } from './moment.ts';
import type { Resolvers } from './resolver.ts';

interface ExplainArguments {
  readonly consumer?: string | null;
  readonly document: string;
  readonly variables?: unknown;
  readonly operationName?: string | null;
  readonly matter?: string | null;
  readonly underCase: boolean;
  readonly mode: Mode;
  readonly at?: string | null;
}

interface AccessArguments {
  readonly use?: Uppercase<Use> | null;
  readonly mode: Mode;
  readonly at?: string | null;
}

/** See the head of this file. */
export function explain(hub: HubSchema, work: Work): Resolvers {
  const then = momentsOf(work);
  return {
    Query: {
      explain: async (_root, { consumer, at: moment, ...given }: ExplainArguments, context) => {
        const code = concerned(consumer, context);
        const { at, standing } = await then(moment, context);
        const explanation = await explainOperation(hub, standing, {
          consumer: code, document: given.document, variables: variablesIn(given.variables), operationName: given.operationName ?? null, matter: given.matter ?? null, underCase: given.underCase, mode: given.mode,
        }, at);
        return explanationShown(forReader(context, explanation, standing, hub), overseesSeals(context));
      },
      whoMaySee: async (_root, { item, use, mode, at: moment }: AccessArguments & { readonly item: string }, context) => {
        const { at, standing } = await then(moment, context);
        if (!concernsOf(context)(standing.catalog.item(item))) throw new HubError('FORBIDDEN', `Item ${item} is provided by another department, whose steward is told who may use it.`);
        return whoMaySee(standing, item, { use: useIn(use), mode }, at).map(accessShown);
      },
      whatSees: async (_root, { consumer, use, mode, at: moment }: AccessArguments & { readonly consumer?: string | null }, context) => {
        const code = concerned(consumer, context);
        const { at, standing } = await then(moment, context);
        return whatSees(standing, code, itemsTold(context, consumerIn(standing, code), standing) ?? (() => true), { use: useIn(use), mode }, at).map(accessShown);
      },
    },
  };
}

/** Whom a question may be about: an application asks about itself alone, whether or not there is another. */
export function concerned(consumer: string | null | undefined, { caller }: HubContext): string {
  if (caller.kind === 'consumer') {
    if ((consumer ?? caller.consumer) !== caller.consumer) throw new HubError('FORBIDDEN', 'An application is told about itself only; leave `consumer` out.');
    return caller.consumer;
  }
  if (consumer === undefined || consumer === null) throw new HubError('BAD_INPUT', 'Say which consumer: administrators ask about applications.');
  return consumer;
}

/**
 * The items that somebody is told of when he asks about an application; null: all. An application is told all about itself, the data
 * authority and the steward of its department all about it; any other steward what his department provided at that moment.
 */
function itemsTold({ caller }: HubContext, { department }: Consumer, { catalog }: Standing): ((item: string) => boolean) | null {
  if (caller.kind !== 'administrator' || caller.role !== 'STEWARD' || caller.ofAuthority || caller.department === department) return null;
  return (item) => catalog.item(item)?.ownerDepartment === caller.department;
}

/** The items that coordinates take: a field's own, of a root field that there is such a record. */
export function itemsAt({ types, lookups }: HubSchema['contract'], at: string): readonly string[] {
  const [type = '', name = ''] = at.split('.');
  const exists = type === 'Query' ? types.get(lookups.get(name)?.type ?? '')?.existsItem : undefined;
  return exists === undefined ? types.get(type)?.fields.get(name)?.items ?? [] : [exists];
}

/** An explanation as far as its reader is told. */
interface Told extends Explanation {
  /** How many asks are about items of which he is not told. */
  readonly asksOfOthers: number;
}

/** What is wrong with the operation as such is told whole; what was decided about other departments' items stays with them. */
function forReader(context: HubContext, whole: Explanation, standing: Standing, { contract }: HubSchema): Told {
  const told = itemsTold(context, whole.consumer, standing);
  if (told === null) return { ...whole, asksOfOthers: 0 };
  const asks = whole.asks.filter(({ ask }) => told(ask.item));
  const mayKnow = (at: string): boolean => {
    const items = itemsAt(contract, at);
    return items.length > 0 && items.every(told);
  };
  return {
    ...whole, asks, asksOfOthers: whole.asks.length - asks.length,
    refusals: whole.refusals.filter(({ item }) => item === null || told(item)),
    withheld: whole.withheld.filter(({ item }) => told(item)).map((entry) => ({ ...entry, instead: (entry.instead ?? []).filter(mayKnow) })),
    masked: whole.masked.filter(({ item }) => told(item)),
    until: asks.flatMap(({ verdict: { until } }) => until ?? []).toSorted()[0] ?? null,
  };
}

/** Seals are read by overseers (`seals`), and by nobody else. */
function overseesSeals({ caller }: { readonly caller: Caller }): boolean {
  return caller.kind === 'administrator' && caller.role !== 'STEWARD';
}

/** The items about which somebody is told who uses them: a steward of those that his department provided at that moment, everybody else of all. */
export function concernsOf({ caller }: HubContext): (item: Pick<CatalogItem, 'ownerDepartment'> | undefined) => boolean {
  const steward: Administrator | null = caller.kind === 'administrator' && caller.role === 'STEWARD' ? caller : null;
  return (item) => steward === null || item?.ownerDepartment === steward.department;
}

/** Variables that were given as one value. */
export function variablesIn(given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object' || Array.isArray(given)) throw new HubError('BAD_INPUT', 'Give the variables as one object.');
  return given as Readonly<Record<string, unknown>>;
}

const useIn = (use: Uppercase<Use> | null | undefined): Use | null => (use ? use.toLowerCase() as Use : null);

/** An explanation as the contract has it. */
export function explanationShown(explanation: Told, withSeals: boolean): unknown {
  const { consumer: { consumer, name, department, requestsPerMinute = null }, at, standing, mode, matter, underCase, matters, refusals, asks, asksOfOthers, withheld, masked, territory, seals, until } = explanation;
  return {
    consumer, consumerName: name, departmentCode: department, at, standing, mode, matter: matter?.code ?? null, underCase, matters: matters.map(matterShown),
    refused: refusals.length > 0, refusals: refusals.map(({ code, because, at: place }) => ({ code, because, at: place })), asks: asks.map(askShown), asksOfOthers,
    withheld: withheld.map((entry) => ({ at: entry.at, item: entry.item, because: entry.because, apply: entry.apply, instead: entry.instead ?? [] })),
    masked: masked.map(({ at: place, item, masks }) => ({ at: place, item, masks })), requestsPerMinute,
    territory: territory.map(territoryShown), seals: withSeals ? seals : null, until,
  };
}

function askShown({ ask: { at, item, use }, itemName, verdict: { allowed, rule, because, apply, ways, until }, tuples }: ExplainedAsk): unknown {
  return { at, item, itemName, use: use.toUpperCase(), allowed, rule, because, apply, ways: ways.map((way, index) => wayShown(way, tuples[index] ?? null)), until };
}

function accessShown({ consumer: { consumer, name, department }, item, itemName, use, verdict: { allowed, rule, because, until }, ways, takesMatter, takesCase }: Access): unknown {
  return {
    consumer, consumerName: name, departmentCode: department, item, itemName, use: use.toUpperCase(), allowed, rule, because,
    ways: ways.map(({ way, tuple }) => wayShown(way, tuple)), takesMatter, takesCase, until,
  };
}

function wayShown({ rule, approvalNo, mask, bounds: all }: Way, tuple: GrantTuple | null): unknown {
  const bounds = distinct(all);
  const words = bounds.map(boundInWords);
  return {
    rule, approvalNo, mask, bounds: bounds.map(boundShown), tuple: tuple === null ? null : tupleShown(tuple),
    rows: words.length === 0 ? null : `${words.map(({ zh }) => zh).join('，且')} · ${words.map(({ en }) => en).join(', and ')}`,
  };
}
