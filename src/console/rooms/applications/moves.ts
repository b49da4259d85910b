/**
 * Which moves of an application are whose: the hub's table (src/approvals/applications/moves.ts) as far as it decides which buttons
 * there are. The hub decides again; a button that is not here would only be refused.
 */
import type { Session } from '../../api/session.ts';
import type { ApplicationState, ReviewState } from '../../generated/enums.ts';
import type { OneApplicationQuery } from '../../generated/graphql.ts';
import type { moves } from './documents.ts';

export type Application = OneApplicationQuery['application'];
export type Line = Application['lines'][number];
export type Verb = keyof typeof moves;

/** One button. */
export interface Move {
  readonly verb: Verb;
  /** From which version it is made: the application's, or the review's. */
  readonly version: number;
  /** Does it take words? */
  readonly words: boolean;
}

interface Rule<State> {
  readonly verb: Verb;
  readonly from: readonly State[];
  readonly words?: true;
  /** Not by whoever applied. */
  readonly decides?: true;
}

const standing: readonly ApplicationState[] = ['ACTIVE', 'PAUSED', 'SUSPENDED'];

const asAuthority: readonly Rule<ApplicationState>[] = [
  { verb: 'pass', from: ['SUBMITTED'], decides: true },
  { verb: 'return', from: ['SUBMITTED', 'REVIEWING'], words: true, decides: true },
  { verb: 'refuse', from: ['SUBMITTED'], words: true, decides: true },
  { verb: 'suspend', from: ['ACTIVE', 'PAUSED'], words: true },
  { verb: 'resume', from: ['SUSPENDED'], decides: true },
  { verb: 'revoke', from: standing, words: true },
];

const asApplicant: readonly Rule<ApplicationState>[] = [
  { verb: 'submit', from: ['DRAFT', 'RETURNED'] },
  { verb: 'withdraw', from: ['DRAFT', 'RETURNED', 'SUBMITTED', 'REVIEWING'] },
  { verb: 'suspend', from: ['ACTIVE'], words: true },
  { verb: 'resume', from: ['PAUSED'] },
  { verb: 'revoke', from: standing, words: true },
];

const asProvider: readonly Rule<ReviewState>[] = [
  { verb: 'suspendItems', from: ['APPROVED'], words: true },
  { verb: 'resumeItems', from: ['SUSPENDED'], decides: true },
  { verb: 'revokeItems', from: ['APPROVED', 'SUSPENDED'], words: true },
];

/** What may be looked at of an application in a list, or whole. */
interface Looked {
  readonly departmentCode: string;
  readonly state: ApplicationState;
  readonly reviews: readonly { readonly departmentCode: string; readonly state: ReviewState; readonly version: number }[];
}

/** Has this administrator applied himself? Then he decides nothing about it. */
const hasApplied = ({ administrator }: Session, { moves: made }: Application): boolean => made.some(({ by, party, verb }) => by === administrator && party === 'APPLICANT' && ['draft', 'edit', 'submit', 'renew'].includes(verb));

/** The moves that are this session's, in the order of the buttons. */
export function movesOf(session: Session, application: Application): readonly Move[] {
  if (session.role !== 'STEWARD') return [];
  const applied = hasApplied(session, application);
  const among = <S>(rules: readonly Rule<S>[], state: S, version: number): Move[] => rules
    .filter((rule) => rule.from.includes(state) && !(rule.decides && applied)).map(({ verb, words = false }) => ({ verb, version, words }));
  const isApplicant = application.departmentCode === session.departmentCode;
  const review = application.reviews.find(({ departmentCode }) => departmentCode === session.departmentCode);
  const found = [
    ...(session.authority ? among(asAuthority, application.state, application.version) : []),
    ...(isApplicant ? among(asApplicant, application.state, application.version) : []),
    ...(review !== undefined && standing.includes(application.state) ? among(asProvider, review.state, review.version) : []),
  ];
  // The authority's own application: what it may do twice over is one button.
  return found.filter((move, i) => found.findIndex(({ verb }) => verb === move.verb) === i);
}

/** The review that waits for this session, if one does. */
export function reviewOf(session: Session, application: Application): { readonly version: number } | null {
  if (session.role !== 'STEWARD' || application.state !== 'REVIEWING' || hasApplied(session, application)) return null;
  return application.reviews.find(({ departmentCode, state }) => departmentCode === session.departmentCode && state === 'PENDING') ?? null;
}

/** Does an application wait for this session's department? */
export function waitsFor({ role, authority, departmentCode }: Session, application: Looked): boolean {
  if (role !== 'STEWARD') return false;
  return (authority && application.state === 'SUBMITTED')
    || (application.departmentCode === departmentCode && (application.state === 'DRAFT' || application.state === 'RETURNED'))
    || (application.state === 'REVIEWING' && application.reviews.some((own) => own.departmentCode === departmentCode && own.state === 'PENDING'));
}
