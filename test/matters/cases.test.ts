/**
 * Matters and cases as their use cases keep them: who may open and close, whom a case covers, and that opening and closing again
 * change nothing.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { idNumberWithCheck, usccWithCheck, orgCodeWithCheck } from '../../src/registries/identifiers/index.ts';
import { closeCase, openCase } from '../../src/matters/case.ts';
import type { CaseDesk } from '../../src/matters/case.ts';
import { registerMatter } from '../../src/matters/matter.ts';
import { refreshKinAround } from '../../src/query/kin.ts';
import type { Consumer, KinWord, Matter } from '../../src/sharing/terms.ts';
import { callers } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { cloneDatabase } from '../world/database.ts';
import { testPersonKey } from '../world/hub.ts';

let database: Database;
beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database?.close());

const today = '2026-11-24';
const now = '2026-11-24T02:01:00.000Z';
const actor = { by: 'tests', now };
const matter: Matter = { code: 'M-KIN', name: '低保', department: callers.civilAffairs, participants: [callers.police], kin: [], needsCase: true };
const as = (name: CallerName, servicePlatform = false): Consumer => ({ kind: 'consumer', consumer: `test-${name}`, name, department: callers[name], departmentName: name, servicePlatform });
const desk = (own: Partial<CaseDesk> = {}): CaseDesk => ({ sql: database.sql, now, today, personKey: testPersonKey, caseDays: 90, consumer: as('civilAffairs'), operator: null, ...own });
const numbered = (n: number): string => idNumberWithCheck(`62062319900101${String(n).padStart(3, '0')}`);
const [self, spouse, child, parent, sibling, grandchild, divorced, lodger, head] = Array.from({ length: 9 }, (_, n) => numbered(100 + n)) as [string, string, string, string, string, string, string, string, string];
const everyKin: readonly KinWord[] = ['HOUSEHOLD', 'SPOUSE', 'CHILD', 'PARENT', 'SIBLING', 'OTHER'];
const uscc = usccWithCheck(`91620623${orgCodeWithCheck('MA700000')}`);

/** Who stands in a case beside its subjects: the number's last digits but one → the word. */
async function covered(caseNo: string, code = matter.code): Promise<Readonly<Record<string, string>>> {
  const rows = await database.sql<{ key: string; relation: string }[]>`
    select s.subject_key as key, s.relation from case_subject s join service_case c on c.id = s.case_id where c.matter_code = ${code} and c.case_no = ${caseNo} and c.closed_at is null`;
  const names = new Map(Object.entries({ self, spouse, child, parent, sibling, grandchild, divorced, lodger, head }).map(([name, number]) => [testPersonKey(number), name]));
  return Object.fromEntries(rows.map(({ key, relation }) => [names.get(key) ?? key, relation]));
}

beforeAll(async () => {
  const { sql } = database;
  const person = (number: string, household: string | null) => sql`insert into person (id, id_number, person_key, name, household_no, source, source_version, source_updated_at)
    values (gen_random_uuid(), ${number}, ${testPersonKey(number)}, '测试', ${household}, '620623-GA', 'test', ${now})`;
  const household = (no: string, type: string) => sql`insert into household (id, household_no, household_type_code, source, source_version, source_updated_at) values (gen_random_uuid(), ${no}, ${type}, '620623-GA', 'test', ${now})`;
  const kin = (subject: string, relative: string, code: string, validTo: string | null = null) => sql`
    insert into kinship (id, subject_id_number, subject_person_key, relative_id_number, relative_person_key, relation_code, valid_from, valid_to, source, source_version, source_updated_at)
    values (gen_random_uuid(), ${subject}, ${testPersonKey(subject)}, ${relative}, ${testPersonKey(relative)}, ${code}, '2000-01-01', ${validTo}, '620623-GA', 'test', ${now})`;
  await household('H-FAMILY', '1');
  await household('H-SCHOOL', '2');
  for (const [number, home] of [[self, 'H-FAMILY'], [spouse, 'H-FAMILY'], [head, 'H-FAMILY'], [child, 'H-SCHOOL'], [lodger, 'H-SCHOOL'], [parent, null], [sibling, null], [grandchild, null], [divorced, null]] as const) await person(number, home);
  await kin(self, spouse, '12');
  await kin(self, child, '20');
  // Told of the relative only: who has a parent is somebody's child.
  await kin(self, parent, '51');
  await kin(sibling, self, '70');
  await kin(self, grandchild, '40');
  await kin(self, divorced, '12', '2010-05-05');
  await kin(self, head, '02');
});

beforeEach(() => registerMatter(database.sql, matter, today, actor));

const open = (caseNo: string, idNumbers: readonly string[] = [self], own: Partial<CaseDesk> = {}, deadline: string | null = null) =>
  openCase(desk(own), { matter: matter.code, caseNo, subjects: idNumbers.map((idNumber) => ({ idNumber })), deadline });

