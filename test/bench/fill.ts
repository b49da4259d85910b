/**
 * Fills the bench's database by SQL: a county of the needed shape when the product's own seeding is not there (yet), and in
 * any case the shape of W2 and W3, people with 4 household members, 5 certificates and 3 credit permits.
 *
 * Synthetic through and through, and only ever for a database of the bench.
 */
import { readdirSync } from 'node:fs';
import type postgres from 'postgres';
import { readSeed } from '../../src/seeding/csv.ts';

type Sql = postgres.Sql;

const origin = `'620623-ZS', '1', '2026-11-24T02:00:00Z'`;

/** Departments and catalog, as the seeds have them. */
export async function fillReference(sql: Sql): Promise<void> {
  const departments = readSeed('departments.csv', ['code', 'name', 'role']);
  await sql`insert into department ${sql(departments.map(({ code, name, role }) => ({ code, name, role })))} on conflict do nothing`;
  const columns = ['code', 'name', 'ownerDepartment', 'kind', 'shareType', 'condition', 'keyShareType', 'sensitivity', 'mask', 'updateCycle', 'open', 'standard'] as const;
  for (const file of readdirSync(new URL('../../seeds/catalog/', import.meta.url))) {
    const items = readSeed(`catalog/${file}`, columns);
    await sql`insert into catalog_item ${sql(items.map((item) => ({
      code: item.code, name: item.name, owner_department: item.ownerDepartment, kind: item.kind, share_type: item.shareType, condition: item.condition,
      key_share_type: item.keyShareType === '' ? null : item.keyShareType, sensitivity: item.sensitivity, mask: item.mask, update_cycle: item.updateCycle,
      open: item.open === 'true', standard: item.standard,
    })))} on conflict do nothing`;
  }
}

/** People in households of four, and legal entities. Current rows only: the workloads ask for now. */
export async function fillCounty(sql: Sql, people: number): Promise<void> {
  await sql.unsafe(`create or replace function bench_id_number(n bigint) returns text language plpgsql immutable as $$
    declare base text; total int := 0; weights int[] := array[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2];
    begin
      base := '620623' || to_char(date '1941-01-01' + (n % 29000)::int, 'YYYYMMDD') || lpad((1 + n / 29000)::text, 3, '0');
      for i in 1..17 loop total := total + substr(base, i, 1)::int * weights[i]; end loop;
      return base || substr('10X98765432', 1 + total % 11, 1);
    end $$`);
  await sql.unsafe(`
    insert into person (id, id_number, person_key, name, gender_code, ethnicity_code, birth_date, nationality_code, education_code, marital_status_code,
      registered_address, registered_division_code, residence_division_code, township_code, village_code, household_no, household_type_code,
      relation_to_head_code, person_status, id_card_issuer, phone, source, source_version, source_updated_at)
    select gen_random_uuid(), i.id, left(encode(sha256(('bench' || i.id)::bytea), 'hex'), 43), substr('王李张刘陈杨赵黄周吴', (n % 10)::int + 1, 1) || substr('文华建国秀英桂兰志强', (n / 10 % 10)::int + 1, 2),
      (n % 2 + 1)::text, case when n % 3 = 0 then '04' else '01' end, to_date(substr(i.id, 7, 8), 'YYYYMMDD'), 'CHN', '71', '20',
      '甘肃省武威市天祝藏族自治县华藏寺镇某某村' || n / 4 || '号', '620623100001', '620623100001', '620623100', '620623100001', 'H' || lpad((n / 4)::text, 9, '0'), '1',
      case n % 4 when 0 then '02' when 1 then '10' else '20' end, '在籍', '天祝藏族自治县公安局', '139' || lpad(n::text, 8, '0'), '620623-GA', '1', '2026-11-24T02:00:00Z'
    from generate_series(0, ${people - 1}) n, lateral (select bench_id_number(n) as id) i`);
  await sql.unsafe(`
    insert into household (id, household_no, household_type_code, head_name, head_id_number, head_person_key, address, division_code, member_count, status, source, source_version, source_updated_at)
    select gen_random_uuid(), household_no, '1', name, id_number, person_key, registered_address, '620623100001', 4, '在册', '620623-GA', '1', '2026-11-24T02:00:00Z'
    from person where relation_to_head_code = '02'`);
  await sql.unsafe(`
    insert into legal_entity (id, uscc, name, org_code, entity_type_code, category, status, legal_rep_name, registered_capital, currency_code, industry_code, business_scope,
      established_on, domicile, domicile_division_code, registrar, registrar_code, source, source_version, source_updated_at)
    select gen_random_uuid(), '91620623MA' || lpad(n::text, 8, '0'), '天祝藏族自治县华藏寺第' || n || '号商贸有限公司', 'MA' || lpad(n::text, 6, '0') || '0', '1130', '91', '1', '王文华', 10 + n % 500, '156', 'F5229', '食品销售',
      date '2005-01-01' + n % 7000, '甘肃省武威市天祝藏族自治县华藏寺镇团结路' || n || '号', '620623100001', '天祝藏族自治县市场监督管理局', '620623', '620623-SC', '1', '2026-11-24T02:00:00Z'
    from generate_series(0, ${Math.max(2000, Math.round(people / 10)) - 1}) n`);
}

