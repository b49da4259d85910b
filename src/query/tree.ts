/**
 * An operation on records, reduced to what the compiler needs: aliases merged, fragments opened, directives decided.
 *
 * A tree depends on the document and on the shape of its variables only, never on a scalar's value: every value
 * that can change from request to request is a `Slot`, read when the statement is run. So one tree, one list of
 * asks and one statement serve every request of that shape.
 */
import type { LeafField, Lookup, RecordType, RelationField, VerifyField } from '../registries/contract.ts';
import type { Use } from '../sharing/terms.ts';
import type { Crs } from '../registries/spatial/crs.ts';
import type { Predicate } from './predicate/terms.ts';

/** What a slot may look at when a statement is run. */
export interface Run {
  /** Coerced variables by name, defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Civil date of the question, Asia/Shanghai. */
  readonly today: string;
  /** The moment of the question, ISO 8601. */
  readonly now: string;
  /** For what it is asked, and who asks: codes of matter and consumer, number of the case. */
  readonly purpose: { readonly matter: string | null; readonly caseNo: string | null; readonly consumer: string };
  /** The keys of everybody whom the open case covers, as an array literal; there where the question is asked under a case and may be (see run.ts). */
  readonly caseKeys?: string;
  /** The keys of all who are sealed for the caller, as an array literal; there where a statement is compiled to take them (see bounds.ts). */
  readonly sealedKeys?: string;
  /** The stored key of an identity number (see identity/person-key.ts). */
  readonly personKey: (idNumber: string) => string;
}

/** Reads one value of a request; throws `BAD_INPUT` (or a limit's code) when it is not acceptable. */
export type Slot = (run: Run) => unknown;

/** Reads how many: rows of a page, keys of a batch. */
export type Size = (run: Run) => number;

/** A field of which it is told whether it is being checked, where what stands at its coordinate may be used so. */
export interface CheckedField {
  readonly name: string;
  readonly at: string;
  readonly use: Use;
}

/** One output of a record, in the order of the response. */
export type Output =
  | { readonly kind: 'typename'; readonly as: string }
  | { readonly kind: 'id'; readonly as: string }
  | { readonly kind: 'leaf'; readonly as: string; readonly at: string; readonly field: LeafField; readonly crs: Crs }
  | { readonly kind: 'verify'; readonly as: string; readonly at: string; readonly field: VerifyField; readonly value: Slot }
  /** A yes/no question that is data; null is unknown. No operation of a client has one (see predicate.ts). */
  /** Names of these fields that are being checked (校核), as JSON: asked by look-ups, not by clients (see under-check.ts). */
  | { readonly kind: 'checked'; readonly as: string; readonly fields: readonly CheckedField[] }
  | { readonly kind: 'predicate'; readonly as: string; readonly predicate: Predicate }
  | { readonly kind: 'one'; readonly as: string; readonly at: string; readonly field: RelationField; readonly record: RecordNode }
  | { readonly kind: 'many'; readonly as: string; readonly at: string; readonly field: RelationField; readonly page: PageNode };

/** A record and what is selected of it. */
export interface RecordNode {
  readonly type: RecordType;
  readonly outputs: readonly Output[];
}

/** One condition of a filter. */
export interface Condition {
  /** The argument's coordinate, which is where its ask and its bound are known. */
  readonly at: string;
  readonly use: 'find' | 'key';
  readonly field: LeafField;
  readonly test: Test;
}

/** What a condition tests. Spatial values are GeoJSON text in EPSG:4490. */
export type Test =
  | { readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'startsWith'; readonly value: Slot }
  | { readonly op: SpatialPredicate; readonly geometry: Slot }
  | { readonly op: 'withinDistance'; readonly geometry: Slot; readonly metres: Slot }
  | { readonly op: 'box'; readonly corners: readonly [Slot, Slot, Slot, Slot] };

/** The eight predicates of the Simple Feature relations that the hub offers. */
export const spatialPredicates = ['contains', 'covers', 'coveredBy', 'crosses', 'intersects', 'overlaps', 'touches', 'within'] as const;
export type SpatialPredicate = (typeof spatialPredicates)[number];

/** One term of an order. */
export interface OrderTerm {
  readonly at: string;
  readonly field: LeafField;
  readonly descending: boolean;
}

/** One output of a connection. */
export type PageOutput =
  | { readonly kind: 'typename'; readonly as: string }
  | { readonly kind: 'totalCount'; readonly as: string }
  | { readonly kind: 'nodes'; readonly as: string; readonly record: RecordNode }
  | { readonly kind: 'pageInfo'; readonly as: string; readonly outputs: readonly PageInfoOutput[] }
  | { readonly kind: 'edges'; readonly as: string; readonly outputs: readonly EdgeOutput[] };

export interface PageInfoOutput {
  readonly as: string;
  readonly name: '__typename' | 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor';
}

export type EdgeOutput =
  | { readonly kind: 'typename'; readonly as: string }
  | { readonly kind: 'cursor'; readonly as: string }
  | { readonly kind: 'node'; readonly as: string; readonly record: RecordNode };

/** A Relay connection: which records, in what order, how many, and what is selected. */
export interface PageNode {
  readonly type: RecordType;
  readonly where: readonly Condition[];
  readonly order: readonly OrderTerm[];
  readonly first: Size;
  /** Absent: the first page. */
  readonly after: Slot | null;
  readonly outputs: readonly PageOutput[];
}

/** A root field. */
export type RootNode =
  | { readonly by: 'KEY'; readonly as: string; readonly at: string; readonly lookup: Lookup; readonly keyAt: string; readonly key: Slot; readonly record: RecordNode }
  | { readonly by: 'KEYS'; readonly as: string; readonly at: string; readonly lookup: Lookup; readonly keyAt: string; readonly keys: Slot; /** How many were sent; looks at none of them. */ readonly count: Size; readonly record: RecordNode }
  | { readonly by: 'NARROW'; readonly as: string; readonly at: string; readonly lookup: Lookup; readonly where: readonly Condition[]; readonly record: RecordNode }
  | { readonly by: 'PAGE'; readonly as: string; readonly at: string; readonly lookup: Lookup; readonly page: PageNode };

/** The two lenses of a question about the past; null is now. */
export interface Lenses {
  readonly asOf: Slot | null;
  readonly knownAt: Slot | null;
}

/** One operation's records. */
export interface Tree {
  readonly roots: readonly RootNode[];
  readonly lenses: Lenses;
  /** What the whole operation costs with a request's variables, root fields that are no records among it (see cost.ts). */
  readonly cost: (run: Run) => number;
}