describe('whom a case covers', () => {
  it.each<[KinWord[], Record<string, string>]>([
    [[], {}],
    [['HOUSEHOLD'], { spouse: 'HOUSEHOLD', head: 'HOUSEHOLD' }],
    [['SPOUSE'], { spouse: 'SPOUSE' }],
    [['CHILD'], { child: 'CHILD' }],
    [['PARENT'], { parent: 'PARENT' }],
    [['SIBLING'], { sibling: 'SIBLING' }],
    [['OTHER'], { grandchild: 'OTHER' }],
    [[...everyKin], { spouse: 'HOUSEHOLD', head: 'HOUSEHOLD', child: 'CHILD', parent: 'PARENT', sibling: 'SIBLING', grandchild: 'OTHER' }],
  ])('%j: its subjects, and those kin', async (kin, expected) => {
    const caseNo = `K-${kin.join('-')}`;
    await registerMatter(database.sql, { ...matter, kin }, today, actor);
    await open(caseNo);
    expect(await covered(caseNo)).toEqual({ self: 'SUBJECT', ...expected });
  });

  it('from the other side too, and nobody of a collective household', async () => {
    await registerMatter(database.sql, { ...matter, kin: ['HOUSEHOLD', 'PARENT'] }, today, actor);
    await open('K-REVERSE', [child]);
    expect(await covered('K-REVERSE')).toEqual({ child: 'SUBJECT', self: 'PARENT' });
  });

  it('a subject who is kin as well stays a subject', async () => {
    await registerMatter(database.sql, { ...matter, kin: ['SPOUSE'] }, today, actor);
    await open('K-BOTH', [self, spouse]);
    expect(await covered('K-BOTH')).toEqual({ self: 'SUBJECT', spouse: 'SUBJECT' });
  });

  it('nobody whom a matter no longer names, in cases that are open', async () => {
    await registerMatter(database.sql, { ...matter, kin: ['SPOUSE', 'CHILD'] }, today, actor);
    await open('K-NARROWED');
    await registerMatter(database.sql, { ...matter, kin: ['CHILD'] }, today, actor);
    expect(await covered('K-NARROWED')).toEqual({ self: 'SUBJECT', child: 'CHILD' });
  });

  it('neither sealed kin, nor the kin of somebody sealed, whether sealed before or after', async () => {
    const { sql } = database;
    await registerMatter(sql, { ...matter, kin: everyKin }, today, actor);
    await open('K-SEAL');
    await sql`insert into seal (code, person_key, because) values ('S-1', ${testPersonKey(spouse)}, '保护')`;
    await sql.begin((tx) => refreshKinAround(tx, testPersonKey(spouse), today));
    expect(await covered('K-SEAL')).not.toHaveProperty('spouse');
    await open('K-SEAL-2');
    expect(await covered('K-SEAL-2')).toEqual(await covered('K-SEAL'));
    await sql`insert into seal (code, person_key, because) values ('S-2', ${testPersonKey(self)}, '保护')`;
    await sql.begin((tx) => refreshKinAround(tx, testPersonKey(self), today));
    expect(await covered('K-SEAL')).toEqual({ self: 'SUBJECT' });
    await sql`delete from seal`;
    await sql.begin((tx) => refreshKinAround(tx, testPersonKey(self), today));
    expect(await covered('K-SEAL')).toMatchObject({ self: 'SUBJECT', spouse: 'HOUSEHOLD', child: 'CHILD' });
  });

  it('entities by their code', async () => {
    await openCase(desk(), { matter: matter.code, caseNo: 'K-ENTITY', subjects: [{ uscc: uscc.toLowerCase() }, { idNumber: self }] });
    expect(await covered('K-ENTITY')).toEqual({ [uscc]: 'SUBJECT', self: 'SUBJECT' });
  });
});

