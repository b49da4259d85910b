/**
 * Higher quotas: of an application's items and of grants that were made without one; applied for, in force beside what they raise, never
 * beyond it, and what a renewal is drafted with.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepApplications } from '../../../src/approvals/applications/keep.ts';
import { testMatter } from '../../world/callers.ts';
import { grantTo } from '../../world/grants.ts';
import { about, at, firstDay, openDesk, places, seen, stewards } from './desk.ts';
import type { Desk, Seen, Who } from './desk.ts';
import { approveAll, argumentsOf, civilItem, policeItem } from './situations.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());
beforeEach(() => desk.today(firstDay));

const active = async (lines: readonly Readonly<Record<string, unknown>>[]): Promise<Seen> => {
  const { application, message } = await desk.draft('market', lines);
  if (application === null) throw new Error(message);
  return approveAll(desk, application);
};

describe('a higher quota', () => {
  const raise = async (who: Who, approvalNo: string, item: string, quotaPerDay: number) => {
    const { data, errors } = await desk.hub.ask(who, `mutation ($approvalNo: ID!, $item: String!, $quotaPerDay: Int!) { applyForQuota(approvalNo: $approvalNo, item: $item, quotaPerDay: $quotaPerDay, words: "业务量增加") { ${seen} } }`, { variables: { approvalNo, item, quotaPerDay } });
    return { application: (data?.['applyForQuota'] ?? null) as Seen | null, code: errors.length === 0 ? null : String(errors[0]?.extensions['code']), message: errors[0]?.message ?? '' };
  };
  const limited = () => active([{ item: policeItem, quotaPerDay: 5 }, { item: civilItem, quotaPerDay: 5 }]);
  const raised = async (approvalNo: string, quotaPerDay: number): Promise<Seen> => {
    const { application, message } = await raise('market', approvalNo, civilItem, quotaPerDay);
    if (application === null) throw new Error(message);
    const passedOn = await desk.must(stewards.authority, 'passApplication', at(application));
    return desk.must(stewards.civil, 'reviewApplication', { ...about(passedOn, 'civil'), ...argumentsOf('review', passedOn, 'civil') });
  };
  const quotaOf = async (number: string) => (await desk.inForce(number)).map(({ item, quotaPerDay }) => `${String(item)} ${String(quotaPerDay)}`);

  it('is applied for about one item, by whoever applies, and is in force beside the first one', async () => {
    const base = await limited();
    const { application } = await raise(stewards.applicant, base.number, civilItem, 50);
    expect(application).toMatchObject({ state: 'SUBMITTED', raisesQuotaOf: base.number, validTo: base.validTo, lines: [{ item: civilItem, quotaPerDay: 50 }] });
    expect(application?.moves.map(({ verb, words }) => [verb, words])).toEqual([['draft', null], ['submit', '业务量增加']]);
    expect(await raise('market', base.number, civilItem, 60)).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(application?.number ?? '?') });
    await desk.must('market', 'withdrawApplication', at(application as Seen));
    const first = await raised(base.number, 50);
    expect([first.state, await quotaOf(first.number), await quotaOf(base.number)]).toEqual(['ACTIVE', [`${civilItem} 50`], [`${policeItem} 5`, `${civilItem} 5`]]);
    // What was raised is raised again in the same place.
    const again = await raised(first.number, 80);
    expect(again).toMatchObject({ state: 'ACTIVE', raisesQuotaOf: base.number });
  });

  it.each<[string, Who, (base: Seen) => readonly [string, string, number], string]>([
    ['by another application', 'police', ({ number }) => [number, civilItem, 50], 'FORBIDDEN'],
    ['by another department\'s steward', stewards.nobody, ({ number }) => [number, civilItem, 50], 'FORBIDDEN'],
    ['of what was never granted', 'market', () => ['A-1', civilItem, 50], 'FORBIDDEN'],
    ['of an item that is not in it', 'market', ({ number }) => [number, 'RK-0004', 50], 'BAD_INPUT'],
    ['that is not higher', 'market', ({ number }) => [number, civilItem, 5], 'BAD_INPUT'],
    ['that is no number of questions', 'market', ({ number }) => [number, civilItem, 0], 'BAD_INPUT'],
  ])('is refused %s', async (_what, who, given, code) => {
    expect((await raise(who, ...given(await limited()))).code).toBe(code);
  });

  it('comes and goes with what it raises', async () => {
    const base = await limited();
    const more = await raised(base.number, 50);
    const suspended = await desk.must(stewards.authority, 'suspendApplication', { ...at(base), words: '核查中' });
    expect(await quotaOf(more.number)).toEqual([]);
    expect((await raise('market', base.number, policeItem, 50)).code).toBe('CONFLICT');
    // Its own suspension over, it stays out of force as long as what it raises is.
    const paused = await desk.must('market', 'suspendApplication', { ...at(await desk.see(more.number)), words: '暂停' });
    const resumed = await desk.must('market', 'resumeApplication', at(paused));
    expect([resumed.state, await quotaOf(more.number)]).toEqual(['ACTIVE', []]);
    const back = await desk.must(stewards.authority, 'resumeApplication', at(suspended));
    expect(await quotaOf(more.number)).toEqual([`${civilItem} 50`]);
    const part = await desk.must(stewards.civil, 'suspendItems', about(back, 'civil'));
    expect([await quotaOf(more.number), await quotaOf(base.number)]).toEqual([[], [`${policeItem} 5`]]);
    const whole = await desk.must(stewards.civil, 'resumeItems', about(part, 'civil'));
    expect(await quotaOf(more.number)).toEqual([`${civilItem} 50`]);
    await desk.must(stewards.police, 'revokeItems', about(whole, 'police'));
    expect([(await desk.see(more.number)).state, await quotaOf(more.number)]).toEqual(['ACTIVE', [`${civilItem} 50`]]);
    await desk.must('market', 'revokeApplication', { ...at(await desk.see(base.number)), words: '不再需要' });
    const gone = await desk.see(more.number);
    expect([gone.state, gone.moves.at(-1), await quotaOf(more.number)]).toEqual(['REVOKED', expect.objectContaining({ verb: 'lapse', words: base.number }), []]);
  });

  it('is what a renewal is drafted with, as long as it is in force', async () => {
    const base = await limited();
    const drafted = async (of: Seen): Promise<readonly (number | null)[]> => {
      const renewal = await desk.must('market', 'renewApplication', { ...at(of), validTo: '2027-06-30' });
      await desk.must('market', 'withdrawApplication', at(renewal));
      return renewal.lines.map(({ quotaPerDay }) => quotaPerDay);
    };
    const again = async (): Promise<readonly (number | null)[]> => drafted(await desk.see(base.number));
    // Applied for and not approved, it raises nothing.
    const { application: asked } = await raise('market', base.number, civilItem, 50);
    expect(await again()).toEqual([5, 5]);
    await desk.must('market', 'withdrawApplication', at(asked as Seen));
    const more = await raised(base.number, 50);
    expect(await again()).toEqual([5, 50]);
    await raised(base.number, 80);
    expect(await again()).toEqual([5, 80]);
    desk.today('2027-01-05');
    await keepApplications(desk.hub.database.sql, desk.hub.schema.contract, '2027-01-05', '2027-01-05T04:00:00.000Z');
    expect((await desk.see(more.number)).state).toBe('EXPIRED');
    expect(await again()).toEqual([5, 80]);
    desk.today(firstDay);
    const revoked = await limited();
    const gone = await raised(revoked.number, 60);
    await desk.must(stewards.authority, 'revokeApplication', { ...at(gone), words: '不再需要' });
    expect(await drafted(await desk.see(revoked.number))).toEqual([5, 5]);
    // Another line about the same item stays as it is.
    const two = await active([{ item: civilItem, quotaPerDay: 5 }, { item: civilItem, quotaPerDay: 70, bounds: [{ division: { by: 'RESIDENCE', codes: ['620623'] } }] }]);
    await raised(two.number, 60);
    expect(await drafted(await desk.see(two.number))).toEqual([60, 70]);
  });

  describe('of what was granted without an application', () => {
    const plain = async (approvalNo: string, ...lines: readonly Readonly<Record<string, unknown>>[]) => {
      const { errors } = await grantTo(desk.hub, 'test-market', approvalNo, lines.map((own) => ({ item: civilItem, quotaPerDay: 5, ...own })));
      if (errors.length > 0) throw new Error(errors[0]?.message);
    };
    const end = (approvalNo: string) => desk.hub.ask('security', 'mutation ($n: String!) { endGrant(approvalNo: $n) }', { variables: { n: approvalNo } });
    const division = { division: { by: 'RESIDENCE', codes: ['620623'] } };

    it('goes to whoever provides the item, and is in force beside it', async () => {
      await plain('B-1', { item: civilItem, validTo: '2027-02-01T00:00:00+08:00', bounds: [division], modes: ['QUERY', 'BATCH'] }, { item: policeItem });
      expect((await raise('police', 'B-1', civilItem, 50)).code).toBe('FORBIDDEN');
      expect((await raise(stewards.nobody, 'B-1', civilItem, 50)).code).toBe('FORBIDDEN');
      expect((await raise('market', 'B-1', civilItem, 5)).code).toBe('BAD_INPUT');
      expect((await raise('market', 'B-1', 'RK-0004', 50)).code).toBe('BAD_INPUT');
      const { application } = await raise(stewards.applicant, 'B-1', civilItem, 50);
      // What is for every matter is applied for those in which the consumer has a part; and no longer than it is there itself.
      expect(application).toMatchObject({ state: 'SUBMITTED', consumer: 'test-market', raisesQuotaOf: 'B-1', validTo: '2027-01-31', lines: [{ item: civilItem, quotaPerDay: 50, bounds: [{ division: { codes: ['620623000000'] } }] }] });
      expect((await raise('market', 'B-1', civilItem, 60)).code).toBe('CONFLICT');
      await desk.must('market', 'withdrawApplication', at(application as Seen));
      const more = await raised('B-1', 50);
      expect(await desk.inForce(more.number)).toMatchObject([{ item: civilItem, quotaPerDay: 50, modes: ['QUERY', 'BATCH'], bounds: [{ kind: 'division', codes: ['620623000000'] }], validTo: '2027-01-31T16:00:00.000Z' }]);
      expect([await quotaOf('B-1'), more.reviews.map(({ departmentCode }) => departmentCode)]).toEqual([[`${civilItem} 5`, `${policeItem} 5`], [places.civil]]);
      expect(await raised(more.number, 80)).toMatchObject({ state: 'ACTIVE', raisesQuotaOf: 'B-1' });
      expect((await end('B-1')).data).toEqual({ endGrant: true });
      const gone = await desk.see(more.number);
      expect([gone.state, gone.moves.at(-1), await quotaOf(more.number)]).toEqual(['REVOKED', expect.objectContaining({ verb: 'lapse', words: 'B-1' }), []]);
      expect((await raise('market', 'B-1', civilItem, 50)).code).toBe('FORBIDDEN');
    });

    it('opens nothing that this does not open any more', async () => {
      await plain('B-2', { item: civilItem, matters: [testMatter] }, { item: policeItem });
      const more = await raised('B-2', 50);
      expect(await desk.inForce(more.number)).toMatchObject([{ matters: [testMatter], validTo: expect.stringMatching(/^2029-11-24/) }]);
      // Granted again for a shorter time, it is shorter too; the same with another quota changes nothing.
      await plain('B-2', { item: civilItem, matters: [testMatter], quotaPerDay: 7, validTo: '2026-12-24T00:00:00+08:00' });
      expect(await desk.inForce(more.number)).toMatchObject([{ quotaPerDay: 50, validTo: '2026-12-23T16:00:00.000Z' }]);
      // Bound to rows, it opens others: what was approved for all of them has ended.
      await plain('B-2', { item: civilItem, bounds: [division] });
      expect([(await desk.see(more.number)).state, await quotaOf(more.number)]).toEqual(['REVOKED', []]);
      await end('B-2');
    });

    it('that is suspended, or reviewed too late, comes back no further than this has come meanwhile', async () => {
      await plain('B-3', { item: civilItem });
      const more = await raised('B-3', 50);
      const paused = await desk.must('market', 'suspendApplication', { ...at(more), words: '暂停' });
      await plain('B-3', { item: civilItem, validTo: '2026-12-01T00:00:00+08:00' });
      await desk.must('market', 'resumeApplication', at(paused));
      expect(await desk.inForce(more.number)).toMatchObject([{ validTo: '2026-11-30T16:00:00.000Z' }]);
      await end('B-3');
      await plain('B-4', { item: civilItem });
      const { application } = await raise('market', 'B-4', civilItem, 50);
      const passedOn = await desk.must(stewards.authority, 'passApplication', at(application as Seen));
      await end('B-4');
      const late = await desk.must(stewards.civil, 'reviewApplication', { ...about(passedOn, 'civil'), ...argumentsOf('review', passedOn, 'civil') });
      expect(await quotaOf(late.number)).toEqual([]);
    });

    it('of several matters has each for its own lines', async () => {
      await desk.hub.database.sql`insert into matter (code, name, department_code, participants, needs_case) values ('B-M', '另一事项', ${places.applicant}, '{}', false) on conflict do nothing`;
      await desk.hub.ask('security', 'mutation { createList(code: "L-0", name: "空") }');
      await plain('B-5', { item: civilItem, matters: [testMatter] }, { item: civilItem, matters: ['B-M'], quotaPerDay: 9 });
      const more = await raised('B-5', 50);
      expect((await desk.inForce(more.number)).map(({ matters }) => matters)).toEqual([[testMatter], ['B-M']]);
      await plain('B-5', { item: civilItem, matters: ['B-M'], quotaPerDay: 9 });
      expect((await desk.inForce(more.number)).map(({ matters }) => matters)).toEqual([['B-M']]);
      await end('B-5');
    });
  });

  it('ends with the first one when that is renewed', async () => {
    const base = await limited();
    const more = await raised(base.number, 50);
    const renewed = await approveAll(desk, await desk.must('market', 'renewApplication', { ...at(base), validTo: '2027-06-30' }));
    expect([renewed.state, (await desk.see(more.number)).state, await quotaOf(more.number)]).toEqual(['ACTIVE', 'REVOKED', []]);
  });
});
