/**
 * Explicit denials: what a consumer, or every application of a department, may not have whatever was granted.
 *
 * A denial is never turned into another one: under a code that is taken only the reason may be written anew, since whoever overwrote
 * it would lift it without a word.
 */
import { HubError } from '../errors.ts';
import { readForm, refused } from '../identity/form.ts';
import { changePolicy } from '../identity/policy-change.ts';
import { denialForm } from './form.ts';
import type { DenialForm } from './form.ts';
import { knownConsumer, knownDepartment } from './known.ts';
import type { ApprovalDesk } from './known.ts';

/** Denies; gives the denial's code. */
export async function deny({ sql, actor, catalog }: ApprovalDesk, given: DenialForm): Promise<string> {
  const { code, item, because, whom } = readForm(denialForm, given, 'The denial');
  if (catalog.item(item) === undefined) throw refused('The denial', [{ at: 'item', says: `names ${item}, which is not in the catalog` }]);
  const [consumer, department] = [whom.consumer ?? null, whom.department ?? null];
  return changePolicy(sql, actor, async (tx) => {
    if (consumer !== null) await knownConsumer(tx, consumer);
    if (department !== null) await knownDepartment(tx, department);
    const written = await tx`
      insert into denial (code, consumer_code, department_code, item, because) values (${code}, ${consumer}, ${department}, ${item}, ${because})
      on conflict (code) do update set because = excluded.because
        where denial.item = excluded.item and denial.consumer_code is not distinct from excluded.consumer_code and denial.department_code is not distinct from excluded.department_code returning 1`;
    if (written.length === 0) throw new HubError('CONFLICT', `Denial ${code} is about something else. Use another code; endDenial ends that one.`);
    return code;
  });
}

/** Ends a denial now; gives whether there was one. */
export async function endDenial({ sql, actor }: ApprovalDesk, code: string): Promise<boolean> {
  return changePolicy(sql, actor, async (tx) => (await tx`delete from denial where code = ${code.trim()} returning 1`).length > 0);
}
