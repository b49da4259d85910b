/**
 * The words of sharing (政务信息资源共享): what can be asked, who asks, and what a verdict says.
 * Types only; the one place that decides is `verdict.ts`.
 */

/** 共享类型: unconditional 无条件, conditional 有条件, not shared 不予 (发改高技〔2017〕1272号). */
export const shareTypes = ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'] as const;
export type ShareType = (typeof shareTypes)[number];

/**
 * What one may want from an item: `read` its value · `find` by it (filter, order, count) · `key`, equality on a full
 * identifier · `exist`, that a related record exists · `verify`, a yes/no about it.
 */
export const uses = ['read', 'find', 'key', 'exist', 'verify'] as const;
export type Use = (typeof uses)[number];

/** One thing that an operation would reveal: an item, the use of it, and the coordinate in the contract where it does. */
export interface Ask {
  readonly item: string;
  readonly use: Use;
  /** `Person.birthDate`, or for an argument `Query.searchPersons(where.name)`. */
  readonly at: string;
}

/** Who asks. A stranger is anybody whose key is absent, unknown, expired or revoked. */
export type Caller =
  | { readonly kind: 'stranger' }
  | {
      readonly kind: 'consumer';
      /** Code of the department's application. */
      readonly consumer: string;
      readonly name: string;
      readonly department: string;
      readonly departmentName: string;
    };

/** The rows on which a verdict holds. `ownRows`: the winning source of the record is this department. */
export interface Bound {
  readonly kind: 'ownRows';
  readonly department: string;
}

/** The judge's answer to one ask: a sentence that a clerk can read, signed by the rule that gave it. */
export interface Verdict {
  readonly allowed: boolean;
  /** Where it holds; null is everywhere. Only on allowed verdicts. */
  readonly bound: Bound | null;
  readonly rule: string;
  readonly because: string;
  /** What the caller can do to get it; null when nothing can be done. */
  readonly apply: string | null;
}

/** Two bounds that mean the same rows. */
export function sameBound(a: Bound | null, b: Bound | null): boolean {
  return a === b || (a !== null && b !== null && a.kind === b.kind && a.department === b.department);
}
