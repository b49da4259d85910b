/**
 * What the resolvers of root fields that are no records get of the hub, beside the request's context: the way to write, and the
 * way to take what was just changed. The hub hands it in; tests hand in their own.
 */
import type { DeadlineDays } from '../calendar/deadline.ts';
import type { Purpose } from '../identity/purpose.ts';
import type { OpenCases } from '../matters/open-cases.ts';
import type { WriteContext } from '../records/write.ts';
import type { Caller } from '../sharing/terms.ts';

/** Whose data goes to whom, and for what. */
export interface Delivery {
  readonly caller: Caller;
  readonly purpose: Purpose;
  /** ISO 8601. */
  readonly now: string;
  /** The `person_key`s of everybody whose data the answer holds, each once. */
  readonly subjects: readonly string[];
}

/** See the head of this file. */
export interface Work {
  /** What writing needs, at this moment: the database, the clock, the person keys. */
  writing(): WriteContext;
  /** `person_key` of an ID number. */
  readonly personKey: (idNumber: string) => string;
  /** Days for which a case is open where its opener names no deadline. */
  readonly caseDays: number;
  /** Working days that each kind of work is given. */
  readonly deadlines: DeadlineDays;
  /** Whom open cases cover. */
  readonly cases: OpenCases;
  /** Takes what was changed in the policy: what a mutation did is in force here before its answer leaves. */
  look(): Promise<void>;
  /** Writes a delivery down; the answer waits for it, and without it there is none. Absent: statements do not tell whose data they hold. */
  readonly audit?: (delivery: Delivery) => Promise<void>;
}
