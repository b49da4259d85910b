/**
 * What an edge between two record types is: a column of the one that equals (or is contained in, or contains) a
 * column of the other. The lists of edges stand beside the registries whose types carry them; `registries/index`
 * puts them together, and boot refuses a relation in the contract without an edge here, and an edge without a relation.
 */

/** One edge, named as the contract names it. */
export interface Link {
  readonly fromType: string;
  /** The relation's field in the contract. */
  readonly field: string;
  /** The column on the side that carries the field. */
  readonly fromColumn: string;
  readonly toType: string;
  /** The column on the far side. */
  readonly toColumn: string;
}

/**
 * Declares an edge: `link('Person.certificates', 'personKey', 'Certificate.holderPersonKeys')`. A list column on
 * either side means "contains"; whether the edge leads to one record or to many stands in the contract.
 */
export function link(from: `${string}.${string}`, fromColumn: string, to: `${string}.${string}`): Link {
  const [fromType, field] = from.split('.') as [string, string];
  const [toType, toColumn] = to.split('.') as [string, string];
  return { fromType, field, fromColumn, toType, toColumn };
}
