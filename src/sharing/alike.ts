/**
 * Lines of grants that are alike: the same but for which item they are about, under which numbers they were approved and at which moments
 * they begin and end. The judge compares numbers with each other and moments with each other and with now, and nothing else, so what it
 * says of lines under stand-ins it says of all lines that are alike, with their own numbers and moments put back.
 */
import type { GrantTuple } from './grant.ts';

/** Lines about one item under stand-ins. */
export interface Alike {
  /** The same for lines that are alike. */
  readonly name: string;
  /** Numbers of approvals in the order in which they appear, and moments in the order of time. */
  readonly approvals: readonly string[];
  readonly moments: readonly string[];
  /** The two as one text. */
  readonly own: string;
  /** Matters that they are for, where they are for some. */
  readonly matters: readonly string[];
}

const known = new WeakMap<readonly GrantTuple[], Alike>();

/** What lines are alike by. */
export function alike(lines: readonly GrantTuple[]): Alike {
  const before = known.get(lines);
  if (before !== undefined) return before;
  const approvals = [...new Set(lines.map(({ approvalNo }) => approvalNo))];
  const moments = [...new Set(lines.flatMap(({ validFrom, validTo }) => (validTo === null ? [validFrom] : [validFrom, validTo])))].sort();
  const matters = [...new Set(lines.flatMap((line) => line.matters ?? []))].sort();
  const place = (moment: string | null): number | null => (moment === null ? null : moments.indexOf(moment));
  const name = JSON.stringify(lines.map(({ item: _item, approvalNo, validFrom, validTo, ...rest }) => ({ ...rest, approvalNo: approvals.indexOf(approvalNo), validFrom: place(validFrom), validTo: place(validTo) })));
  const made: Alike = { name, approvals, moments, own: JSON.stringify([approvals, moments]), matters };
  known.set(lines, made);
  return made;
}

/** How many of the moments have come. */
export function come({ moments }: Alike, now: string): number {
  const next = moments.findIndex((moment) => moment > now);
  return next === -1 ? moments.length : next;
}

/** No number of an approval holds this character, and every moment of a standing lies between those that stand in. */
const mark = '\u0001';
const standIn = (place: number, past: boolean): string => `${past ? 0 : 9}${String(place).padStart(9, '0')}`;

/** The lines under stand-ins, as of `now`. */
export function underStandIns(lines: readonly GrantTuple[], now: string): readonly GrantTuple[] {
  const { approvals, moments } = alike(lines);
  const moment = (at: string): string => standIn(moments.indexOf(at), at <= now);
  return lines.map((line) => ({ ...line, approvalNo: `${mark}${approvals.indexOf(line.approvalNo)}${mark}`, validFrom: moment(line.validFrom), validTo: line.validTo === null ? null : moment(line.validTo) }));
}

/** A text or moment with its own numbers and moments put back. */
export function putBack({ approvals, moments }: Alike): { readonly text: (text: string) => string; readonly moment: (at: string) => string } {
  return {
    text: (text) => (text.includes(mark) ? text.split(mark).map((part, index) => (index % 2 === 1 ? approvals[Number(part)] ?? '' : part)).join('') : text),
    moment: (at) => moments[Number(at.slice(1))] ?? at,
  };
}
