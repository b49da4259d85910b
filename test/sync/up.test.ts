/** A kind of what goes up that the upper hub refuses altogether holds up no other; where it does not answer, nothing goes on. */
import { expect, test } from 'vitest';
import { CityError } from '../../src/sync/city.ts';
import type { CityFailure } from '../../src/sync/city.ts';
import type { Pushed } from '../../src/sync/push.ts';
import { passUp } from '../../src/sync/up.ts';

const done: string[] = [];
const kind = (name: string, made: Partial<Pushed> = {}) => async (): Promise<Pushed> => {
  done.push(name);
  return { changes: 1, refused: 0, more: false, ...made };
};
const failing = (failure: CityFailure) => (): Promise<Pushed> => Promise.reject(new CityError(failure, failure));

test('every kind makes a step, and what they did is added up', async () => {
  done.length = 0;
  expect(await passUp([kind('a', { refused: 2 }), kind('b', { more: true }), kind('c')])).toEqual({ changes: 3, refused: 2, more: true });
  expect(done).toEqual(['a', 'b', 'c']);
});

test('a kind that is refused is told of once the others have nothing left', async () => {
  done.length = 0;
  expect(await passUp([failing('REFUSED'), kind('b', { more: true })])).toMatchObject({ changes: 1, more: true });
  await expect(passUp([failing('REFUSED'), kind('b')])).rejects.toMatchObject({ failure: 'REFUSED' });
  expect(done).toEqual(['b', 'b']);
});

test.each(['UNREACHABLE', 'BUSY', 'BROKEN'] as const)('behind one that finds the city %s nothing goes on', async (failure) => {
  done.length = 0;
  await expect(passUp([kind('a'), failing(failure), kind('c')])).rejects.toMatchObject({ failure });
  expect(done).toEqual(['a']);
});
