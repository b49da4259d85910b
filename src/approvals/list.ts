/**
 * Lists of subjects that a bound may name (名单). Who stands on a list is never told, and adding or taking off tells nothing either: a
 * number that nobody has stands on it like any other. Whoever follows under the bound hears of whom it concerns.
 */
import { readForm } from '../identity/form.ts';
import { changePolicy } from '../identity/policy-change.ts';
import { subjectKeys } from '../identity/subjects.ts';
import type { SubjectInput } from '../identity/subjects.ts';
import { logAbout, ofList } from '../records/change-log.ts';
import { listForm } from './form.ts';
import { knownList } from './known.ts';
import type { ApprovalDesk } from './known.ts';

/** Makes a list, or renames the one of this code; gives the code. */
export async function createList({ sql, actor }: ApprovalDesk, given: { readonly code: string; readonly name: string }): Promise<string> {
  const { code, name } = readForm(listForm, given, 'The list');
  return changePolicy(sql, actor, async (tx) => {
    await tx`insert into subject_list (code, name) values (${code}, ${name}) on conflict (code) do update set name = excluded.name`;
    return code;
  });
}

/** Puts subjects on a list; who stands on it already stays. Gives the list's code. */
export async function addToList(desk: ApprovalDesk, list: string, subjects: readonly SubjectInput[]): Promise<string> {
  const keys = subjectKeys(subjects, desk);
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    await knownList(tx, list);
    const added = await tx<{ key: string }[]>`insert into subject_list_member (list_code, subject_key) select ${list}, key from unnest(${[...keys]}::text[]) key on conflict do nothing returning subject_key as key`;
    await logAbout(tx, added.map(({ key }) => key), { now: desk.actor.now, bound: ofList(list) });
    return list;
  });
}

/** Takes subjects off a list; who does not stand on it is no mistake. Gives the list's code. */
export async function removeFromList(desk: ApprovalDesk, list: string, subjects: readonly SubjectInput[]): Promise<string> {
  const keys = subjectKeys(subjects, desk);
  return changePolicy(desk.sql, desk.actor, async (tx) => {
    await knownList(tx, list);
    const gone = await tx<{ key: string }[]>`delete from subject_list_member where list_code = ${list} and subject_key = any(${[...keys]}::text[]) returning subject_key as key`;
    await logAbout(tx, gone.map(({ key }) => key), { now: desk.actor.now, bound: ofList(list) });
    return list;
  });
}
