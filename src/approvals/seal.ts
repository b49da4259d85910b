/**
 * Seals (封存): a sealed person looks like nobody, to everybody but the consumers whose grants name the seal. Of a seal its code and
 * its reason are told, never whom it is about, to whomever.
 *
 * So a code that is taken is refused whoever it is about: "the same person" and "another one" would tell who that is. Cases that are
 * open cover from then on neither him as kin nor his kin (query/kin.ts).
 */
import { HubError } from '../errors.ts';
import { readForm } from '../identity/form.ts';
import { changePolicy } from '../identity/policy-change.ts';
import { subjectKey } from '../identity/subjects.ts';
import { refreshKinAround } from '../query/kin.ts';
import { logAbout } from '../records/change-log.ts';
import { sealForm } from './form.ts';
import type { ApprovalDesk } from './known.ts';

/** Seals a person, whether or not the hub knows him; gives the seal's code. */
export async function seal(desk: ApprovalDesk, { idNumber, ...given }: { readonly code: string; readonly idNumber: string; readonly because: string }): Promise<string> {
  const { code, because } = readForm(sealForm, given, 'The seal');
  const key = subjectKey({ idNumber }, desk, 'idNumber');
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    const written = await tx`insert into seal (code, person_key, because) values (${code}, ${key}, ${because}) on conflict do nothing returning 1`;
    if (written.length === 0) throw new HubError('CONFLICT', `Seal ${code} is there already, and stands. Whom it is about is not told: use another code for somebody else.`);
    await refreshKinAround(tx, key, desk.today);
    await logAbout(tx, [key], { now: desk.actor.now });
    return code;
  });
}

/** Takes a seal away now; gives whether there was one. */
export async function unseal({ sql, actor, today }: ApprovalDesk, code: string): Promise<boolean> {
  return changePolicy(sql, actor, async (tx) => {
    const [gone] = await tx<{ key: string }[]>`delete from seal where code = ${code.trim()} returning person_key as key`;
    if (gone !== undefined) {
      await refreshKinAround(tx, gone.key, today);
      await logAbout(tx, [gone.key], { now: actor.now });
    }
    return gone !== undefined;
  });
}
