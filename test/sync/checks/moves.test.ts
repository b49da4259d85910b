/**
 * The table of lawful moves: every state is reached and can be left or is an end, and who may make a move hangs on role and department.
 */
import { expect, test } from 'vitest';
import { checkMoves, checkStates, partiesOf } from '../../../src/sync/checks/moves.ts';
import type { CheckState } from '../../../src/sync/checks/moves.ts';
import { standingStates } from '../../../src/query/under-check.ts';
import type { Caller } from '../../../src/sharing/terms.ts';

const rows = checkMoves as readonly { readonly verb: string; readonly from: readonly CheckState[] | null; readonly to: readonly CheckState[] }[];

test('every state is reached, and the ends are those that are answered or need no answer', () => {
  const reached = new Set(rows.filter(({ from }) => from === null).flatMap(({ to }) => to));
  for (let grown = true; grown;) {
    const before = reached.size;
    for (const { from, to } of rows) if (from?.some((state) => reached.has(state))) to.forEach((state) => reached.add(state));
    grown = reached.size > before;
  }
  expect([...reached].sort()).toEqual([...checkStates].sort());
  expect(checkStates.filter((state) => !rows.some(({ from }) => from?.includes(state)))).toEqual(['ANSWERED', 'LAPSED']);
  expect(new Set(rows.map(({ verb }) => verb)).size).toBe(rows.length);
});

test('what stands is what has an answer to come', () => {
  expect(checkStates.filter((state) => !['ANSWERED', 'LAPSED', 'REFUSED'].includes(state))).toEqual([...standingStates]);
});

test.each([
  ['consumer', '620623-MZ', null, ['REPORTER']],
  ['consumer', '620623-GA', null, []],
  ['consumer', '620623-MZ', '620602', []],
  ['STEWARD', '620623-GA', null, ['SOURCE']],
  ['STEWARD', '620623-MZ', null, ['REPORTER']],
  ['STEWARD', '620623-ZS', null, []],
  ['SECURITY', '620623-GA', null, []],
  ['AUDIT', '620623-GA', null, []],
  ['SYSTEM', '620623-GA', null, []],
] as const)('%s of %s (hub of %s) is %j to a report of civil affairs about a word of the police', (role, department, hub, parties) => {
  const common = { name: '', department, departmentName: '' };
  const caller: Caller = role === 'consumer'
    ? { kind: 'consumer', consumer: 'app', servicePlatform: false, ...common, ...(hub === null ? {} : { hub }) }
    : { kind: 'administrator', code: 'admin', role, ofAuthority: department === '620623-ZS', ...common };
  expect(partiesOf(caller, { reporter: 'other-app', reportedFor: '620623-MZ', department: '620623-GA' })).toEqual(parties);
});
