/**
 * Who is what to an application, by role AND department, and who may see it. Pure.
 *
 * There is nobody who may do everything: a party is had by being in its place, and whoever applied decides nothing. A department does
 * not review what its own application asks for; the data authority's own applications are submitted by one of its stewards and decided
 * by another.
 */
import type { Caller } from '../../sharing/terms.ts';
import { applying } from './moves.ts';
import type { Party } from './moves.ts';

/** As much of an application as tells who is what to it. */
export interface Concern {
  readonly consumer: string;
  /** The applicant's department. */
  readonly department: string;
  readonly reviews: readonly { readonly department: string }[];
  readonly moves: readonly { readonly verb: string; readonly by: string; readonly role: string | null }[];
}

/** What a caller is to an application; several where he is in several places, in the order in which they count. */
export function partiesOf(caller: Caller, { consumer, department, reviews }: Concern): readonly Party[] {
  if (caller.kind === 'stranger') return [];
  if (caller.kind === 'consumer') return caller.consumer === consumer ? ['APPLICANT'] : [];
  if (caller.role !== 'STEWARD') return [];
  return [
    ...(caller.ofAuthority ? ['AUTHORITY' as const] : []),
    ...(caller.department === department ? ['APPLICANT' as const] : reviews.some((own) => own.department === caller.department) ? ['PROVIDER' as const] : []),
  ];
}

/** Has this person applied? */
export function hasApplied(caller: Caller, { moves }: Concern): boolean {
  return caller.kind === 'administrator' && moves.some(({ verb, by, role }) => role !== null && by === caller.code && applying.includes(verb));
}

/** May he see it? Parties may, and who oversees sharing at the data authority. */
export function maySee(caller: Caller, concern: Concern): boolean {
  return partiesOf(caller, concern).length > 0 || (caller.kind === 'administrator' && caller.ofAuthority && ['SECURITY', 'AUDIT'].includes(caller.role));
}
