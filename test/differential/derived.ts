/**
 * What derived fields are, told plainly: from a row, the day that is asked about, and the rows behind an edge. It shares nothing with
 * the declarations.
 */
import type { Row, Value } from './data.ts';

/** Each by `Type.field`; `null` where it is not known. */
export const derivedValues: Readonly<Record<string, (row: Row, today: string, behind: readonly Row[]) => Value>> = {
  'Person.age': ({ birthDate = null }, today) => age(birthDate, today),
  'Person.isAdult': ({ birthDate = null }, today) => {
    const years = age(birthDate, today);
    return years === null ? null : years >= 18;
  },
  'Person.isIdCardValidToday': ({ idCardValidFrom = null, idCardValidTo = null }, today) => within(idCardValidFrom, idCardValidTo, today),
  'Person.hasOpenPenalty': (_, today, penalties) => penalties.some((penalty) => isOpen(penalty, today)),
  'LegalEntity.hasOpenPenalty': (_, today, penalties) => penalties.some((penalty) => isOpen(penalty, today)),
  'Licence.isValidToday': (row, today) => valid(row, '01', today),
  'Certificate.isValidToday': (row, today) => valid(row, '01', today),
  'CreditPermit.isValidToday': (row, today) => valid(row, '有效', today),
};

function age(born: Value, today: string): number | null {
  if (born === null || String(born) > today) return null;
  const [[year = 0, month = 0, day = 0], [thisYear = 0, thisMonth = 0, thisDay = 0]] = [String(born), today].map((date) => date.split('-').map(Number)) as [number[], number[]];
  return thisYear - year - (thisMonth < month || (thisMonth === month && thisDay < day) ? 1 : 0);
}

/** As SQL has it: a no beats what is not known. */
function all(...parts: readonly (boolean | null)[]): boolean | null {
  return parts.includes(false) ? false : parts.includes(null) ? null : true;
}

function within(from: Value, to: Value, today: string): boolean | null {
  return all(from === null ? null : String(from) <= today, to === null || String(to) >= today);
}

function valid({ status = null, validFrom = null, validTo = null }: Row, state: string, today: string): boolean | null {
  return all(status === null ? null : status === state, within(validFrom, validTo, today));
}

function isOpen({ publicStatus, publicUntil = null }: Row, today: string): boolean {
  return publicStatus === '公示中' && (publicUntil === null || String(publicUntil) >= today);
}
