/**
 * All that goes up, kind by kind: changes (push.ts), reports of discrepancies (checks/pass-up.ts), uses of certificates and answers that held some
 * (uses-up.ts).
 *
 * A kind that the upper hub refuses altogether, because it was not granted or is not known there, holds up no other: the others go on, and the
 * refusal is told once they are done. Where the upper hub does not answer, nothing goes on.
 */
import { CityError } from './city.ts';
import type { Pushed } from './push.ts';

/** Makes one step of each kind. Throws what the first one that failed was refused with, once the others have nothing left. */
export async function passUp(kinds: readonly (() => Promise<Pushed>)[]): Promise<Pushed> {
  let sum: Pushed = { changes: 0, refused: 0, more: false };
  const refusals: CityError[] = [];
  for (const kind of kinds) {
    try {
      const { changes, refused, more } = await kind();
      sum = { changes: sum.changes + changes, refused: sum.refused + refused, more: sum.more || more };
    } catch (error) {
      if (!(error instanceof CityError) || error.failure !== 'REFUSED') throw error;
      refusals.push(error);
    }
  }
  if (!sum.more && refusals[0] !== undefined) throw refusals[0];
  return sum;
}
