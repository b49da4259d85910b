/**
 * Which accesses are not told to those whom they are about (保密): those under a matter, or one consumer's under it, for some days, until a
 * day, or never. Whoever is looked at is told unless a law or administrative regulation says otherwise (个人信息保护法 art. 18, 35: where
 * secrecy is laid down, or telling would hinder the organ's statutory duty), so the legal basis has to be stated.
 *
 * Decided by those who decide about seals and denials, not by the department that looks: nobody keeps his own accesses secret. What stands
 * now counts for accesses of the past, too: when a concealment ends, what it kept back is told.
 */
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { code, line, readForm } from '../identity/form.ts';
import { changePolicy } from '../identity/policy-change.ts';
import { knownConsumer } from './known.ts';
import type { ApprovalDesk } from './known.ts';

const form = z.strictObject({
  code, matter: code, consumer: code.nullish(), delayDays: z.int('is no whole number').min(1, 'is at least 1').max(36_500, 'is at most 36500').nullish(), until: z.iso.date({ error: 'is no day' }).nullish(), legalBasis: line(500),
});

/** A concealment as it is filled in; without `delayDays` and `until` it is for good. */
export type ConcealmentForm = z.infer<typeof form>;

/** Conceals, or changes for how long and why; gives the code. A code that is about something else is a `CONFLICT`. */
export async function conceal({ sql, actor }: ApprovalDesk, given: ConcealmentForm): Promise<string> {
  const { code: own, matter, consumer = null, delayDays = null, until = null, legalBasis } = readForm(form, given, 'The concealment');
  return changePolicy(sql, actor, async (tx) => {
    const [known] = await tx`select 1 from matter where code = ${matter}`;
    if (known === undefined) throw new HubError('BAD_INPUT', `There is no matter ${matter}; a STEWARD of the data authority registers it.`);
    if (consumer !== null) await knownConsumer(tx, consumer);
    const written = await tx`
      insert into concealment (code, matter_code, consumer_code, delay_days, until, legal_basis) values (${own}, ${matter}, ${consumer}, ${delayDays}, ${until}, ${legalBasis})
      on conflict (code) do update set delay_days = excluded.delay_days, until = excluded.until, legal_basis = excluded.legal_basis
        where concealment.matter_code = excluded.matter_code and concealment.consumer_code is not distinct from excluded.consumer_code returning 1`;
    if (written.length === 0) throw new HubError('CONFLICT', `Concealment ${own} is about something else. Use another code; endConcealment ends that one.`);
    return own;
  });
}

/** Ends a concealment now: what it kept back is told. Gives whether there was one. */
export async function endConcealment({ sql, actor }: ApprovalDesk, own: string): Promise<boolean> {
  return changePolicy(sql, actor, async (tx) => (await tx`delete from concealment where code = ${own.trim()} returning 1`).length > 0);
}
