/**
 * Service matters (政务服务事项), as far as asking under them goes: whose they are, who takes part, which kin of a subject they
 * touch, and whether personal items take an open case. What a matter asks for of a citizen is not told here.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { refreshKinOfMatter } from '../query/kin.ts';
import { changePolicy } from '../identity/policy-change.ts';
import type { Actor } from '../identity/policy-change.ts';
import { kinWords, takesPart } from '../sharing/terms.ts';
import type { Caller, Matter } from '../sharing/terms.ts';

const line = (most: number) => z.string().trim().min(1, 'is empty').max(most, `is longer than ${most} characters`).regex(/^\P{Cc}*$/u, 'holds characters that cannot be printed');
const written = z.object({
  // A code travels in a header and stands in grants.
  code: line(100).regex(/^\S+$/, 'holds blanks'), name: line(200), department: line(50), participants: z.array(line(50)).max(100), kin: z.array(z.enum(kinWords)), needsCase: z.boolean(),
});

/**
 * Registers a matter, or changes it when its code is known: the next question under it obeys, also under cases that are open: whom
 * the matter no longer names they cover no longer. `today`: the civil date, on which kin are told.
 */
export async function registerMatter(sql: postgres.Sql, matter: Matter, today: string, actor: Actor): Promise<void> {
  const read = written.safeParse(matter);
  if (!read.success) throw new HubError('BAD_INPUT', `The matter cannot be registered: ${read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}.`);
  const { code, name, department, needsCase } = read.data;
  const [participants, kin] = [[...new Set(read.data.participants)], kinWords.filter((word) => read.data.kin.includes(word))];
  await changePolicy(sql, actor, async (tx) => {
    const there = await tx<{ code: string }[]>`select code from department where code in ${tx([department, ...participants])}`;
    const missing = [department, ...participants].find((one) => !there.some((known) => known.code === one));
    if (missing !== undefined) throw new HubError('BAD_INPUT', `There is no department ${missing}; seeds/departments.csv lists them.`);
    await tx`insert into matter (code, name, department_code, participants, kin, needs_case) values (${code}, ${name}, ${department}, ${participants}, ${kin}, ${needsCase})
             on conflict (code) do update set name = excluded.name, department_code = excluded.department_code, participants = excluded.participants, kin = excluded.kin, needs_case = excluded.needs_case`;
    await refreshKinOfMatter(tx, code, today);
  });
}

/** The matters that somebody has to do with: an application those that it may ask under, an administrator all. By code. */
export function mattersOf(caller: Caller, all: Iterable<Matter>): readonly Matter[] {
  return [...all].filter((matter) => caller.kind === 'administrator' || (caller.kind === 'consumer' && takesPart(caller, matter))).sort((a, b) => (a.code < b.code ? -1 : 1));
}
