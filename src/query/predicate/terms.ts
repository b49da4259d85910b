/**
 * A predicate that makes sense: what it asks, of what records, with every name resolved against the contract. Types only.
 *
 * Answers are of Kleene's logic: true, false, or null for unknown. What is not known of a record is null, and so is everything about a
 * record that is not there.
 */
import type { LeafField, RecordType, RelationField } from '../../registries/contract.ts';
import type { Ask } from '../../sharing/terms.ts';

/** What an expression is. Moments are civil days (Asia/Shanghai); whole and exact numbers are one. */
export type ValueType = 'text' | 'number' | 'date' | 'boolean' | 'texts';

/** What a clerk types in, by the name under which a predicate reads it (`claim.NAME`). */
export type ClaimType = 'String' | 'Int' | 'Date';
export type Claims = Readonly<Record<string, ClaimType>>;

/** One yes/no question about a record, as it was read. */
export interface Predicate {
  /** What it is asked of. */
  readonly type: RecordType;
  readonly subject: Variable;
  readonly expression: Expression;
  /** All that it looks at: the subject, and what is behind it. */
  readonly look: Look;
  /** Every item that it reads, with the use `verify`. */
  readonly asks: readonly Ask[];
}

/** A record as a predicate looks at it, and what it looks at from there. */
export interface Look {
  readonly type: RecordType;
  readonly fields: ReadonlyMap<string, LeafField>;
  readonly over: ReadonlyMap<string, Over>;
}

/** An edge that a predicate looks over, so many times. */
export interface Over {
  readonly field: RelationField;
  readonly times: number;
  readonly look: Look;
}

/** Whatever a name stands for: the subject (null), a record behind an edge, or one text of a list. */
export interface Variable {
  readonly name: string | null;
  /** Null: a text. */
  readonly look: Look | null;
  /** Fields that are read of the record itself. */
  readonly read: ReadonlyMap<string, LeafField>;
}

/** An edge to one record. */
export interface Step {
  readonly field: RelationField;
  readonly type: RecordType;
}

/** A record: the variable, and the edges to one record that lead from it. */
export interface Place {
  readonly variable: Variable;
  readonly path: readonly Step[];
}

/** Records behind an edge, or the texts of a list. */
export type Many = { readonly of: Place } & ({ readonly kind: 'records'; readonly step: Step } | { readonly kind: 'texts'; readonly field: LeafField });

/** Years, months or days that a date is moved by. */
export interface Shift {
  readonly sign: '+' | '-';
  readonly unit: 'years' | 'months' | 'days';
  readonly count: number;
}

/** An expression and what it is. */
export type Expression = { readonly type: ValueType } & (
  /** Numbers as they were written; null is unknown. */
  | { readonly kind: 'literal'; readonly value: string | boolean | null }
  | { readonly kind: 'claim'; readonly name: string }
  | { readonly kind: 'today' }
  | { readonly kind: 'value'; readonly of: Place; readonly field: LeafField }
  | { readonly kind: 'element'; readonly variable: Variable }
  /** Is something known there: a value, a record? */
  | { readonly kind: 'has'; readonly of: Place; readonly what: LeafField | Step }
  | { readonly kind: 'not' | 'minus'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly kind: 'compare'; readonly op: '==' | '!=' | '<' | '<=' | '>' | '>='; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'among'; readonly value: Expression; readonly of: readonly string[] }
  | { readonly kind: 'contained'; readonly value: Expression; readonly list: Expression }
  | { readonly kind: 'startsWith'; readonly value: Expression; readonly start: Expression }
  | { readonly kind: 'sum'; readonly first: Expression; readonly rest: readonly { readonly sign: '+' | '-'; readonly of: Expression }[] }
  | { readonly kind: 'shift'; readonly first: Expression; readonly by: readonly Shift[] }
  | { readonly kind: 'exists' | 'all'; readonly over: Many; readonly variable: Variable; readonly body: Expression }
  /** How many there are; with a body, of how many it is true. */
  | { readonly kind: 'size'; readonly over: Many; readonly each: { readonly variable: Variable; readonly body: Expression } | null }
);
