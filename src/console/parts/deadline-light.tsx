/**
 * A deadline as a traffic light, in colour AND words: met, in time, soon, overdue. `dueOn` is the last day on which it is in time.
 */
import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { dayOf, pairs, useTexts } from '../language/language.tsx';
import { StateTag } from './state-tag.tsx';
import type { Tone } from './state-tag.tsx';

const texts = pairs({
  overdue: { zh: (days: number) => `逾期 ${days} 天`, en: (days: number) => `${days} d overdue` },
  today: { zh: '今日到期', en: 'Due today' },
  left: { zh: (days: number) => `剩 ${days} 天`, en: (days: number) => `${days} d left` },
  met: { zh: '按时办结', en: 'Met' },
  metLate: { zh: '逾期办结', en: 'Met late' },
  none: { zh: '—', en: '—' },
  dueOn: { zh: (day: string) => `${day} 截止（含当日）`, en: (day: string) => `last day ${day}` },
  provisional: { zh: '；当年节假日尚未录入，暂定', en: '; provisional, the holidays of that year are not entered yet' },
  escalated: { zh: '；已上报数据主管部门', en: '; escalated to the data authority' },
});

/** As much of a deadline as its light takes. */
export interface Deadline {
  readonly dueOn: string;
  readonly metOn: string | null;
  readonly provisional: boolean;
  readonly escalatedAt: string | null;
}

/** Soon: so many days, or fewer, are left after today. */
const soonDays = 2;

/** Civil days from one to another. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** The one that presses most; undefined: none is open. */
export function pressing<D extends Deadline>(deadlines: readonly D[]): D | undefined {
  return deadlines.filter(({ metOn }) => metOn === null).toSorted((a, b) => a.dueOn.localeCompare(b.dueOn))[0];
}

/** The light. */
export function DeadlineLight({ deadline }: { readonly deadline: Deadline | undefined }): ReactNode {
  const t = useTexts(texts);
  if (deadline === undefined) return t.none;
  const { dueOn, metOn, provisional, escalatedAt } = deadline;
  const left = daysBetween(dayOf(new Date()), dueOn);
  const [tone, says]: [Tone, string] = metOn !== null ? (metOn <= dueOn ? ['still', t.met] : ['waits', t.metLate])
    : left < 0 ? ['stopped', t.overdue(-left)] : left === 0 ? ['waits', t.today] : left <= soonDays ? ['waits', t.left(left)] : ['good', t.left(left)];
  return <Tooltip title={`${t.dueOn(dueOn)}${provisional ? t.provisional : ''}${escalatedAt === null ? '' : t.escalated}`}><span><StateTag tone={tone}>{says}</StateTag></span></Tooltip>;
}
