/**
 * What an application says: read by form when it is drafted or edited, and checked against all that the hub knows when it is submitted.
 *
 * It refuses what needs no application (a department's own items) and what no grant could give: then the applicant hears of it before
 * anybody has looked at it.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { code, line, readForm, refused } from '../../identity/form.ts';
import type { Problem } from '../../identity/form.ts';
import { shareTypeFor } from '../../sharing/catalog.ts';
import type { Catalog } from '../../sharing/catalog.ts';
import { lineForm } from '../form.ts';
import type { LineForm } from '../form.ts';
import type { GrantingDesk } from '../known.ts';
import type { Application, Line } from './application.ts';
import { checkWhole } from './force.ts';

/** Matters of one application at most. */
export const mostMatters = 50;

const form = z.strictObject({
  matters: z.array(code).min(1, 'names no service matter').max(mostMatters), legalBasis: line(1000), scenario: line(1000), purpose: line(1000),
  validFrom: z.iso.date('is no civil date').nullish(), validTo: z.iso.date('is no civil date'),
  lines: z.array(lineForm).min(1, 'asks for nothing').max(500, 'has more than 500 lines'),
});

/** 使用事项、使用依据、使用场景、用途、使用时限，及所申请的信息项. */
export interface ContentForm {
  readonly matters: readonly string[];
  readonly legalBasis: string;
  readonly scenario: string;
  readonly purpose: string;
  /** Civil dates; from the day on which it becomes active unless told, until this last day. */
  readonly validFrom?: string | null;
  readonly validTo: string;
  readonly lines: readonly LineForm[];
}

/** What nobody has to renew, nobody looks at again. */
export const longestYears = 3;

/** Reads it by its form. */
export function readContent(given: ContentForm, today: string): z.infer<typeof form> {
  const read = readForm(form, given, 'The application');
  const problems = periodProblems(read, today);
  if (problems.length > 0) throw refused('The application', problems);
  return read;
}

function periodProblems({ validFrom, validTo }: Pick<ContentForm, 'validFrom' | 'validTo'>, today: string): readonly Problem[] {
  const from = validFrom ?? today;
  const latest = `${Number((from > today ? from : today).slice(0, 4)) + longestYears}${(from > today ? from : today).slice(4)}`;
  if (validTo < today) return [{ at: 'validTo', says: `has passed: today is ${today}` }];
  if (validTo < from) return [{ at: 'validTo', says: 'is before validFrom' }];
  return validTo > latest ? [{ at: 'validTo', says: `is more than ${longestYears} years on; renew it then` }] : [];
}

/** Writes what it says in the place of what it said. */
export async function writeContent(tx: postgres.TransactionSql, number: string, { matters, legalBasis, scenario, purpose, validFrom, validTo, lines }: ContentForm): Promise<void> {
  await tx`update application set matters = ${[...matters]}, legal_basis = ${legalBasis}, scenario = ${scenario}, purpose = ${purpose}, valid_from = ${validFrom ?? null}, valid_to = ${validTo} where number = ${number}`;
  await tx`delete from application_line where application_number = ${number}`;
  for (const [index, own] of lines.entries()) {
    await tx`insert into application_line (application_number, line, item, uses, modes, mask, bounds, quota_per_day)
             values (${number}, ${index}, ${own.item}, ${[...new Set(own.uses)]}, ${[...new Set(own.modes)]}, ${own.mask ?? null}, ${JSON.stringify(own.bounds)}::jsonb, ${own.quotaPerDay ?? null})`;
  }
}

/** What an application says, as it would be drafted again. */
export function contentOf({ matters, legalBasis, scenario, purpose, validFrom, validTo }: Application, lines: readonly Line[]): ContentForm {
  return {
    matters, legalBasis, scenario, purpose, validFrom, validTo,
    lines: lines.map(({ item, uses, modes, mask, bounds, quotaPerDay }) => ({ item, uses: [...uses], modes: [...modes], mask, bounds: [...bounds], quotaPerDay })),
  };
}

/** Checks it against what the hub knows now; throws `BAD_INPUT` naming all that is wrong. */
export async function checkContent(tx: postgres.TransactionSql, desk: GrantingDesk, application: Application, today: string): Promise<void> {
  const problems = [...periodProblems(application, today), ...application.lines.flatMap(({ line: index, item }): Problem[] => {
    const own = desk.catalog.item(item);
    return own?.ownerDepartment === application.department ? [{ at: `lines[${index}].item`, says: `names ${own.name} (${item}), which this department provides itself and has without an application` }] : [];
  })];
  if (problems.length > 0) throw refused(`Application ${application.number}`, problems);
  await checkWhole(tx, desk, application);
}

/** The department that decides about a line beyond the pre-check; null: nobody has to, since all of it is shared unconditionally. */
export function reviewerOf({ item, uses }: Line, catalog: Catalog): string | null {
  const own = catalog.item(item);
  return own === undefined || uses.every((use) => shareTypeFor(own, use) === 'UNCONDITIONAL') ? null : own.ownerDepartment;
}
