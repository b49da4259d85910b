/**
 * Annotated copies over HTTP, at a hub that runs: the file for whom it was made out to and nobody else, until it expires; its QR code
 * leads to a page of this hub that says what there is to say; its signature verifies; and drawing it holds nobody up.
 */
import decodeQR from 'qr/decode.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf, readPublicKeys, readSignature } from '../../src/certificates/signature.ts';
import { writeClaims } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { pictureOfCode, readPdf } from '../certificates/pdf-reading.ts';
import { callers, keyOf } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

const matter = 'M-COPY-HTTP';
let clock = new Date('2026-11-24T02:01:00.000Z');
let served: ServedHub;
let cards: readonly { readonly id: string; readonly holder: string; readonly source: string; readonly version: string }[];

type Json = { readonly [name: string]: Json };
async function ask(caller: CallerName | AdministratorName | null, query: string, variables: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${served.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...(caller === null ? {} : { authorization: `Bearer ${keyOf(caller)}` }), ...headers }, body: JSON.stringify({ query, variables }) });
  return { status: response.status, ...(await response.json() as { readonly data?: Json; readonly errors?: readonly { readonly message: string; readonly extensions: Json }[] }) };
}
async function done(...asked: Parameters<typeof ask>): Promise<Json> {
  const { data, errors } = await ask(...asked);
  if (errors !== undefined || data === undefined) throw new Error(errors?.[0]?.message);
  return data;
}
const get = async (path: string, caller: CallerName | AdministratorName | null = null) => {
  const response = await fetch(path.startsWith('http') ? path : `${served.url}${path}`, caller === null ? {} : { headers: { authorization: `Bearer ${keyOf(caller)}` } });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body, text: body.toString('utf8') };
};
const issue = async (id: string) => (await done('civilAffairs', 'mutation ($id: String!) { issueCopy(certificateIdentifier: $id, cause: "核对身份", validDays: 2) { id code path signaturePath checkUrl } }', { id }, { 'hub-matter': matter, 'hub-case': '1', 'hub-operator': 'MZ-0317' }))['issueCopy'] as unknown as { readonly id: string; readonly code: string; readonly path: string; readonly signaturePath: string; readonly checkUrl: string };

beforeAll(async () => {
  // Whose budget is spent is refused; that is tested with a budget of its own below.
  served = await servedHub({ HUB_ADDRESS_BUDGET: '1000000' }, { now: () => clock });
  cards = await served.hub.database.sql`
    select c.certificate_identifier as id, c.holder_codes[1] as holder, s.source_key as source, s.version from certificate c join source_record s on s.record_id = c.id and s.source = '620623-ZS'
    where c.type_name = '居民身份证' and c.status = '01' and (c.valid_to is null or c.valid_to > '2027-06-01') order by 1 limit 3`;
  await done('steward', 'mutation ($matter: MatterInput!) { registerMatter(matter: $matter) }', { matter: { code: matter, name: '低保', departmentCode: callers.civilAffairs, participants: [], kin: [] } });
  const items = [...served.hub.standing.current.catalog.items()].flatMap(({ code }) => (code.startsWith('ZZ-01') ? [code] : []));
  await done('security', 'mutation ($tuples: [GrantTupleInput!]!) { grant(approvalNo: "G", consumer: "test-civilAffairs", tuples: $tuples) }', { tuples: items.map((item) => ({ item, uses: ['READ', ...(item === 'ZZ-0101' ? ['KEY'] : []), ...(item === 'ZZ-0100' ? ['EXIST'] : [])], matters: [matter] })) });
  await done('civilAffairs', 'mutation ($matter: String!, $subjects: [SubjectInput!]!) { openCase(matter: $matter, caseNo: "1", subjects: $subjects) { deadline } }', { matter, subjects: cards.map(({ holder }) => ({ idNumber: holder })) });
}, 180_000);
afterAll(() => served?.close());

