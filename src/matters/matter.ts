/**
 * Service matters (政务服务事项), as far as asking under them goes: whose they are, who takes part, which kin of a subject they
 * touch, and whether personal items take an open case. What a matter asks for of a citizen is not told here.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { refreshKinOfMatter } from '../query/kin.ts';
import { code, line, readForm, refused } from '../identity/form.ts';
import { changePolicy } from '../identity/policy-change.ts';
import type { Actor } from '../identity/policy-change.ts';
import { takesPart } from '../identity/purpose.ts';
import { kinWords } from '../sharing/terms.ts';
import type { Caller, Matter } from '../sharing/terms.ts';

const form = z.object({
  code, name: line(200), department: line(50), participants: z.array(line(50)).max(100), kin: z.array(z.enum(kinWords)), needsCase: z.boolean(),
});

/**
 * Registers a matter, or changes it when its code is known: the next question under it obeys, also under cases that are open: whom
 * the matter no longer names they cover no longer. `today`: the civil date, on which kin are told. Gives the code.
 */
export async function registerMatter(sql: postgres.Sql, matter: Matter, today: string, actor: Actor): Promise<string> {
  const read = readForm(form, matter, 'The matter');
  const { code: own, name, department, needsCase } = read;
  const [participants, kin] = [[...new Set(read.participants)], kinWords.filter((word) => read.kin.includes(word))];
  return changePolicy(sql, actor, async (tx) => {
    const there = await tx<{ code: string }[]>`select code from department where code in ${tx([department, ...participants])}`;
    const isMissing = (one: string): boolean => !there.some((known) => known.code === one);
    const says = (one: string): string => `is no department: ${one}; seeds/departments.csv lists them`;
    const missing = [...(isMissing(department) ? [{ at: 'department', says: says(department) }] : []), ...participants.flatMap((one, i) => (isMissing(one) ? [{ at: `participants[${i}]`, says: says(one) }] : []))];
    if (missing.length > 0) throw refused('The matter', missing);
    const [before] = await tx<{ kin: string[] }[]>`select kin from matter where code = ${own} for update`;
    await tx`insert into matter (code, name, department_code, participants, kin, needs_case) values (${own}, ${name}, ${department}, ${participants}, ${kin}, ${needsCase})
             on conflict (code) do update set name = excluded.name, department_code = excluded.department_code, participants = excluded.participants, kin = excluded.kin, needs_case = excluded.needs_case`;
    if (before !== undefined && before.kin.join() !== kin.join()) await refreshKinOfMatter(tx, own, today);
    return own;
  });
}

/** The matters that somebody has to do with: an application those that it may ask under, an administrator all. By code. */
export function mattersOf(caller: Caller, all: Iterable<Matter>): readonly Matter[] {
  return [...all].filter((matter) => caller.kind === 'administrator' || (caller.kind === 'consumer' && takesPart(caller, matter))).sort((a, b) => (a.code < b.code ? -1 : 1));
}
