/**
 * Two who edit at once: a change says which version it was made from, and whoever was slower is told instead of winning in silence.
 */
import { HubError } from '../errors.ts';

/** The version that a change was made from; null: there was nothing; undefined: the change does not say, and takes the place of whatever stands. */
export type BasedOn = string | null | undefined;

/** Refuses another version than the one that stands (null: nothing does); `query` tells it. */
export function refuseOtherVersion(what: string, query: string, version: string | null, basedOn: BasedOn): void {
  if (basedOn === undefined || basedOn === version) return;
  const now = version === null ? 'there is none any more' : basedOn === null ? `there is one by now, at version ${version}` : `it is at version ${version}`;
  throw new HubError('CONFLICT', `${what} was changed meanwhile: ${now}. Look at it again (${query}), and send the change with that version if it still holds.`, { version });
}
