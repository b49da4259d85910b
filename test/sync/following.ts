/**
 * Whoever follows the feed as tests do: what he asks, the pages that come, and what he holds by them.
 */
import type { Answer } from '../world/hub.ts';

/** What he asks. */
export const document = `query ($registry: Registry!, $after: String, $first: Int!) { changes(registry: $registry, after: $after, first: $first) {
  epoch after endCursor digest hasNextPage phase conditions behind shown { type fields }
  entries { cursor kind type id recordedAt hidden sources { source key version changedAt deleted effectiveFrom effectiveTo values } }
} }`;

/** An entry as it comes. */
export interface Entry {
  readonly cursor: string;
  readonly kind: string;
  readonly type: string;
  readonly id: string;
  readonly recordedAt: string | null;
  readonly hidden: readonly string[];
  readonly sources: readonly { readonly source: string; readonly key: string; readonly version: string; readonly deleted: boolean; readonly effectiveFrom: string | null; readonly effectiveTo: string | null; readonly values: Readonly<Record<string, unknown>> }[];
}

/** A page as it comes. */
export interface Page {
  readonly epoch: string;
  readonly after: string | null;
  readonly endCursor: string;
  readonly digest: string;
  readonly hasNextPage: boolean;
  readonly phase: string;
  readonly conditions: string;
  readonly behind: number;
  readonly shown: readonly { readonly type: string; readonly fields: readonly string[] }[];
  readonly entries: readonly Entry[];
}

/** The page in an answer. Throws its first error, with its extensions. */
export function pageIn({ data, errors }: Pick<Answer, 'data' | 'errors'>): Page {
  if (errors.length > 0) throw Object.assign(new Error(`${String(errors[0]?.extensions['code'])}: ${errors[0]?.message}`), { extensions: errors[0]?.extensions });
  return (data as unknown as { changes: Page }).changes;
}

/** Whoever follows and applies what he is told. */
export class Following {
  readonly held = new Map<string, Entry>();
  readonly kinds: string[] = [];
  after: string | null = null;
  readonly #page: (after: string | null, first: number) => Promise<Page>;

  constructor(page: (after: string | null, first: number) => Promise<Page>) {
    this.#page = page;
  }

  /** Follows until he is in step; gives the entries. */
  async catchUp(first = 200): Promise<readonly Entry[]> {
    const all: Entry[] = [];
    for (;;) {
      const { entries, endCursor, hasNextPage, phase } = await this.#page(this.after, first);
      for (const entry of entries) this.#apply(entry);
      all.push(...entries);
      this.after = endCursor;
      if (!hasNextPage && phase === 'FEED') return all;
    }
  }
  #apply(entry: Entry): void {
    this.kinds.push(entry.kind);
    if (entry.kind === 'UPSERT') this.held.set(entry.id, entry);
    else if (entry.kind !== 'CORRECTION') this.held.delete(entry.id);
  }
  names(): Map<string, unknown> {
    return new Map([...this.held.values()].filter(({ type }) => type === 'Person').map(({ id, sources }) => [id, sources.find(({ deleted }) => !deleted)?.values['name']]));
  }
}
