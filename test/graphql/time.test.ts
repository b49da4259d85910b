/**
 * The bitemporal cases as a client asks them: `asOf` and `knownAt` on roots, and the moved edge from the household's side.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bringDue } from '../../src/records/due.ts';
import { writeClaims } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { bitemporalCases, end, morning } from '../records/bitemporal-cases.ts';
import type { BitemporalCase, Question } from '../records/bitemporal-cases.ts';
import { contextAt, model } from '../records/writing.ts';
import { clonedHub, shared } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
let now = '1900-01-01T00:00:00.000Z';
let asked = 0;

beforeAll(async () => {
  hub = await clonedHub({ item: shared, now: () => new Date(now) });
});
afterAll(() => hub.close());

describe('through GraphQL', () => {
  test.each(bitemporalCases.map((one) => [one.words, one] as const))('%s', async (_words, { steps, questions }) => {
    for (const step of steps) {
      if ('ask' in step) await ask(step.ask, steps);
      else if ('bring' in step) await at(`${step.bring}T00:00:00.000Z`, step.bring);
      else {
        now = step.now ?? morning(step.on);
        await writeClaims(contextAt(hub.database, now, step.on), model(step.type ?? 'Person'), step.source ?? '620623-GA', [step.claim]);
      }
    }
    await at(end.now, end.today);
    for (const question of questions) await ask(question, steps);
  });

  test('every kind of question was asked', () => {
    expect(asked).toBeGreaterThan(90);
  });
});

async function at(moment: string, today: string): Promise<void> {
  now = moment;
  await bringDue(contextAt(hub.database, now, today), records);
}

async function ask(question: Question, steps: BitemporalCase['steps']): Promise<void> {
  const lenses = `${question.asOf ? `, asOf: "${question.asOf}"` : ''}${question.knownAt ? `, knownAt: "${question.knownAt}"` : ''}`;
  const { where, field, expected } = question;
  if (where) {
    // Asked from the household's side, where the case has the household; the other cases ask the person.
    if (!steps.some((step) => 'claim' in step && step.type === 'Household' && step.claim.key === where[1])) return;
    const answer = await hub.ask('police', `{ household(householdNo: "${where[1]}"${lenses}) { members { totalCount nodes { name } } } }`);
    expect(answer.errors).toEqual([]);
    const members = answer.data['household']?.['members'];
    const names = ((members?.['nodes'] ?? []) as unknown as { name: string }[]).map(({ name }) => name);
    expect([...names].sort(), JSON.stringify(question)).toEqual([...(expected as readonly string[])].sort());
    expect(members?.['totalCount']).toBe(names.length);
  } else {
    const root = question.type === 'Household' ? 'household(householdNo' : 'person(idNumber';
    const answer = await hub.ask('police', `{ record: ${root}: "${question.key}"${lenses}) { ${field} } }`);
    expect(answer.errors).toEqual([]);
    const record = answer.data['record'] as Readonly<Record<string, unknown>> | null;
    expect(record === null ? undefined : record?.[field], JSON.stringify(question)).toEqual(expected);
    expect(answer.statements).toBe(1);
  }
  asked += 1;
}
