/**
 * Turns at heavy work: so many at once, whoever has spent least first, and nothing for who has gone.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Turns } from '../../src/graphql/turns.ts';
import type { Done } from '../../src/graphql/turns.ts';

/** Lets everything that is ready go on. */
const settle = async (): Promise<void> => {
  for (let pass = 0; pass < 5; pass += 1) await new Promise((wake) => setImmediate(wake));
};

/** A queue whose grants are written down in their order. */
function watched(atOnce: number, rest = 0) {
  const turns = new Turns({ atOnce, rest });
  const granted: { readonly name: string; readonly done: Done }[] = [];
  const take = (name: string, sender: { readonly left: number }) => {
    const place = turns.take(sender);
    void place.turn.then((done) => granted.push({ name, done }));
    return place;
  };
  return { take, granted, names: () => granted.map(({ name }) => name) };
}

test('no more at once than may be, and a turn given back twice is one turn', async () => {
  const { take, granted, names } = watched(2);
  const sender = { left: 1 };
  for (const name of ['a', 'b', 'c', 'd']) take(name, sender);
  await settle();
  expect(names()).toEqual(['a', 'b']);
  granted[0]?.done();
  granted[0]?.done();
  await settle();
  expect(names()).toEqual(['a', 'b', 'c']);
});

test('whoever has most left goes first, and each sender in turn where they are equal', async () => {
  const { take, granted, names } = watched(1);
  const [greedy, modest, other] = [{ left: 0.1 }, { left: 0.9 }, { left: 0.1 }];
  take('greedy 1', greedy);
  await settle();
  take('greedy 2', greedy);
  take('greedy 3', greedy);
  take('other 1', other);
  take('modest 1', modest);
  for (let index = 0; index < 5; index += 1) {
    granted[index]?.done();
    await settle();
  }
  expect(names()).toEqual(['greedy 1', 'modest 1', 'greedy 2', 'other 1', 'greedy 3']);
});

test('nothing is done for who has left, and others are not held up by it', async () => {
  const { take, granted, names } = watched(1);
  take('a', { left: 1 });
  await settle();
  const gone = take('b', { left: 1 });
  take('c', { left: 0.5 });
  gone.leave();
  gone.leave();
  granted[0]?.done();
  await settle();
  expect(names()).toEqual(['a', 'c']);
});

test('what is ready goes before the next piece of heavy work', async () => {
  const { take, granted, names } = watched(1);
  take('a', { left: 1 });
  take('b', { left: 1 });
  await settle();
  let light = 0;
  granted[0]?.done();
  await Promise.resolve().then(() => (light += 1));
  expect([light, names()]).toEqual([1, ['a']]);
  await settle();
  expect(names()).toEqual(['a', 'b']);
});

describe('where several senders wait, a piece is followed by a rest', () => {
  afterEach(() => void vi.useRealTimers());

  /** A piece of 10 ms has ended while these waited; how many milliseconds later the next began. */
  async function restBefore(waiting: readonly { readonly left: number }[], comes?: { readonly left: number }): Promise<number> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
    const { take, granted } = watched(1, 10);
    take('first', { left: 1 });
    await vi.advanceTimersByTimeAsync(1);
    waiting.forEach((sender, n) => take(String(n), sender));
    await vi.advanceTimersByTimeAsync(10);
    granted[0]?.done();
    if (comes !== undefined) {
      await vi.advanceTimersByTimeAsync(5);
      take('comes', comes);
    }
    let passed = comes === undefined ? 0 : 5;
    for (; granted.length < 2 && passed < 10_000; passed += 1) await vi.advanceTimersByTimeAsync(1);
    return passed;
  }

  test('many times as long as the piece, longer where all of them have spent much, and none for one alone', async () => {
    const rests = [await restBefore([{ left: 1 }, { left: 1 }]), await restBefore([{ left: 0.1 }, { left: 0.4 }]), await restBefore([{ left: 0.1 }])];
    expect(rests[0]).toBeGreaterThanOrEqual(100);
    expect(rests[1] as number / (rests[0] as number)).toBeCloseTo(4, 0);
    expect(rests[2]).toBeLessThan(5);
  });

  test('also before one alone who has nothing left, and not before somebody else who comes', async () => {
    const rest = await restBefore([{ left: -1 }]);
    expect(rest).toBeGreaterThanOrEqual(100);
    expect(await restBefore([{ left: -1 }], { left: 0.1 })).toBeLessThan(10);
  });

  test('cut short by whoever comes and has plenty left, and by nobody else', async () => {
    const spent = [{ left: 0.1 }, { left: 0.2 }];
    const long = await restBefore(spent);
    expect(await restBefore(spent, { left: 0.3 })).toBe(long);
    expect(await restBefore(spent, { left: 0.9 })).toBeLessThan(long / 3);
  });
});
