/**
 * A look at the end of the audit: the newest seals, what they have sealed, and what is told where that does not fit.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSignatureOf } from '../../src/audit/open.ts';
import { auditState } from '../../src/audit/sealed.ts';
import type { Database } from '../../src/db/open.ts';
import { cloneDatabase } from '../world/database.ts';
import { clonedHub } from '../world/hub.ts';
import { auditKeys, auditOn, Clock, write } from './world.ts';

let database: Database;
const isSignature = isSignatureOf(auditKeys);
beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database.close());

/** Changes what cannot be changed, looks, and puts it back. */
async function tampered(change: string): Promise<readonly string[]> {
  const { sql } = database;
  let found: readonly string[] = [];
  await sql.begin(async (tx) => {
    await tx.unsafe('set local session_replication_role = replica');
    await tx.unsafe(change);
    found = (await auditState(tx as never, isSignature)).problems.map(({ where, says }) => `${where} ${says}`);
    throw new Error('back');
  }).catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'back') throw error;
  });
  return found;
}

test('what was sealed last is told, and that nothing is wrong with it; then each thing that is', async () => {
  expect(await auditState(database.sql, isSignature)).toMatchObject({ lastSeal: null, sealsChecked: 0, problems: [] });
  const clock = new Clock();
  const audit = auditOn(database, clock);
  for (let n = 0; n < 3; n++) {
    await write(audit, 4);
    clock.at += 60_000;
    await audit.seal();
  }
  const state = await auditState(database.sql, isSignature);
  expect(state).toMatchObject({ lastSeal: { n: '3', at: new Date(clock.at).toISOString(), keyVersion: auditKeys.current }, openChains: 1, sealsChecked: 3, problems: [], retiredMonths: [] });
  expect((await auditState(database.sql, () => false)).problems.map(({ says }) => says)).toEqual(['is not signed by this hub', 'is not signed by this hub', 'is not signed by this hub']);
  expect(await tampered('delete from audit_seal where n = 2')).toEqual(expect.arrayContaining([expect.stringMatching(/^seal 3 follows seal 1/)]));
  expect(await tampered(`update audit_head set hash = 'x' where seal = 3`)).toEqual(expect.arrayContaining([expect.stringMatching(/^seal 3 has been changed/), expect.stringMatching(/^record .* is another one than seal 3/)]));
  expect(await tampered('delete from audit_record where (writer, seq) in (select writer, seq from audit_head where seal = 2)')).toEqual([expect.stringMatching(/^record .* is gone; seal 2 has sealed it$/)]);
  await audit.close();
  expect(await auditState(database.sql, isSignature)).toMatchObject({ lastSeal: { n: '4' }, openChains: 0, problems: [] });
});

test('audit administrators of the data authority are told, and nobody else', async () => {
  const hub = await clonedHub({ audited: true });
  try {
    const asked = '{ auditState { lastSeal { n at hash keyVersion } openChains retiredMonths sealsChecked problems { where says } } }';
    const { data, errors } = await hub.ask('auditor', asked);
    expect(errors).toEqual([]);
    expect(data['auditState']).toMatchObject({ problems: [] });
    for (const caller of ['system', 'security', 'steward', 'civilSteward', 'market', 'stranger'] as const) expect((await hub.ask(caller, asked)).errors[0]?.extensions['code']).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
  } finally {
    await hub.close();
  }
});
