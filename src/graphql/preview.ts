/**
 * What a change would do before it is made: who would gain and lose which fields, and what would become of operations that are really
 * asked. Two standings are compared, the one in force and the one that would be; every verdict is the judge's (`sharing/verdict.ts`).
 * No record is read, and nothing is changed.
 *
 * Operations are handed in: by whoever asks, or from wherever they were written down. One that neither standing can answer is no
 * business of a change.
 */
import type { Standing } from '../identity/standing.ts';
import { wayInWords } from '../sharing/words.ts';
import type { Access } from '../sharing/access.ts';
import { Catalog } from '../sharing/catalog.ts';
import type { CatalogItem } from '../sharing/catalog.ts';
import type { Denial, GrantTuple, Policy } from '../sharing/grant.ts';
import type { Consumer, Mode, Use } from '../sharing/terms.ts';
import { explainOperation, whoMaySee } from './explain.ts';
import type { Explanation, Question } from './explain.ts';
import type { HubSchema } from './schema.ts';

/** Two standings to be compared, and the items in which they may differ. */
export interface Change {
  readonly before: Standing;
  readonly after: Standing;
  readonly items: readonly string[];
  /** Consumers for whom they may differ; null: all. */
  readonly consumers: ReadonlySet<string> | null;
}

export type Effect = 'GAINS' | 'LOSES' | 'CHANGES';

/** What a change does to one consumer's use of an item. */
export interface PreviewedAccess {
  readonly consumer: Consumer;
  readonly item: string;
  readonly itemName: string;
  readonly use: Use;
  readonly effect: Effect;
  /** Coordinates in the contract that take the item. */
  readonly fields: readonly string[];
  /** The ways in words; empty: none. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What a change does to an operation: coordinates that would be answered, or no longer. */
export interface PreviewedOperation {
  readonly index: number;
  readonly consumer: string;
  readonly effect: Effect | null;
  readonly gains: readonly string[];
  readonly loses: readonly string[];
  /** Coordinates that would be masked otherwise. */
  readonly masks: readonly string[];
  /** Why the whole of it would be refused; null: it would not. */
  readonly refused: string | null;
}

/** A standing with items put in, and others gone. */
export function withItems(standing: Standing, items: readonly CatalogItem[], gone: readonly string[] = []): Standing {
  const all = new Map([...standing.catalog.items()].map((item) => [item.code, item]));
  for (const item of items) all.set(item.code, item);
  for (const code of gone) all.delete(code);
  return standing.withCatalog(new Catalog(all.values()), `${standing.everybody} previewed`);
}

/** A standing in which a consumer has other tuples under one approval; none: that approval has ended. */
export function withGrant(standing: Standing, consumer: Consumer, approvalNo: string, granted: readonly GrantTuple[]): Standing {
  const policy: Policy = standing.policyOf(consumer);
  const tuples = new Map<string, readonly GrantTuple[]>();
  for (const tuple of [...[...policy.tuples.values()].flat().filter((own) => own.approvalNo !== approvalNo), ...granted]) tuples.set(tuple.item, [...(tuples.get(tuple.item) ?? []), tuple]);
  return standing.withPolicy(consumer.consumer, { ...policy, version: `${policy.version} previewed`, tuples });
}

/** A standing in which an item is denied to a consumer, or no longer (null). */
export function withDenial(standing: Standing, consumer: Consumer, item: string, denial: Denial | null): Standing {
  const policy: Policy = standing.policyOf(consumer);
  const denials = new Map([...policy.denials].filter(([code]) => code !== item));
  if (denial !== null) denials.set(item, denial);
  const { tuples, territory, seals } = policy;
  return standing.withPolicy(consumer.consumer, { version: `${policy.version} previewed`, tuples, territory, seals, denials });
}

/** Whose use of which item changes, by item, consumer and use. */
export function previewAccess({ contract }: HubSchema, { before, after, items, consumers }: Change, mode: Mode, at: string): readonly PreviewedAccess[] {
  return [...new Set(items)].sort().flatMap((item) => {
    const fields = [...contract.types.values()].flatMap((type) => [...type.fields.values()].filter((field) => field.items.includes(item)).map((field) => `${type.name}.${field.name}`));
    const among = (consumer: Consumer): boolean => consumers === null || consumers.has(consumer.consumer);
    const [old, now] = [accesses(before, item, mode, at, among), accesses(after, item, mode, at, among)];
    return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key): PreviewedAccess[] => {
      const [was, is] = [old.get(key), now.get(key)];
      const one = (is ?? was) as Access;
      const [waysBefore, waysAfter] = [inWords(was), inWords(is)];
      if (waysBefore.join('\n') === waysAfter.join('\n')) return [];
      return [{ consumer: one.consumer, item, itemName: one.itemName, use: one.use, effect: was === undefined ? 'GAINS' : is === undefined ? 'LOSES' : 'CHANGES', fields, before: waysBefore, after: waysAfter }];
    });
  });
}

/** Who may use an item, by consumer and use; nobody, where there is no such item. */
function accesses(standing: Standing, item: string, mode: Mode, at: string, among: (consumer: Consumer) => boolean): ReadonlyMap<string, Access> {
  if (standing.catalog.item(item) === undefined) return new Map();
  const allowed = whoMaySee(standing, item, { use: null, mode }, at, among).filter(({ verdict }) => verdict.allowed);
  return new Map(allowed.map((own) => [`${own.consumer.consumer} ${own.use}`, own]));
}

function inWords(access: Access | undefined): readonly string[] {
  return (access?.ways ?? []).map((own) => {
    const { zh, en } = wayInWords(own);
    return `${zh} · ${en}`;
  }).sort();
}

/** What becomes of operations, one by one and in their order. */
export async function* previewOperations(hub: HubSchema, { before, after }: Change, operations: AsyncIterable<Question> | Iterable<Question>, at: string): AsyncIterable<PreviewedOperation> {
  let index = 0;
  for await (const question of operations) {
    const [was, is] = [await explainOperation(hub, before, question, at), await explainOperation(hub, after, question, at)];
    const [old, now] = [answered(was), answered(is)];
    const gains = [...now].filter((place) => !old.has(place));
    const loses = [...old].filter((place) => !now.has(place));
    const masks = masksThatDiffer(was, is).filter((place) => !gains.includes(place) && !loses.includes(place));
    const effect: Effect | null = gains.length > 0 && loses.length === 0 ? 'GAINS' : loses.length > 0 && gains.length === 0 ? 'LOSES' : gains.length + masks.length > 0 ? 'CHANGES' : null;
    yield { index, consumer: question.consumer, effect, gains, loses, masks, refused: is.refusals[0]?.because ?? null };
    index += 1;
  }
}

/** Coordinates of which something would be answered; none, where the whole is refused. */
function answered({ asks, refusals, withheld }: Explanation): ReadonlySet<string> {
  if (refusals.length > 0) return new Set();
  const not = new Set(withheld.map(({ at }) => at));
  return new Set(asks.filter(({ ask, verdict }) => verdict.allowed && !not.has(ask.at)).map(({ ask }) => ask.at));
}

function masksThatDiffer(was: Explanation, is: Explanation): readonly string[] {
  const of = ({ masked }: Explanation) => new Map(masked.map(({ at, masks }) => [at, masks.join()]));
  const [old, now] = [of(was), of(is)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((place) => old.get(place) !== now.get(place));
}
