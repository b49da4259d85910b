/**
 * Lines of grants, from how they are told to how they are sent: a grant is always sent whole, so what is not about the change has to
 * go back as it came.
 */
import type { GrantsQuery, GrantTupleInput } from '../../generated/graphql.ts';

export type GrantShown = NonNullable<GrantsQuery['grants']>[number];
type LineShown = GrantShown['tuples'][number];
type BoundInput = NonNullable<GrantTupleInput['bounds']>[number];

/** The one field of a bound that is not null: an input takes no other. */
function boundInput({ division, ...rest }: LineShown['bounds'][number]): BoundInput {
  if (division !== null) return { division: { by: division.by, codes: [...division.codes] } } as BoundInput;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as unknown as BoundInput;
}

/** A line as it is sent. */
export function lineInput({ item, uses, modes, mask, matters, quotaPerDay, validFrom, validTo, bounds }: LineShown): GrantTupleInput {
  return { item, uses: [...uses], modes: [...modes], mask, matters: matters === null ? null : [...matters], quotaPerDay, validFrom, validTo, bounds: bounds.map(boundInput) };
}

/** Kinds of rows that a line can be limited to, and whether they are told by codes. */
export const rowKinds = { every: false, case: false, residence: true, registration: true, location: true, registrar: true, category: true, list: true, authorization: false } as const;
export type RowKind = keyof typeof rowKinds;

/** The bounds of a line by what was chosen. */
export function boundsOf(kind: RowKind, codes: string): readonly BoundInput[] {
  const named = codes.split(/[\s,，、;；]+/).filter((code) => code !== '');
  switch (kind) {
    case 'every': return [];
    case 'case': return [{ case: true } as BoundInput];
    case 'authorization': return [{ authorization: true } as BoundInput];
    case 'residence': return [{ division: { by: 'RESIDENCE', codes: named } } as BoundInput];
    case 'registration': return [{ division: { by: 'REGISTRATION', codes: named } } as BoundInput];
    case 'location': return [{ division: { by: 'LOCATION', codes: named } } as BoundInput];
    case 'registrar': return [{ registrar: named } as BoundInput];
    case 'category': return [{ category: named } as BoundInput];
    // A line with two lists would be about who stands on both.
    case 'list': return named.map((list) => ({ list }) as BoundInput);
  }
}
