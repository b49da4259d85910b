/**
 * A mask as SQL: the expression that a masked column stands in a statement as. The functions are those of the migration `masks`;
 * what they do is said in sharing/mask.ts. A mask on a column that it does not fit is refused, never skipped.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { HubError } from '../errors.ts';
import type { ColumnKind } from '../registries/columns.ts';
import { maskNamed } from '../sharing/mask.ts';
import type { MaskedKind, MaskName } from '../sharing/mask.ts';

/** The kinds of column that hold what a mask works on. */
const fits: Readonly<Record<MaskedKind, readonly ColumnKind[]>> = {
  text: ['text', 'textList'],
  date: ['date', 'instant'],
  geometry: ['geometry'],
};

/** A column's value, masked; of the same SQL type, so that it is written as JSON like any other value of its kind. */
export function maskExpression(mask: MaskName, value: SQL, kind: ColumnKind): SQL {
  const { of } = maskNamed(mask);
  if (!fits[of].includes(kind)) throw new HubError('CONTRACT_BROKEN', `The mask ${mask} is for columns of kind ${fits[of].join(' or ')}, not ${kind}; choose a mask of the item's own family.`);
  const masked = (one: SQL) => sql`${sql.identifier(`hub_mask_${mask.toLowerCase()}`)}(${one})`;
  // Null is no list: without the case it would come back as an empty one.
  return kind === 'textList' ? sql`case when ${value} is not null then array(select ${masked(sql`one`)} from unnest(${value}) one) end` : masked(value);
}
