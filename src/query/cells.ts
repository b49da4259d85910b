/**
 * One cell as its plan shows it: the value on some rows, what a mask leaves of it on others, nothing elsewhere. A column that is
 * shown nowhere is not asked for at all (see compile.ts).
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { LeafField } from '../registries/contract.ts';
import type { MaskName } from '../sharing/mask.ts';
import { maskExpression } from './masks.ts';
import type { Compilation, Source } from './rows.ts';

/** A cell as it is shown on each row: the value, a mask of it, or nothing. `value` writes it under a mask. */
export function cellValue(compilation: Compilation, source: Source, at: string, value: (mask: MaskName | null) => SQL): SQL {
  const shown = compilation.plan.shown(at).map(({ mask, rows }) => ({ mask, rows: compilation.left(source, rows) }));
  const [first] = shown;
  if (first?.rows === 'all') return value(first.mask);
  return sql`case ${sql.join(shown.map(({ mask, rows }) => sql`when ${compilation.inside(source, rows)} then ${value(mask)}`), sql` `)} end`;
}

/** A field's value on a row, or what a mask leaves of it. */
export function maskedExpression(compilation: Compilation, source: Source, field: LeafField, mask: MaskName | null): SQL {
  return compilation.expression(source, field, mask === null ? undefined : (value) => maskExpression(mask, value, field.columnKind));
}
