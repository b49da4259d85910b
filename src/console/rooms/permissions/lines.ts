/**
 * Lines of grants, from how they are told to how they are sent: a grant is always sent whole, so what is not about the change has to
 * go back as it came.
 */
import type { GrantsQuery, GrantTupleInput, TerritoryOfQuery } from '../../generated/graphql.ts';

export type GrantShown = NonNullable<GrantsQuery['grants']>[number];
export type TerritoryShown = NonNullable<TerritoryOfQuery['territory']>[number];
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

/** Kinds of bounds that a territory can have, and whether they are told by codes. */
export const placeKinds = { residence: true, registration: true, location: true, registrar: true, category: true, list: true, ownRows: true, authorization: false } as const;
export type PlaceKind = keyof typeof placeKinds;

const divisionKinds = { RESIDENCE: 'residence', REGISTRATION: 'registration', LOCATION: 'location' } as const;

/** A bound of a territory as it is filled in. */
export function placeOf({ division, registrar, category, list, ownRows, authorization }: TerritoryShown['within'][number]): { readonly kind: PlaceKind; readonly codes: string } {
  if (division !== null) return { kind: divisionKinds[division.by], codes: division.codes.join('，') };
  if (authorization === true) return { kind: 'authorization', codes: '' };
  if (registrar !== null) return { kind: 'registrar', codes: registrar.join('，') };
  if (category !== null) return { kind: 'category', codes: category.join('，') };
  return list === null ? { kind: 'ownRows', codes: ownRows ?? '' } : { kind: 'list', codes: list };
}

/** The bounds of a line, or of a territory, by what was chosen. */
export function boundsOf(kind: RowKind | PlaceKind, codes: string): readonly BoundInput[] {
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
    case 'ownRows': return named.map((department) => ({ ownRows: department }) as BoundInput);
    // A line with two lists would be about who stands on both.
    case 'list': return named.map((list) => ({ list }) as BoundInput);
  }
}
