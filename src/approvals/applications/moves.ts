/**
 * The lawful moves of applications: one table, and nothing is moved that does not stand in it.
 *
 * An application goes from draft to active and to one of its ends. Beside it each providing department has a review of its own items:
 * it decides them, and may suspend and revoke what it gave without touching what others gave. Every row says who may (the party; see
 * party.ts for role and department), from where, to where, and whether it takes words. Pure data; the moves themselves are made in
 * `move.ts`.
 */

/** 草稿 · 待审核 · 退回 · 待答复 · 生效 · 申请方暂停 · 主管部门中止 · 不予受理或不予共享 · 撤回 · 撤销 · 到期 · 被替代. */
export const states = ['DRAFT', 'SUBMITTED', 'RETURNED', 'REVIEWING', 'ACTIVE', 'PAUSED', 'SUSPENDED', 'REFUSED', 'WITHDRAWN', 'REVOKED', 'EXPIRED', 'SUPERSEDED'] as const;
export type State = (typeof states)[number];

/** Of a review: 待答复 · 同意（可为部分） · 不同意 · 中止 · 撤销. */
export const reviewStates = ['PENDING', 'APPROVED', 'REFUSED', 'SUSPENDED', 'REVOKED'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** What somebody is to an application. HUB: nobody; a day has come, or another move brings it about. */
export const parties = ['APPLICANT', 'AUTHORITY', 'PROVIDER', 'HUB'] as const;
export type Party = (typeof parties)[number];

/** States in which an application was approved and has not ended. */
export const standing = ['ACTIVE', 'PAUSED', 'SUSPENDED'] as const satisfies readonly State[];

interface Rule<S> {
  readonly verb: string;
  readonly by: Party;
  readonly from: readonly S[];
  /** Where it may end; several where what is decided says which. Null: where it was. */
  readonly to: readonly S[] | null;
  /** It decides about the application: whoever has applied may not. */
  readonly decides?: true;
  /** It is not made without words. */
  readonly words?: true;
}

/** Moves of an application. */
export const applicationMoves = [
  { verb: 'edit', by: 'APPLICANT', from: ['DRAFT', 'RETURNED'], to: null },
  { verb: 'submit', by: 'APPLICANT', from: ['DRAFT', 'RETURNED'], to: ['SUBMITTED'] },
  { verb: 'withdraw', by: 'APPLICANT', from: ['DRAFT', 'RETURNED', 'SUBMITTED', 'REVIEWING'], to: ['WITHDRAWN'] },
  { verb: 'return', by: 'AUTHORITY', from: ['SUBMITTED', 'REVIEWING'], to: ['RETURNED'], decides: true, words: true },
  { verb: 'refuse', by: 'AUTHORITY', from: ['SUBMITTED'], to: ['REFUSED'], decides: true, words: true },
  { verb: 'pass', by: 'AUTHORITY', from: ['SUBMITTED'], to: ['REVIEWING', 'ACTIVE'], decides: true },
  { verb: 'suspend', by: 'AUTHORITY', from: ['ACTIVE', 'PAUSED'], to: ['SUSPENDED'], words: true },
  { verb: 'suspend', by: 'APPLICANT', from: ['ACTIVE'], to: ['PAUSED'], words: true },
  { verb: 'resume', by: 'AUTHORITY', from: ['SUSPENDED'], to: ['ACTIVE'], decides: true },
  { verb: 'resume', by: 'APPLICANT', from: ['PAUSED'], to: ['ACTIVE'] },
  { verb: 'revoke', by: 'AUTHORITY', from: standing, to: ['REVOKED'], words: true },
  { verb: 'revoke', by: 'APPLICANT', from: standing, to: ['REVOKED'], words: true },
  { verb: 'renew', by: 'APPLICANT', from: ['ACTIVE', 'PAUSED', 'EXPIRED'], to: null },
  // The last review is in.
  { verb: 'conclude', by: 'HUB', from: ['REVIEWING'], to: ['ACTIVE', 'REFUSED'] },
  // Its last day has passed.
  { verb: 'expire', by: 'HUB', from: standing, to: ['EXPIRED'] },
  // What renews it has become active.
  { verb: 'supersede', by: 'HUB', from: [...standing, 'EXPIRED'], to: ['SUPERSEDED'] },
  // The last department has revoked what it gave, or what it raised the quota of has ended.
  { verb: 'lapse', by: 'HUB', from: standing, to: ['REVOKED'] },
  // A deadline has passed.
  { verb: 'escalate', by: 'HUB', from: ['SUBMITTED', 'REVIEWING', ...standing], to: null },
] as const satisfies readonly Rule<State>[];

/** Moves of a department's review; all of them while the application is in one of `whileIn`. */
export const reviewMoves = [
  { verb: 'review', by: 'PROVIDER', from: ['PENDING'], to: ['APPROVED', 'REFUSED'], whileIn: ['REVIEWING'], decides: true },
  { verb: 'suspendItems', by: 'PROVIDER', from: ['APPROVED'], to: ['SUSPENDED'], whileIn: standing, words: true },
  { verb: 'resumeItems', by: 'PROVIDER', from: ['SUSPENDED'], to: ['APPROVED'], whileIn: standing, decides: true },
  { verb: 'revokeItems', by: 'PROVIDER', from: ['APPROVED', 'SUSPENDED'], to: ['REVOKED'], whileIn: standing, words: true },
] as const satisfies readonly (Rule<ReviewState> & { readonly whileIn: readonly State[] })[];

export type ApplicationVerb = (typeof applicationMoves)[number]['verb'];
export type ReviewVerb = (typeof reviewMoves)[number]['verb'];

/** A row of the table, of applications. */
export type ApplicationMove = Rule<State> & { readonly verb: ApplicationVerb };
/** A row of the table, of reviews. */
export type ReviewMove = Rule<ReviewState> & { readonly verb: ReviewVerb; readonly whileIn: readonly State[] };

/** Moves with which somebody applies; who has made one decides nothing about that application. */
export const applying: readonly string[] = ['draft', 'edit', 'submit', 'renew'];

/** The rows of a verb of applications. */
export const movesOf = (verb: ApplicationVerb): readonly ApplicationMove[] => applicationMoves.filter((own) => own.verb === verb);

/** The row of a verb of reviews. */
export const reviewMoveOf = (verb: ReviewVerb): ReviewMove => reviewMoves.find((own) => own.verb === verb) as ReviewMove;
