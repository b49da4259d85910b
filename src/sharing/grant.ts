/**
 * What a consumer was granted, as the judge reads it: its territory, its tuples by item, what it is denied, the seals that it
 * looks behind. Pure data with one question: which tuples apply to an ask.
 *
 * Grants are written by the use cases in `approvals/`, which check them; here what does not make sense applies to nothing.
 */
import { masksFor } from './mask.ts';
import type { MaskName } from './mask.ts';
import type { CatalogItem } from './catalog.ts';
import type { Ask, Bound, Circumstances, Mode, Use } from './terms.ts';

/** One line of a grant. Several may speak of one item: they add up, and the most permissive that applies wins. */
export interface GrantTuple {
  readonly approvalNo: string;
  readonly item: string;
  readonly uses: readonly Use[];
  readonly modes: readonly Mode[];
  /** What is left of the value; null: all of it. A masked value can be read, and nothing else. */
  readonly mask: MaskName | null;
  /** All of these must hold on a row; empty: every row. */
  readonly bounds: readonly Bound[];
  /** Codes of the matters that it is for; null: for every matter of the consumer. */
  readonly matters: readonly string[] | null;
  /** Questions a day; null: as many as need be. */
  readonly quotaPerDay: number | null;
  /** From this moment until before that one, ISO 8601 in UTC with milliseconds; null: without end. */
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** Where a consumer's records lie: outside of it a record of these types does not exist. */
export interface Territory {
  /** Null: every type on which one of the bounds can be judged. */
  readonly types: readonly string[] | null;
  /** Any of them. */
  readonly within: readonly Bound[];
}

/** An explicit denial. */
export interface Denial {
  readonly code: string;
  readonly because: string;
}

/** All that was decided about one consumer. */
export interface Policy {
  /** Moves with every change of it. */
  readonly version: string;
  readonly territory: readonly Territory[];
  readonly tuples: ReadonlyMap<string, readonly GrantTuple[]>;
  readonly denials: ReadonlyMap<string, Denial>;
  /** Codes of the seals that its grants name. */
  readonly seals: readonly string[];
}

/** Of a consumer about whom nothing was decided. */
export const noPolicy: Policy = { version: '0', territory: [], tuples: new Map(), denials: new Map(), seals: [] };

/** The tuples that open an ask now, and the next moment at which others may. */
export interface Applying {
  readonly tuples: readonly GrantTuple[];
  readonly until: string | null;
}

/** Which tuples apply. */
export function applyingTuples(policy: Policy, ask: Ask, item: CatalogItem, { mode, matter, hasCase, now }: Circumstances): Applying {
  const tuples: GrantTuple[] = [];
  let until: string | null = null;
  const moment = (at: string | null): void => {
    if (at !== null && at > now && (until === null || at < until)) until = at;
  };
  for (const tuple of policy.tuples.get(ask.item) ?? []) {
    if (!opens(tuple, ask, item) || !tuple.modes.includes(mode)) continue;
    if (tuple.matters !== null && (matter === null || !tuple.matters.includes(matter.code))) continue;
    // Without a case nobody is its subject.
    if (!hasCase && tuple.bounds.some(({ kind }) => kind === 'case')) continue;
    moment(tuple.validFrom);
    moment(tuple.validTo);
    if (tuple.validFrom <= now && (tuple.validTo === null || now < tuple.validTo)) tuples.push(tuple);
  }
  return { tuples, until };
}

/** Whoever may read the value itself may also have it checked; of a masked one nothing but its mask may be had. */
function opens({ uses, mask }: GrantTuple, { use, whole }: Ask, item: CatalogItem): boolean {
  if (mask === null) return uses.includes(use) || (use === 'verify' && uses.includes('read'));
  return use === 'read' && whole !== true && uses.includes('read') && masksFor(item.mask).includes(mask);
}
