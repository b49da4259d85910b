/**
 * What a clerk types in for the facts of a matter is claimed of somebody: of what is not so he has as much a day as of any other claim.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { grantEverything, registerApplications } from './errands/departments.ts';
import { tell, told, town } from './errands/town.ts';

const [matter, limit] = ['620623-MZ-GL', 4];
let hub: TestHub;

beforeAll(async () => {
  hub = await clonedHub({ audited: true, unmetClaims: limit });
  await registerApplications(hub);
  await grantEverything(hub, 'civilAffairs');
  await tell(hub, told);
}, 120_000);
afterAll(() => hub?.close());

const ask = async (query: string, variables: object, caseNo?: string) => hub.ask('civilAffairs', query, { variables: { ...variables }, headers: { 'hub-matter': matter, ...(caseNo === undefined ? {} : { 'hub-case': caseNo }) } });
const code = ({ errors }: Awaited<ReturnType<typeof ask>>): unknown => errors[0]?.extensions['code'] ?? null;

test.each([['somebody', town.grandmother, 'G-1'], ['nobody', idNumberWithCheck('62062319400101995'), 'G-2']])('about %s it ends with what a day allows, right or wrong, and with verify together', async (_who, idNumber, caseNo) => {
  expect(code(await ask('mutation ($matter: String!, $caseNo: String!, $idNumber: String!) { openCase(matter: $matter, caseNo: $caseNo, subjects: [{ idNumber: $idNumber }]) { caseNo } }', { matter, caseNo, idNumber }))).toBeNull();
  const looks = (name: string) => ask('query ($idNumber: String!, $name: String!) { lookup(subjects: [{ role: "applicant", idNumber: $idNumber }], claims: [{ name: "applicantName", value: $name }]) { facts { code status } } }', { idNumber, name }, caseNo);
  for (let n = 1; n < limit; n += 1) expect(code(await looks(`猜${n}`))).toBeNull();
  const verify = (name: string) => ask('query ($idNumber: String!, $name: String!) { verify(subject: { idNumber: $idNumber }, claims: [{ field: "name", value: $name }]) { verdict } }', { idNumber, name }, caseNo);
  expect(code(await verify('猜'))).toBeNull();
  const [right, wrong] = [await looks('央金'), await looks('猜')];
  expect([code(right), code(await verify('央金'))]).toEqual(['QUOTA_EXCEEDED', 'QUOTA_EXCEEDED']);
  expect(right.text).toBe(wrong.text);
});
