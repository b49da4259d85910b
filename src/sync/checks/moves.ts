/**
 * The lawful moves of requests to check (校核): one table, and nothing is moved that does not stand in it.
 *
 * A report is put to the department whose word is doubted, or goes up where that word is another hub's, and ends with an answer. Every row
 * says who may (the party: by role AND department), from where, to where. Pure data; moves are made in `check.ts`. Nobody answers for
 * another department, the data authority included: it sees all of them.
 */
import type { Caller } from '../../sharing/terms.ts';

/** 待校核 · 待上报 · 已上报 · 上级拒收 · 已答复 · 无须再答（疑义已消除）. */
export const checkStates = ['OPEN', 'WAITING', 'SENT', 'REFUSED', 'ANSWERED', 'LAPSED'] as const;
export type CheckState = (typeof checkStates)[number];

/** 属实 · 已更正 · 无法判定. */
export const verdicts = ['CONFIRMED', 'CORRECTED', 'CANNOT_TELL'] as const;
export type Verdict = (typeof verdicts)[number];

/** What somebody is to a request. HUB: nobody; the upper hub has said something, or another move brings it about. */
export type Party = 'REPORTER' | 'SOURCE' | 'HUB';

interface Rule {
  readonly verb: string;
  readonly by: Party;
  /** Null: there is none yet. */
  readonly from: readonly CheckState[] | null;
  readonly to: readonly CheckState[];
}

/** The table. */
export const checkMoves = [
  { verb: 'report', by: 'REPORTER', from: null, to: ['OPEN', 'WAITING'] },
  { verb: 'answer', by: 'SOURCE', from: ['OPEN'], to: ['ANSWERED'] },
  // The upper hub has taken it; or does not.
  { verb: 'send', by: 'HUB', from: ['WAITING'], to: ['SENT'] },
  { verb: 'refuse', by: 'HUB', from: ['WAITING'], to: ['REFUSED'] },
  // Whoever keeps the hub has put right what was refused; or the upper hub knows it no more (it was restored from a backup).
  { verb: 'resend', by: 'HUB', from: ['REFUSED', 'SENT'], to: ['WAITING'] },
  // The upper hub's answer has come down.
  { verb: 'arrive', by: 'HUB', from: ['SENT'], to: ['ANSWERED'] },
  // The two sources of the conflict agree, or it was decided.
  { verb: 'lapse', by: 'HUB', from: ['OPEN', 'WAITING', 'SENT', 'REFUSED'], to: ['LAPSED'] },
] as const satisfies readonly Rule[];

export type CheckVerb = (typeof checkMoves)[number]['verb'];

/** The row of a verb. */
export const moveOf = (verb: CheckVerb): Rule => checkMoves.find((own) => own.verb === verb) as Rule;

/** As much of a request as tells who is what to it. */
export interface Concern {
  /** Code of the application or administrator that reported it, and the department that it did so for. */
  readonly reporter: string;
  readonly reportedFor: string;
  /** The department that answers it here; null: the upper hub does. */
  readonly department: string | null;
}

/** What a caller is to a request that there is. Applications report and stewards too; stewards alone answer. */
export function partiesOf(caller: Caller, { reporter, reportedFor, department }: Concern): readonly Party[] {
  if (caller.kind === 'stranger') return [];
  // Another hub reports for many departments, and what it has not reported is not its business.
  if (caller.kind === 'consumer') return caller.hub === undefined ? (caller.department === reportedFor ? ['REPORTER'] : []) : caller.consumer === reporter ? ['REPORTER'] : [];
  if (caller.role !== 'STEWARD') return [];
  return [...(caller.department === reportedFor ? ['REPORTER' as const] : []), ...(caller.department === department ? ['SOURCE' as const] : [])];
}
