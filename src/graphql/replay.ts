/**
 * A change replayed over operations that were really asked: what each would be delivered and what not, under the standing in force and
 * under the one that would be. Operations come as outlines (`query/outline.ts`), so nobody's values are needed and none are read.
 *
 * One that would be refused whatever the change says (its consumer, matter or part of the contract is gone) is no business of the change, and is counted.
 */
import { circumstancesOf, takesPart } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import { eachDelivered } from '../query/delivered.ts';
import { readOutline } from '../query/outline.ts';
import type { Outline } from '../query/outline.ts';
import { planOf } from '../sharing/plan.ts';
import { modes } from '../sharing/terms.ts';
import type { Consumer } from '../sharing/terms.ts';
import type { Change } from './preview.ts';
import type { HubSchema } from './schema.ts';

/** An operation that was asked. */
export interface Replayable extends Outline {
  readonly consumer: string;
  readonly matter: string | null;
  readonly mode: string;
}

/** What a standing makes of an operation. */
interface Outcome {
  /** Coordinates delivered; none where the whole is refused. */
  readonly places: ReadonlySet<string>;
  readonly items: ReadonlySet<string>;
  readonly masks: ReadonlyMap<string, string>;
  readonly refused: string | null;
}

/** What a change makes of an operation; of what changes only. */
export interface Replayed<T extends Replayable> {
  readonly operation: T;
  readonly consumer: Consumer;
  readonly effect: 'GAINS' | 'LOSES' | 'CHANGES';
  readonly gains: readonly string[];
  readonly loses: readonly string[];
  readonly gainedItems: readonly string[];
  readonly lostItems: readonly string[];
  /** Coordinates that would be masked otherwise. */
  readonly masks: readonly string[];
  readonly refused: string | null;
}

/** See the head of this file. `at`: the moment, ISO 8601. */
export function replay<T extends Replayable>(hub: HubSchema, { before, after, consumers }: Change, operations: readonly T[], at: string): { readonly changed: readonly Replayed<T>[]; readonly leftOut: number } {
  const changed: Replayed<T>[] = [];
  let leftOut = 0;
  for (const operation of operations) {
    const consumer = before.consumer(operation.consumer);
    const was = outcomeOf(hub, before, operation, at);
    const is = consumers === null || consumers.has(operation.consumer) ? outcomeOf(hub, after, operation, at) : was;
    if (consumer === undefined || was === null || is === null) {
      leftOut += 1;
      continue;
    }
    const [gains, loses] = [without(is.places, was.places), without(was.places, is.places)];
    const masks = [...is.places].filter((place) => was.places.has(place) && was.masks.get(place) !== is.masks.get(place));
    if (gains.length + loses.length + masks.length === 0) continue;
    const effect = loses.length + masks.length === 0 ? 'GAINS' : gains.length + masks.length === 0 ? 'LOSES' : 'CHANGES';
    changed.push({ operation, consumer, effect, gains, loses, gainedItems: without(is.items, was.items), lostItems: without(was.items, is.items), masks, refused: is.refused });
  }
  return { changed, leftOut };
}

/** Null: it could not be asked so any more. */
function outcomeOf({ contract }: HubSchema, standing: Standing, { consumer: code, matter: named, mode: word, inCase, ...outline }: Replayable, at: string): Outcome | null {
  const caller = standing.consumer(code);
  const matter = named === null ? null : standing.matter(named);
  const mode = modes.find((one) => one === word);
  const read = readOutline(contract, outline);
  if (caller === undefined || matter === undefined || mode === undefined || read === null || (matter !== null && !takesPart(caller, matter))) return null;
  const circumstances = circumstancesOf({ mode, matter, caseNo: inCase === true ? 'replayed' : null, operator: null, behalf: null, problem: null }, at);
  const plan = planOf(read.asks, { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances }, contract.itemsOfTypes);
  const [places, items] = [new Set<string>(), new Set<string>()];
  const refused = plan.refused[0]?.because ?? null;
  if (refused === null) {
    eachDelivered(read.tree, plan, (_type, place, own) => {
      places.add(place);
      for (const item of own) items.add(item);
    });
  }
  return { places, items, masks: new Map(plan.masked.map(({ at: place, masks }) => [place, masks.join()])), refused };
}

function without(these: ReadonlySet<string>, those: ReadonlySet<string>): readonly string[] {
  return [...these].filter((one) => !those.has(one));
}