describe('the file of a copy', () => {
  it('is given to whom it was made out to, with a signature that verifies, until it expires', async () => {
    const copy = await issue(cards[0]!.id);
    const file = await get(copy.path, 'civilAffairs');
    expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition'), file.headers.get('cache-control')]).toEqual([200, 'application/pdf', `attachment; filename="${copy.id}.pdf"`, 'no-store']);
    expect(readPdf(file.body).plain).toContain(copy.code);
    const signature = await get(copy.signaturePath, 'civilAffairs');
    const publicKeys = readPublicKeys(served.hub.keys.versions.map((version) => `version ${version}  SM2 ${served.hub.keys.publicSm2(version)}`).join('\n'));
    expect(problemOf(file.body, readSignature(signature.text), publicKeys)).toBeNull();
    const changed = Buffer.from(file.body);
    changed[changed.length >> 1]! ^= 1;
    expect(problemOf(changed, readSignature(signature.text), publicKeys)).not.toBeNull();
    // To others it is no more there than one that never was.
    const absent = await get('/copies/0000000000.pdf', 'civilAffairs');
    expect([absent.status, JSON.parse(absent.text)]).toMatchObject([403, { errors: [{ extensions: { code: 'FORBIDDEN' } }] }]);
    for (const path of [copy.path, copy.signaturePath]) {
      for (const other of ['market', 'authority'] as const) expect((await get(path, other)).text).toBe(absent.text);
      expect((await get(path)).status).toBe(401);
      expect((await get(path, 'security')).status).toBe(403);
    }
    for (const path of ['/copies/x', '/copies/..%2f..%2fetc.pdf', `/copies/${copy.id}`]) expect((await get(path, 'civilAffairs')).text).toBe(absent.text);
    const uses = await done('police', 'query ($id: String!) { certificateUses(certificateIdentifier: $id) { nodes { mode consumer } } }', { id: cards[0]!.id });
    expect(uses['certificateUses']).toEqual({ nodes: [{ mode: 'DOWNLOAD', consumer: 'test-civilAffairs' }, { mode: 'COPY', consumer: 'test-civilAffairs' }] });
    const records = await done('auditor', 'query ($idNumber: String!) { auditRecords(subject: {idNumber: $idNumber}, first: 1) { nodes { consumer roots outcome } } }', { idNumber: cards[0]!.holder });
    expect(records['auditRecords']).toEqual({ nodes: [{ consumer: 'test-civilAffairs', roots: ['GET /copies'], outcome: 'OK' }] });
    const before = clock;
    clock = new Date('2026-11-25T16:00:00.000Z');
    expect((await get(copy.path, 'civilAffairs')).text).toBe(absent.text);
    clock = before;
  });

  it('that was changed in the database is not given', async () => {
    const copy = await issue(cards[0]!.id);
    await served.hub.database.sql`update certificate_copy set pdf = pdf || '\\x00'::bytea where id = ${copy.id}`;
    expect((await get(copy.path, 'civilAffairs')).status).toBe(500);
  });

  it('is drawn while the hub goes on with everything else', async () => {
    let turns = 0;
    let drawing = true;
    const count = (): void => {
      turns += 1;
      if (drawing) setImmediate(count);
    };
    setImmediate(count);
    const longest = await issue(cards[1]!.id).then(() => turns);
    drawing = false;
    expect(longest).toBeGreaterThan(500);
  });
});

describe('the QR code', () => {
  it('leads to a page of this hub that tells how the copy stands, and nothing of the holder', async () => {
    const copy = await issue(cards[2]!.id);
    const [picture] = readPdf((await get(copy.path, 'civilAffairs')).body).contents.map(pictureOfCode).filter((one) => one !== null);
    const address = decodeQR(picture!);
    expect(address).toBe(copy.checkUrl);
    const page = await get(address);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
    expect(page.text).toContain('真实有效');
    expect(page.text).toContain('Genuine and valid');
    expect(page.text).not.toContain('<script');
    expect(page.text).not.toContain(cards[2]!.holder);
    expect(page.text).not.toContain(copy.id);
    // Its certificate is revoked, and it says so at once.
    const { hub } = served;
    await writeClaims(hub.writing(), records.find(({ type }) => type === 'Certificate')!, '620623-ZS', [{ key: cards[2]!.source, version: `${cards[2]!.version}.9`, at: clock.toISOString(), values: { status: '07' } }]);
    const after = await get(address);
    expect(after.text).toContain('证照已失效');
    expect(after.text).toContain('Not valid since 2026-11-24.');
    const told = await done('civilAffairs', '{ revokedCopies { nodes { copyId since } } }');
    expect(told['revokedCopies']).toEqual({ nodes: [{ copyId: copy.id, since: '2026-11-24' }] });
  });

  it('of another paper is not genuine, in the same bytes whatever is wrong', async () => {
    const copy = await issue(cards[1]!.id);
    const address = new URL(copy.checkUrl).pathname;
    const wrong = await Promise.all([`${address.slice(0, -1)}${address.endsWith('0') ? '2' : '0'}`, '/c/0000000000-0000000000000000', '/c/x', '/c/%3Cscript%3E'].map((path) => get(path)));
    for (const page of wrong) expect([page.status, page.text]).toEqual([200, wrong[0]!.text]);
    expect(wrong[0]!.text).toContain('不真实');
    expect((await get('/c/%zz')).status).toBe(400);
  });
});

describe('checking', () => {
  it('is for strangers too, as often a minute as their address may', async () => {
    const copy = await issue(cards[1]!.id);
    const document = 'query ($id: String!, $code: String!) { verifyCertificate(certificateIdentifier: $id, code: $code) { verdict } }';
    expect((await ask(null, document, { id: cards[1]!.id, code: copy.code })).data).toEqual({ verifyCertificate: { verdict: 'VALID' } });
    expect((await ask(null, '{ revokedCopies { endCursor } }')).status).toBe(401);
    const small = await servedHub({ HUB_ADDRESS_BUDGET: '5000' }, { now: () => clock });
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 14; n += 1) statuses.push((await fetch(`${small.url}/c/x${n}`)).status);
      expect(statuses.slice(0, 10)).toEqual(Array<number>(10).fill(200));
      expect(statuses.slice(-2)).toEqual([429, 429]);
    } finally {
      await small.close();
    }
  });
});
