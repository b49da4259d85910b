/**
 * Certificates as applications find them: of a holder, by type; by identifier, with its check character; and how one stood on a day.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClaims } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { clonedHub, shared, testPersonKey } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
let card: { readonly id: string; readonly holder: string; readonly type: string; readonly source: string; readonly version: string; readonly from: string; readonly to: string };
beforeAll(async () => {
  hub = await clonedHub({ item: shared });
  const [found] = await hub.database.sql<(typeof card)[]>`
    select c.certificate_identifier as id, c.holder_codes[1] as holder, c.type_code as type, s.source_key as source, s.version, c.valid_from::text as from, c.valid_to::text as to
    from certificate c join source_record s on s.record_id = c.id and s.source = '620623-ZS' where c.type_name = '居民身份证' and c.status = '01' and c.valid_to > '2027-06-01' and c.valid_from < '2026-01-01'
      and (select count(*) from certificate o where o.holder_person_keys && c.holder_person_keys) > 1 order by 1 limit 1`;
  card = found!;
}, 120_000);
afterAll(() => hub?.close());

const at = async (lenses: string) => {
  const answer = await hub.ask('civilAffairs', `query ($id: String!) { certificate(certificateIdentifier: $id${lenses}) { status isValidToday validTo } }`, { variables: { id: card.id } });
  expect(answer.errors).toEqual([]);
  return answer.data['certificate'] as unknown as { readonly status: string; readonly isValidToday: boolean; readonly validTo: string | null } | null;
};

describe('certificates', () => {
  it('of the county name issuers that are departments of this hub, by their credit codes', async () => {
    const unknown = await hub.database.sql<{ name: string }[]>`select distinct issuing_authority_name as name from certificate where area_code = '620623' and issuing_authority_code not in (select uscc from department where uscc is not null)`;
    expect(unknown).toEqual([]);
    const [known] = await hub.database.sql<{ issuers: number }[]>`select count(distinct c.issuing_authority_code)::int as issuers from certificate c join department d on d.uscc = c.issuing_authority_code`;
    expect(known!.issuers).toBeGreaterThan(5);
  });

  it('of a holder are searched by type', async () => {
    const document = 'query ($id: String!, $type: String!) { person(idNumber: $id) { all: certificates(first: 50) { totalCount nodes { typeCode } } own: certificates(first: 50, where: {typeCode: {eq: $type}}) { nodes { certificateIdentifier typeName status isValidToday type { name } } } } }';
    const { data, errors } = await hub.ask('civilAffairs', document, { variables: { id: card.holder, type: card.type } });
    expect(errors).toEqual([]);
    const { all, own } = data['person'] as unknown as { all: { totalCount: number; nodes: readonly { typeCode: string }[] }; own: { nodes: readonly unknown[] } };
    expect(own.nodes).toEqual([{ certificateIdentifier: card.id, typeName: '居民身份证', status: '01', isValidToday: true, type: { name: '居民身份证' } }]);
    expect(all.nodes.filter(({ typeCode }) => typeCode === card.type)).toHaveLength(1);
    expect(all.totalCount).toBeGreaterThan(1);
  });

  it('are found by identifier, however it is pasted; a wrong check character is refused with what to do', async () => {
    const document = 'query ($id: String!) { certificate(certificateIdentifier: $id) { certificateIdentifier } }';
    const pasted = await hub.ask('civilAffairs', document, { variables: { id: ` ${card.id.toLowerCase().replaceAll('1', '１')} ` } });
    expect(pasted.data).toEqual({ certificate: { certificateIdentifier: card.id } });
    const digit = await hub.ask('civilAffairs', document, { variables: { id: `${card.id.slice(0, -1)}${card.id.endsWith('0') ? '1' : '0'}` } });
    expect([digit.status, digit.errors[0]?.extensions['code'], digit.errors[0]?.message]).toEqual([400, 'BAD_INPUT', expect.stringMatching(/check character .* Compare it with the certificate/)]);
  });

  it('tell how they stood on a day', async () => {
    expect(await at('')).toMatchObject({ status: '01', isValidToday: true });
    expect(await at(`, asOf: "${card.to}"`)).toMatchObject({ isValidToday: true });
    const after = new Date(Date.parse(card.to) + 86_400_000).toISOString().slice(0, 10);
    expect(await at(`, asOf: "${after}"`)).toMatchObject({ status: '01', isValidToday: false });
    await writeClaims({ sql: hub.database.sql, now: '2026-11-24T02:00:30.000Z', today: '2026-11-24', personKey: testPersonKey, belongsHere: () => true }, records.find(({ type }) => type === 'Certificate')!, '620623-ZS', [{ key: card.source, version: `${card.version}.9`, at: '2026-11-24T02:00:30.000Z', values: { status: '07' } }]);
    expect(await at('')).toMatchObject({ status: '07', isValidToday: false });
    expect(await at(', asOf: "2026-11-23"')).toMatchObject({ status: '01', isValidToday: true });
  });
});
