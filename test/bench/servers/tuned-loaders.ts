/**
 * Rows for the resolver peers by hand-written statements, prepared, only the columns that the schema has, twenty children a parent
 * taken inside the database: what the usual way becomes where somebody counts every millisecond.
 */
import type postgres from 'postgres';
import { client } from './child.ts';
import type { Child, Row, RowSource } from './resolvers.ts';

/** Four connections: the best of 1, 2, 4 and 8 for these servers. */
const sql = client(4, 'tuned');

const person = sql`id_number as "idNumber", person_key as "personKey", name, gender_code as "genderCode", ethnicity_code as "ethnicityCode", birth_date as "birthDate", nationality_code as "nationalityCode",
  registered_division_code as "registeredDivisionCode", household_no as "householdNo", person_status as "personStatus", phone, relation_to_head_code as "relationToHeadCode"`;

const list = async (query: postgres.PendingQuery<Row[]>): Promise<readonly Row[]> => query;
const children = async (query: postgres.PendingQuery<(Row & { readonly key: string })[]>): Promise<readonly Child[]> => (await query).map((row) => ({ of: [row.key], row }));
type Keyed = (Row & { readonly key: string })[];

/** See the head of this file. */
export const tuned: RowSource = {
  personsByIdNumber: (keys) => list(sql<Row[]>`select ${person} from person where id_number = any(${keys as string[]})`),
  householdsByNo: (keys) => list(sql<Row[]>`select household_no as "householdNo", address from household where household_no = any(${keys as string[]})`),
  membersByHousehold: (keys) => children(sql<Keyed>`
    select k.key, m.* from unnest(${keys as string[]}::text[]) k(key) cross join lateral (select ${person} from person where household_no = k.key order by id limit 20) m`),
  certificatesByHolder: (keys) => children(sql<Keyed>`
    select k.key, c.* from unnest(${keys as string[]}::text[]) k(key) cross join lateral (
      select certificate_identifier as "certificateIdentifier", type_name as "typeName", certificate_number as "certificateNumber", issuing_authority_name as "issuingAuthorityName",
        valid_from as "validFrom", valid_to as "validTo", status from (select * from certificate where holder_person_keys @> array[k.key] offset 0) certificate order by id limit 20) c`),
  permitsByPerson: (keys) => children(sql<Keyed>`
    select k.key, x.* from unnest(${keys as string[]}::text[]) k(key) cross join lateral (
      select record_no as "recordNo", decision_name as "decisionName", decided_on as "decidedOn", valid_to as "validTo", status from credit_permit where counterparty_person_key = k.key order by id limit 20) x`),
  legalEntitiesAfter: (id, first) => list(sql<Row[]>`
    select id, uscc, name, entity_type_code as "entityTypeCode", category, status, legal_rep_name as "legalRepName", trim_scale(registered_capital)::text as "registeredCapital",
      industry_code as "industryCode", established_on as "establishedOn"
    from legal_entity where id > ${id} order by id limit ${first}`),
};
