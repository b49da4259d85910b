/**
 * A state as a tag: colour AND text, never colour alone. The five tones are the only ones in the house.
 */
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import type { ApplicationState, DraftState, ReviewState, ShareType } from '../generated/enums.ts';
import { useText } from '../language/language.tsx';
import { applicationStateNames, draftStateNames, reviewStateNames, shareTypeNames } from './names.ts';

/** good: in force, open · waits: somebody has to act · stopped: refused, withheld · moving: under way · still: neither. */
export type Tone = 'good' | 'waits' | 'stopped' | 'moving' | 'still';

const colours: Readonly<Record<Tone, string>> = { good: 'success', waits: 'warning', stopped: 'error', moving: 'processing', still: 'default' };

/** A tag of a tone. */
export function StateTag({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode {
  return <Tag color={colours[tone]} variant="outlined" style={{ margin: 0 }}>{children}</Tag>;
}

const shareTones: Readonly<Record<ShareType, Tone>> = { UNCONDITIONAL: 'good', CONDITIONAL: 'waits', NOT_SHARED: 'stopped' };

/** 共享类型. */
export function ShareTypeTag({ type }: { readonly type: ShareType }): ReactNode {
  const text = useText();
  return <StateTag tone={shareTones[type]}>{text(shareTypeNames[type])}</StateTag>;
}

const draftTones: Readonly<Record<DraftState, Tone>> = { DRAFT: 'still', SUBMITTED: 'waits', RETURNED: 'stopped', PUBLISHED: 'good', ABANDONED: 'still' };

/** 目录草案状态. */
export function DraftStateTag({ state }: { readonly state: DraftState }): ReactNode {
  const text = useText();
  return <StateTag tone={draftTones[state]}>{text(draftStateNames[state])}</StateTag>;
}

const applicationTones: Readonly<Record<ApplicationState, Tone>> = {
  DRAFT: 'still', SUBMITTED: 'waits', RETURNED: 'stopped', REVIEWING: 'moving', ACTIVE: 'good', PAUSED: 'waits', SUSPENDED: 'stopped',
  REFUSED: 'stopped', WITHDRAWN: 'still', REVOKED: 'stopped', EXPIRED: 'still', SUPERSEDED: 'still',
};

/** 申请状态. */
export function ApplicationStateTag({ state }: { readonly state: ApplicationState }): ReactNode {
  const text = useText();
  return <StateTag tone={applicationTones[state]}>{text(applicationStateNames[state])}</StateTag>;
}

const reviewTones: Readonly<Record<ReviewState, Tone>> = { PENDING: 'waits', APPROVED: 'good', REFUSED: 'stopped', SUSPENDED: 'stopped', REVOKED: 'stopped' };

/** 部门答复状态. */
export function ReviewStateTag({ state }: { readonly state: ReviewState }): ReactNode {
  const text = useText();
  return <StateTag tone={reviewTones[state]}>{text(reviewStateNames[state])}</StateTag>;
}
