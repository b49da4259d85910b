/**
 * Schooling and work of synthetic people: drawn from household and member number, so that every register that speaks of
 * them says the same.
 */
import { ageOn, yearsAfter } from './days.ts';
import { present } from './people.ts';
import type { Home, Member } from './people.ts';

/** What somebody works at (GB/T 2261.4), since when, and whether as an employee of a registered body. */
export interface Work {
  readonly code: string;
  readonly from: number;
  readonly employed: boolean;
}

/** A number from 0 to 99 that stays the same for a member, for each question asked. */
export function lot(home: Home, member: Member, question: number): number {
  let mixed = Math.imul(home.index + 1, 0x9e3779b1) ^ Math.imul(member.no, 0x85ebca6b) ^ Math.imul(question + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) % 100;
}

/** Education (GB/T 4658); `undefined` below school age. */
export function educationOf(home: Home, member: Member, today: number): string | undefined {
  const age = ageOn(member.birth, today);
  if (age < 6) return undefined;
  if (age < 12) return '80';
  if (age < 15) return '70';
  if (age < 18) return '60';
  const drawn = lot(home, member, 1);
  if (age < 22) return drawn < 35 ? '20' : drawn < 65 ? '30' : '61';
  if (age < 40) return drawn < 4 ? '14' : drawn < 24 ? '21' : drawn < 46 ? '31' : drawn < 62 ? '61' : drawn < 68 ? '41' : '71';
  if (age < 60) return drawn < 6 ? '21' : drawn < 15 ? '31' : drawn < 30 ? '61' : drawn < 72 ? '71' : '81';
  return drawn < 3 ? '31' : drawn < 10 ? '61' : drawn < 30 ? '71' : drawn < 75 ? '81' : '90';
}

/** Work; `undefined` for small children and for those who have died or moved away. */
export function workOf(home: Home, member: Member, today: number): Work | undefined {
  const age = ageOn(member.birth, today);
  if (age < 6 || !present(member)) return undefined;
  if (age < 18) return { code: '31', from: yearsAfter(member.birth, 6), employed: false };
  const drawn = lot(home, member, 2);
  if (age < 23 && drawn < 70) return { code: '31', from: yearsAfter(member.birth, 6), employed: false };
  const from = yearsAfter(member.birth, 18) + (drawn * 17) % 900;
  const since = Math.min(from, today - 10);
  if (age >= 60) {
    const retired = Math.min(yearsAfter(member.birth, 60) + 30, today - 1);
    return home.village.rural && drawn < 75 ? { code: '27', from: since, employed: false } : { code: '80', from: retired, employed: drawn % 3 === 0 };
  }
  if (home.village.rural && drawn < 62) return { code: '27', from: since, employed: false };
  if (drawn < 8) return { code: '70', from: since, employed: false };
  if (drawn < 20) return { code: '54', from: since, employed: false };
  if (drawn < 30) return { code: '51', from: since, employed: false };
  return { code: drawn < 36 ? '11' : drawn < 56 ? '13' : drawn < 78 ? '24' : '17', from: since, employed: true };
}
