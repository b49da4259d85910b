/**
 * What the resolvers of root fields that are no records get of the hub, beside the request's context: the way to write, and the
 * way to take what was just changed. The hub hands it in; tests hand in their own.
 */
import type { WriteContext } from '../records/write.ts';

/** See the head of this file. */
export interface Work {
  /** What writing needs, at this moment: the database, the clock, the person keys. */
  writing(): WriteContext;
  /** `person_key` of an ID number. */
  readonly personKey: (idNumber: string) => string;
  /** Days for which a case is open where its opener names no deadline. */
  readonly caseDays: number;
  /** Takes what was changed in the policy: what a mutation did is in force here before its answer leaves. */
  look(): Promise<void>;
}
