/**
 * What a matter asks for, as this room edits it: the shape of `MatterVersion.definition` (docs/matters.md). Nothing is judged here;
 * the hub says what does not fit, and where, and this file finds the place.
 */
import type { Problem } from '../../api/problem.ts';

export const factForms = ['VALUE', 'VERIFY', 'PREDICATE', 'CERTIFICATE', 'DESK'] as const;
export type FactForm = (typeof factForms)[number];

/** A fact; which of the optional ones it has, its form says. */
export interface Fact {
  readonly code: string;
  readonly name: string;
  readonly paper: string | null;
  readonly of: string;
  readonly form: FactForm;
  readonly select?: string;
  readonly ask?: string;
  readonly certificateType?: string;
  readonly department?: string;
  readonly workingDays?: number | null;
}

/** A role in which somebody is looked up. */
export interface Role {
  readonly role: string;
  readonly name: string;
  readonly type: string;
  readonly many: boolean;
  readonly optional: boolean;
}

export const claimTypes = ['String', 'Int', 'Date'] as const;

/** What the clerk types in. */
export interface Claim {
  readonly name: string;
  readonly title: string;
  readonly type: (typeof claimTypes)[number];
}

export interface Definition {
  readonly implementationCode: string | null;
  readonly legalBasis: string;
  readonly followedDays?: number;
  readonly subjects: readonly Role[];
  readonly claims: readonly Claim[];
  readonly facts: readonly Fact[];
}

/** Where a matter begins of which nothing is written yet. */
export const blank: Definition = {
  implementationCode: null, legalBasis: '—',
  subjects: [{ role: 'applicant', name: '申请人', type: 'Person', many: false, optional: false }],
  claims: [{ name: 'applicantName', title: '申请人姓名', type: 'String' }],
  facts: [{ code: 'identity', name: '姓名与身份号码相符', paper: '居民身份证', of: 'applicant', form: 'VERIFY', ask: 'name == claim.applicantName' }],
};

/** Which field says what a fact asks, by its form. */
export const askedIn = { VALUE: 'select', VERIFY: 'ask', PREDICATE: 'ask', CERTIFICATE: 'certificateType', DESK: 'department' } as const satisfies Record<FactForm, keyof Fact>;

/** The fact in another form. A predicate stays as it is between the two forms that have one. */
export function inForm({ code, name, paper, of, ask }: Fact, form: FactForm): Fact {
  const common = { code, name, paper, of, form };
  switch (form) {
    case 'VALUE': return { ...common, select: '{ }' };
    case 'CERTIFICATE': return { ...common, certificateType: '' };
    case 'DESK': return { ...common, department: '', workingDays: 5 };
    default: return { ...common, ask: ask ?? '' };
  }
}

/** What a fact asks, in one line. */
export const askedOf = (fact: Fact): string => String(fact[askedIn[fact.form]] ?? '');

/** A name that nothing else in the list has. */
export function freeName(stem: string, taken: readonly string[]): string {
  for (let n = taken.length + 1; ; n += 1) {
    if (!taken.includes(`${stem}${n}`)) return `${stem}${n}`;
  }
}

/** What the hub says is wrong, by its place (`facts[3].ask`). */
export type Faults = ReadonlyMap<string, string>;

/** The faults that a refusal names. */
export function faultsOf(problem: Problem | null): Faults {
  const told = problem?.extensions['problems'];
  if (!Array.isArray(told)) return new Map();
  const faults = new Map<string, string>();
  for (const { at, says } of told as { readonly at: string; readonly says: string }[]) faults.set(at, [faults.get(at), says].filter(Boolean).join(' '));
  return faults;
}

/** Is anything wrong at this place or within it? */
export const anyWithin = (faults: Faults, place: string): boolean => [...faults.keys()].some((at) => at === place || at.startsWith(`${place}.`) || at.startsWith(`${place}[`));
