/**
 * The lawful moves of a draft of the catalog: its department drafts, edits and submits it, the data authority publishes it or returns it.
 * Whoever drafted it does not publish it. Pure data; the moves are made in `draft.ts`.
 */

/** 草稿 · 待审核 · 退回 · 已发布 · 放弃. */
export const draftStates = ['DRAFT', 'SUBMITTED', 'RETURNED', 'PUBLISHED', 'ABANDONED'] as const;
export type DraftState = (typeof draftStates)[number];

/** A STEWARD of the department that provides the resource, or of the data authority. */
export type DraftParty = 'OWNER' | 'AUTHORITY';

/** The table. Null: it stays where it is. */
export const draftMoves = [
  { verb: 'edit', by: 'OWNER', from: ['DRAFT', 'RETURNED'], to: null, words: false },
  { verb: 'submit', by: 'OWNER', from: ['DRAFT', 'RETURNED'], to: 'SUBMITTED', words: false },
  { verb: 'abandon', by: 'OWNER', from: ['DRAFT', 'RETURNED', 'SUBMITTED'], to: 'ABANDONED', words: false },
  { verb: 'return', by: 'AUTHORITY', from: ['SUBMITTED'], to: 'RETURNED', words: true },
  { verb: 'publish', by: 'AUTHORITY', from: ['SUBMITTED'], to: 'PUBLISHED', words: false },
] as const satisfies readonly { readonly verb: string; readonly by: DraftParty; readonly from: readonly DraftState[]; readonly to: DraftState | null; readonly words: boolean }[];

export type DraftVerb = (typeof draftMoves)[number]['verb'];
