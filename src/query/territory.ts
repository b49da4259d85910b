/**
 * Where a caller's records lie, entry by entry: on which rows of a type an entry holds, and where it need not be asked again because
 * the edge to a record has shown it already.
 *
 * It says nothing of what a bound means on a table (`bounds.ts`), and puts nothing into a statement.
 */
import type { RecordModel } from '../registries/record.ts';
import type { Territory } from '../sharing/grant.ts';
import { includes } from '../sharing/rows.ts';
import type { Rows } from '../sharing/rows.ts';
import { canJudge, isAboutNearEnd, isOfPersons } from './bounds.ts';
import type { Edge, Surroundings } from './bounds.ts';

/** The rows of a type that an entry leaves: any of its bounds that can be judged there. Everywhere, where it does not speak of the type. */
export function territoryOn({ types, within }: Territory, model: RecordModel): Rows {
  // Without a bound it lies nowhere: a territory that could not be read lets nothing exist.
  const judged = types !== null || within.length === 0 ? within : within.filter((bound) => canJudge(bound, model));
  const speaks = types === null ? within.length === 0 || judged.length > 0 : types.includes(model.type);
  return speaks ? judged.map((bound) => [bound]) : 'all';
}

/**
 * Does an entry hold on a record because it is reached from a person, today's, on whom it holds? It does where the record is about
 * him and every bound by which he may have come in holds on all that is about him.
 */
export function isInsideByEdge(own: Pick<Surroundings, 'person'>, entry: Territory, model: RecordModel, reached: Edge | null): boolean {
  if (reached === null || !isAboutNearEnd(own, model, reached)) return false;
  const [near, here] = [territoryOn(entry, own.person), territoryOn(entry, model)];
  if (near === 'all' || here === 'all') return false;
  const possible = near.flat().filter((bound) => canJudge(bound, own.person));
  return possible.every((bound) => isOfPersons(bound) && here.some((term) => includes(term, bound)));
}