describe('opening', () => {
  it('is open for so many days, today included, unless a deadline is named', async () => {
    expect(await open('O-1')).toMatchObject({ matter: matter.code, caseNo: 'O-1', deadline: '2027-02-21', closedAt: null, subjects: 1 });
    expect(await open('O-2', [self], {}, today)).toMatchObject({ deadline: today });
  });

  it('again with the same subjects is the same case, and a deadline that is named moves it', async () => {
    const first = await open('O-3', [self, spouse]);
    expect(await open('O-3', [spouse, self, self], { now: '2026-11-25T00:00:00.000Z' })).toEqual(first);
    expect(await open('O-3', [self, spouse], {}, '2026-12-01')).toEqual({ ...first, deadline: '2026-12-01' });
    expect(await open('O-3', [self, spouse])).toEqual({ ...first, deadline: '2026-12-01' });
  });

  it('about others is a conflict, until it is closed or its deadline has passed', async () => {
    await open('O-4');
    await expect(open('O-4', [spouse])).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('closeCase') as unknown });
    await expect(open('O-4', [self, spouse])).rejects.toMatchObject({ code: 'CONFLICT' });
    await closeCase(desk(), matter.code, 'O-4');
    await open('O-4', [spouse], {}, today);
    expect(await covered('O-4')).toEqual({ spouse: 'SUBJECT' });
    expect(await open('O-4', [child], { today: '2026-11-25', now: '2026-11-25T00:00:00.000Z' })).toMatchObject({ openedAt: '2026-11-25T00:00:00.000Z' });
    expect(await covered('O-4')).toEqual({ child: 'SUBJECT' });
  });

  it('at the same time opens one case', async () => {
    const [a, b, ...others] = await Promise.all(Array.from({ length: 4 }, () => open('O-5')));
    for (const other of [b, ...others]) expect(other).toEqual(a);
  });

  it('about somebody who is not there answers like any other', async () => {
    await registerMatter(database.sql, { ...matter, kin: everyKin }, today, actor);
    const [there, nobody] = [await open('O-6'), await open('O-7', [numbered(777)])];
    expect({ ...nobody, caseNo: 'O-6' }).toEqual(there);
  });

  it('keeps who opened, the clerk, and whether he is proven', async () => {
    await open('O-8', [self], { consumer: as('market', true), operator: { code: 'clerk-7', verified: true } });
    await closeCase(desk(), matter.code, 'O-8');
    const rows = await database.sql`select opened_by, operator, operator_verified, closed_by from service_case where case_no = 'O-8'`;
    expect([...rows]).toEqual([{ opened_by: 'test-market', operator: 'clerk-7', operator_verified: true, closed_by: 'test-civilAffairs' }]);
  });

  it.each<[string, Partial<CaseDesk>]>([['who takes part', { consumer: as('police') }], ['anybody else', { consumer: as('market') }]])('is not for %s, and neither is closing', async (_who, own) => {
    await open('O-9');
    await expect(open('O-9', [self], own)).rejects.toMatchObject({ code: 'PURPOSE_REFUSED' });
    await expect(closeCase(desk(own), matter.code, 'O-9')).rejects.toMatchObject({ code: 'PURPOSE_REFUSED' });
    const nowhere = openCase(desk(own), { matter: 'M-NONE', caseNo: 'O-9', subjects: [{ idNumber: self }] }).catch((error: Error) => error.message);
    expect(await nowhere).toBe(await open('O-9', [self], own).catch((error: Error) => error.message));
  });

  it.each<[string, string, RegExp, Promise<unknown> | (() => Promise<unknown>)]>([
    ['nobody', 'BAD_INPUT', /nobody/, () => open('W-1', [])],
    ['a hundred and one', 'TOO_MANY_KEYS', /100/, () => open('W-1', Array.from({ length: 101 }, () => self))],
    ['a wrong check digit', 'BAD_INPUT', /^subject: .*check digit/, () => open('W-1', [`${self.slice(0, 17)}${self.endsWith('1') ? '2' : '1'}`])],
    ['the wrong one of two', 'BAD_INPUT', /^subjects\[1\]: /, () => open('W-1', [self, '123'])],
    ['both kinds at once', 'BAD_INPUT', /one of the two/, () => openCase(desk(), { matter: matter.code, caseNo: 'W-1', subjects: [{ idNumber: self, uscc }] })],
    ['a wrong code of an entity', 'BAD_INPUT', /credit code/, () => openCase(desk(), { matter: matter.code, caseNo: 'W-1', subjects: [{ uscc: `${uscc.slice(0, 17)}${uscc.endsWith('1') ? '2' : '1'}` }] })],
    ['an empty number', 'BAD_INPUT', /caseNo/, () => open('  ')],
    ['a number that cannot be printed', 'BAD_INPUT', /caseNo/, () => open('a\u0000b')],
    ['a deadline that has passed', 'BAD_INPUT', /deadline/, () => open('W-1', [self], {}, '2026-11-23')],
    ['a deadline beyond a year', 'BAD_INPUT', /deadline/, () => open('W-1', [self], {}, '2027-11-26')],
  ])('%s is refused', async (_what, code, sentence, work) => {
    const refused = expect(typeof work === 'function' ? work() : work).rejects;
    await refused.toMatchObject({ code, message: expect.stringMatching(sentence) as unknown });
    expect(await covered('W-1')).toEqual({});
  });
});

describe('closing', () => {
  it('again stays as it was closed', async () => {
    await open('C-1');
    const closed = await closeCase(desk(), matter.code, 'C-1');
    expect(closed.closedAt).toBe(now);
    expect(await closeCase(desk({ now: '2026-11-30T00:00:00.000Z' }), matter.code, ' C-1 ')).toEqual(closed);
  });
  it('what was never opened is named', async () => {
    await expect(closeCase(desk(), matter.code, 'C-NONE')).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('C-NONE') as unknown });
  });
});

describe('registering a matter', () => {
  it.each<[string, Partial<Matter>, RegExp]>([
    ['an unknown department', { department: '000000-XX' }, /department is no department: 000000-XX/],
    ['an unknown participant', { participants: ['000000-YY'] }, /participants\[0\] is no department: 000000-YY/],
    ['an empty name', { name: ' ' }, /name is empty/],
    ['a code with blanks', { code: 'A B' }, /code holds blanks/],
    ['kin of no kind', { kin: ['COUSIN' as KinWord] }, /kin/],
  ])('%s is named', async (_what, wrong, sentence) => {
    await expect(registerMatter(database.sql, { ...matter, ...wrong }, today, actor)).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(sentence) as unknown });
  });
});
