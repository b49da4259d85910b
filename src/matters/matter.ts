/**
 * Service matters (政务服务事项), as far as asking under them goes: whose they are, who takes part, which kin of a subject they
 * touch, and whether personal items take an open case. What a matter asks for of a citizen is not told here.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { changePolicy } from '../identity/policy-change.ts';
import type { Actor } from '../identity/policy-change.ts';
import type { Matter } from '../sharing/terms.ts';

/** Registers a matter, or changes it when its code is known: the next question under it obeys. */
export async function registerMatter(sql: postgres.Sql, { code, name, department, participants, kin, needsCase }: Matter, actor: Actor): Promise<void> {
  await changePolicy(sql, actor, async (tx) => {
    const there = await tx<{ code: string }[]>`select code from department where code in ${tx([department, ...participants])}`;
    const missing = [department, ...participants].find((one) => !there.some((known) => known.code === one));
    if (missing !== undefined) throw new HubError('BAD_INPUT', `There is no department ${missing}; seeds/departments.csv lists them.`);
    await tx`insert into matter (code, name, department_code, participants, kin, needs_case) values (${code}, ${name}, ${department}, ${[...participants]}, ${[...kin]}, ${needsCase})
             on conflict (code) do update set name = excluded.name, department_code = excluded.department_code, participants = excluded.participants, kin = excluded.kin, needs_case = excluded.needs_case`;
  });
}
