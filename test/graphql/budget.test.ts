/**
 * Who fails again and again for what he sends is held as if he had nothing left; an answer, or time, makes up for it.
 */
import { expect, test } from 'vitest';
import { Budgets } from '../../src/graphql/budget.ts';
import type { Account } from '../../src/graphql/budget.ts';
import type { Caller } from '../../src/sharing/terms.ts';

const consumer = (code: string): Caller => ({ kind: 'consumer', consumer: code, name: '', department: '', departmentName: '', servicePlatform: false });

/** Two callers, of whom one has failed and then been answered so often; in which order they come to their turns, the one who failed having asked first. */
async function order(failed: number, answered = 0, seconds = 0): Promise<readonly string[]> {
  let now = 1;
  const budgets = new Budgets({ caller: 1_000_000, address: 10_000 }, () => now);
  const account = (code: string): Account => budgets.of(consumer(code), '');
  for (let time = 0; time < failed; time += 1) account('failing').outcome(true);
  for (let time = 0; time < answered; time += 1) account('failing').outcome(false);
  now += 1000 * seconds;
  const held = await account('somebody').turn('reading');
  const turns: string[] = [];
  const taken = ['failing', 'other'].map(async (code) => {
    const end = await account(code).turn('reading');
    turns.push(code);
    end();
  });
  held();
  await Promise.all(taken);
  return turns;
}

test('a few failures are nothing; after many, others go first', async () => {
  expect(await order(3)).toEqual(['failing', 'other']);
  expect(await order(20)).toEqual(['other', 'failing']);
});

test('answers make up for them, and so does time', async () => {
  expect(await order(1000, 10)).toEqual(['failing', 'other']);
  expect(await order(1000, 0, 600)).toEqual(['failing', 'other']);
  expect(await order(1000, 1)).toEqual(['other', 'failing']);
});

test('failures of strangers are no registered caller\'s', async () => {
  const budgets = new Budgets({ caller: 1_000_000, address: 10_000 }, () => 1);
  for (let time = 0; time < 100; time += 1) budgets.of({ kind: 'stranger' }, '10.0.0.1').outcome(true);
  const held = await budgets.of(consumer('somebody'), '').turn('reading');
  const turns: string[] = [];
  const take = async (name: string, account: Account): Promise<void> => {
    const end = await account.turn('reading');
    turns.push(name);
    end();
  };
  const taken = [take('stranger', budgets.of({ kind: 'stranger' }, '10.0.0.2')), take('caller', budgets.of(consumer('caller'), '10.0.0.1'))];
  held();
  await Promise.all(taken);
  expect(turns).toEqual(['caller', 'stranger']);
});