/** Chooses subjects among households of four and brings each to exactly 5 certificates and 3 credit permits. */
export async function fillSubjects(sql: Sql, most: number): Promise<void> {
  await sql.unsafe(`
    create table bench_subject as
    with four as (select household_no from person where household_no is not null group by household_no having count(*) = 4 order by md5(household_no) limit ${Math.ceil(most / 4)})
    select p.id_number, p.person_key, p.name, c.certificates, x.permits from four join person p using (household_no) join household h using (household_no),
      lateral (select count(*) as certificates from certificate c where c.holder_person_keys @> array[p.person_key]) c,
      lateral (select count(*) as permits from credit_permit x where x.counterparty_person_key = p.person_key) x
    where p.id_number is not null and c.certificates <= 5 and x.permits <= 3`);
  await sql.unsafe(`
    insert into certificate (id, certificate_identifier, type_code, type_name, certificate_name, certificate_number, version, defining_authority_name, defining_authority_code,
      issuing_authority_name, issuing_authority_code, issued_on, valid_from, valid_to, area_code, holder_names, holder_codes, holder_person_keys, holder_code_types, holder_usccs, face_items, status, source, source_version, source_updated_at)
    select gen_random_uuid(), '1.2.156.3005.2.11100000000013127D001.11620623013930000A.BENCH' || s.id_number || n || '.001.0', '11100000000013127D001', (array['居民户口簿', '社会保障卡', '机动车驾驶证', '不动产权证书', '结婚证'])[n],
      '电子证照', s.id_number || n, '001', '公安部', '11100000000013127D', '天祝藏族自治县公安局', '11620623013930000A', date '2020-01-01' + n, date '2020-01-01' + n, case when n % 2 = 0 then date '2040-01-01' end,
      '620623', array[s.name], array[s.id_number], array[s.person_key], array['111'], array[]::text[], jsonb_build_object('姓名', s.name, '公民身份号码', s.id_number), '01', ${origin}
    from bench_subject s, generate_series(s.certificates::int + 1, 5) n`);
  await sql.unsafe(`
    insert into credit_permit (id, record_no, counterparty_type, counterparty_person_name, counterparty_id_number, counterparty_person_key, counterparty_id_type, decision_no, decision_name,
      permit_category, content, decided_on, valid_from, valid_to, authority_name, authority_code, status, source, source_version, source_updated_at)
    select gen_random_uuid(), 'BENCH-' || s.id_number || '-' || n, '01', s.name, s.id_number, s.person_key, '111', '天许〔2024〕' || n || '号', '个体工商户登记许可', '01', '准予登记', date '2024-01-01' + n, date '2024-01-01' + n,
      date '2034-01-01' + n, '天祝藏族自治县市场监督管理局', '11620623013930000A', '有效', ${origin}
    from bench_subject s, generate_series(s.permits::int + 1, 3) n`);
}
