/**
 * The contract and the declarations, joined: what `query/` compiles against.
 *
 * The SDL says what a field is and which item authorizes it; the declaration says which column holds it and which
 * edge leads where. `graphql/contract` builds this once at boot and refuses any gap between the two.
 */
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { WeakerQuestions } from '../sharing/plan.ts';
import type { ColumnKind } from './columns.ts';
import type { Computation } from './derived.ts';
import type { Link } from './links.ts';
import type { RecordModel } from './record.ts';

/** Ways a field may be found by (`@item(find:)`). */
export type Find = 'KEY' | 'EQ' | 'IN' | 'STARTS_WITH' | 'RANGE' | 'ORDER' | 'SPATIAL';

/** How a field is computed (see `DerivedField`). */
export interface Derivation {
  /** Fields of the record that it is computed from; the edge, where it leads over one. */
  readonly from: readonly string[];
  readonly compute: Computation;
  /** It is computed from the records behind this edge: is there one? `value`: what do they have in this column? */
  readonly over: { readonly link: Link; readonly type: Pick<RecordType, 'name' | 'model'>; readonly value?: string } | null;
}

/** A value of a record. */
export interface LeafField {
  readonly kind: 'leaf';
  readonly name: string;
  /** Every item that is needed: one for a stored field, all sources of a derived one. */
  readonly items: readonly string[];
  /** What showing it takes of them: a derived yes/no tells no value. */
  readonly use: 'read' | 'verify';
  readonly column: PgColumn | null;
  readonly columnKind: ColumnKind;
  readonly derived: Derivation | null;
  readonly find: ReadonlySet<Find>;
}

/** A yes/no about another field of the same record. */
export interface VerifyField {
  readonly kind: 'verify';
  readonly name: string;
  readonly items: readonly string[];
  readonly of: LeafField;
  /** The argument that it is compared with, and what counts: equal, no less, beginning with it, or one of several is it. */
  readonly argument: string;
  readonly by: 'EQUAL' | 'AT_LEAST' | 'BELOW' | 'AMONG';
  /** The form in which texts are compared, of which the argument is one already (see query/normal.ts); absent: as they are. */
  readonly form?: 'text' | 'idNumber';
}

/** An edge to one record or to a connection of records. */
export interface RelationField {
  readonly kind: 'relation';
  readonly name: string;
  readonly items: readonly string[];
  readonly many: boolean;
  readonly link: Link;
}

export type RecordField = LeafField | VerifyField | RelationField;

/** One record type with its fields by name. */
export interface RecordType {
  readonly name: string;
  readonly model: RecordModel;
  /** The item that such a record exists. */
  readonly existsItem: string;
  readonly fields: ReadonlyMap<string, RecordField>;
}

/** How a root field finds its records. */
export interface Lookup {
  readonly root: string;
  readonly by: 'KEY' | 'KEYS' | 'NARROW' | 'PAGE';
  readonly type: string;
  /** The argument that carries the key or keys; null for searches and pages. */
  readonly argument: string | null;
}

/** What weighs other than usual in an operation's cost, by coordinate: `Person.kin`, `Mutation.openCase(subjects)`, `BuildingFilter.geometry.within` (see query/cost.ts). */
export type Weights = ReadonlyMap<string, number>;

/** Everything that records can answer. */
export interface Contract {
  readonly types: ReadonlyMap<string, RecordType>;
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** All items of each type that may be read, for the question whether a record exists for a caller. */
  readonly itemsOfTypes: ReadonlyMap<string, readonly string[]>;
  /** The yes/no questions about the same items as a coordinate, as the asks that each takes. */
  readonly weaker: WeakerQuestions;
  readonly weights: Weights;
}
