/**
 * One request on its way, as far as the audit is concerned: what was asked, what is delivered, what refused it. Filled in by whoever
 * knows; `recorder.ts` writes it down. Refusals are kept by sentences that hold no value.
 */
import { randomUUID } from 'node:crypto';
import type { ScopeFacts } from '../audit/record.ts';
import { HubError } from '../errors.ts';
import type { ClaimedOf } from '../query/counted-claims.ts';
import type { ReadyJson } from '../query/ready-json.ts';
import type { Quota } from '../sharing/terms.ts';
import type { Guesses } from '../verification/guessing.ts';

/** One request on its way. */
export class Trace {
  /** Its id, which its answer tells too. */
  readonly request = randomUUID();
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly began = performance.now();
  /** What was asked, as far as it has been read. */
  asked: Asked = nothingRead;
  variables: Readonly<Record<string, unknown>> = {};
  /** What the answer holds, once it does. */
  delivered: Delivered = nothingDelivered;
  /** Claims about somebody that it verified; null: none. */
  guesses: Guesses | null = null;
  /** What refused it, or a part of it. */
  refusal: Refusal | null = null;

  /** Was it answered, be it with nobody? What is refused before uses no quota. */
  get answered(): boolean {
    return this.delivered !== nothingDelivered;
  }

  constructor(now: Date) {
    this.at = now.getTime();
  }
}

/** What was asked. */
export interface Asked {
  readonly kind: 'QUERY' | 'MUTATION';
  readonly document: string;
  readonly operation: string;
  /** Coordinates of root fields. */
  readonly roots: readonly string[];
  /** What was judged of it, and is delivered under the plan; null: it asks for no records, or was not judged. */
  readonly judged: JudgedFacts | null;
}

/** What a plan says of itself to the audit; the same object for every request of the plan. */
export type JudgedFacts = Pick<ScopeFacts, 'items' | 'delivered' | 'by' | 'masked' | 'withheld' | 'refused' | 'asked'> & {
  /** Every item delivered is open to everybody. */
  readonly open: boolean;
  /** Lines of grants with a quota that it lives on. */
  readonly quotas: readonly Quota[];
  /** Some item delivered is personal information. */
  readonly personal: boolean;
};

/** What an answer holds. */
export interface Delivered {
  readonly subjects: readonly string[];
  /** Ids of the certificates that it holds; absent: none. */
  readonly traced?: readonly string[];
  /** What it claims of whom, and how much of that is not met; absent: nothing. */
  readonly claimed?: readonly ClaimedOf[];
  readonly rows: number;
  /** Reference records, as JSON. */
  readonly reference: readonly ReadyJson[];
}

/** Why something was refused; `reason` holds no value. */
export interface Refusal {
  readonly code: string;
  readonly reason: string;
}

const nothingRead: Asked = { kind: 'QUERY', document: '', operation: '', roots: [], judged: null };
const nothingDelivered: Delivered = { subjects: [], rows: 0, reference: [] };

/** Sentences of these quote what was sent. */
const quoting: ReadonlySet<string> = new Set(['BAD_INPUT', 'BAD_USER_INPUT', 'BAD_REQUEST', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE']);

/** An error as the audit keeps it. */
export function refusalOf(error: { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> } | HubError): Refusal {
  if (error instanceof HubError) return { code: error.code, reason: quoting.has(error.code) ? '' : error.message };
  const code = String(error.extensions?.['code'] ?? 'INTERNAL');
  if (code === 'INTERNAL') return { code, reason: String(error.extensions?.['requestId'] ?? '') };
  return { code, reason: quoting.has(code) ? '' : error.message };
}
