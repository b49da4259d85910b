/**
 * The schema of the resolver peers, with the hub's names, and their resolvers: one DataLoader for each edge and request, one
 * prepared statement for each batch, only the columns that the schema has. Honest work of the usual kind.
 */
import type postgres from 'postgres';
import { client, peer } from './child.ts';

/** The SDL that both peers serve. */
export const typeDefs = /* GraphQL */ `
  type Query { person(idNumber: String!): Person  persons(idNumbers: [String!]!): [Person]!  legalEntities(first: Int! = 50, after: ID): LegalEntityConnection! }
  type Person { idNumber: String name: String genderCode: String ethnicityCode: String birthDate: String nationalityCode: String registeredDivisionCode: String
    householdNo: String personStatus: String phone: String relationToHeadCode: String
    household: Household certificates: CertificateConnection creditPermits: CreditPermitConnection }
  type PersonConnection { nodes: [Person!]! }
  type Household { householdNo: String address: String members: PersonConnection }
  type Certificate { certificateIdentifier: String typeName: String certificateNumber: String issuingAuthorityName: String validFrom: String validTo: String status: String }
  type CertificateConnection { nodes: [Certificate!]! }
  type CreditPermit { recordNo: String decisionName: String decidedOn: String validTo: String status: String }
  type CreditPermitConnection { nodes: [CreditPermit!]! }
  type LegalEntity { id: ID! uscc: String name: String entityTypeCode: String category: String status: String legalRepName: String registeredCapital: String industryCode: String establishedOn: String }
  type LegalEntityConnection { nodes: [LegalEntity!]! }
`;

type Row = Readonly<Record<string, string | null>>;

interface Loader<V> {
  load(key: string): Promise<V>;
  loadMany(keys: readonly string[]): Promise<(V | Error)[]>;
}

type DataLoader = new <V>(batch: (keys: readonly string[]) => Promise<V[]>, options?: { maxBatchSize?: number }) => Loader<V>;

/** What a request carries. */
export interface Loaders {
  readonly personByIdNumber: Loader<Row | null>;
  readonly householdByNo: Loader<Row | null>;
  readonly membersByHousehold: Loader<readonly Row[]>;
  readonly certificatesByHolder: Loader<readonly Row[]>;
  readonly permitsByPerson: Loader<readonly Row[]>;
}

const { default: DataLoader } = await peer<{ default: DataLoader }>('dataloader');

/** A client with four connections: the best of 1, 2, 4 and 8 for these servers. */
export const sql = client(4, 'resolvers');

const person = sql`id_number as "idNumber", person_key as "personKey", name, gender_code as "genderCode", ethnicity_code as "ethnicityCode", birth_date as "birthDate", nationality_code as "nationalityCode",
  registered_division_code as "registeredDivisionCode", household_no as "householdNo", person_status as "personStatus", phone, relation_to_head_code as "relationToHeadCode"`;

/** Rows in the order of the keys that they were asked by. */
function inOrder(keys: readonly string[], rows: readonly Row[], by: string): (Row | null)[] {
  const found = new Map(rows.map((row) => [row[by], row]));
  return keys.map((key) => found.get(key) ?? null);
}

function grouped(keys: readonly string[], rows: readonly Row[]): (readonly Row[])[] {
  const found = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) found.get(row['key'] ?? '')?.push(row);
  return keys.map((key) => found.get(key) ?? []);
}

const rowsOf = (query: postgres.PendingQuery<Row[]>): Promise<readonly Row[]> => query.then((rows) => rows);

/** Fresh loaders, one set for each request. */
export function loaders(): Loaders {
  return {
    personByIdNumber: new DataLoader(async (keys) => inOrder(keys, await rowsOf(sql<Row[]>`select ${person} from person where id_number = any(${keys as string[]})`), 'idNumber')),
    householdByNo: new DataLoader(async (keys) => inOrder(keys, await rowsOf(sql<Row[]>`select household_no as "householdNo", address from household where household_no = any(${keys as string[]})`), 'householdNo')),
    membersByHousehold: new DataLoader(async (keys) => grouped(keys, await rowsOf(sql<Row[]>`
      select k.key, m.* from unnest(${keys as string[]}::text[]) k(key) cross join lateral (select ${person} from person where household_no = k.key order by id limit 20) m`))),
    certificatesByHolder: new DataLoader(async (keys) => grouped(keys, await rowsOf(sql<Row[]>`
      select k.key, c.* from unnest(${keys as string[]}::text[]) k(key) cross join lateral (
        select certificate_identifier as "certificateIdentifier", type_name as "typeName", certificate_number as "certificateNumber", issuing_authority_name as "issuingAuthorityName",
          valid_from as "validFrom", valid_to as "validTo", status from (select * from certificate where holder_person_keys @> array[k.key] offset 0) certificate order by id limit 20) c`))),
    permitsByPerson: new DataLoader(async (keys) => grouped(keys, await rowsOf(sql<Row[]>`
      select k.key, x.* from unnest(${keys as string[]}::text[]) k(key) cross join lateral (
        select record_no as "recordNo", decision_name as "decisionName", decided_on as "decidedOn", valid_to as "validTo", status from credit_permit where counterparty_person_key = k.key order by id limit 20) x`))),
  };
}

type Resolver = (parent: Row, args: Readonly<Record<string, unknown>>, context: Loaders) => unknown;
const nodes = async (rows: Promise<readonly Row[]>) => ({ nodes: await rows });

export const resolvers: Readonly<Record<string, Readonly<Record<string, Resolver>>>> = {
  Query: {
    person: (_root, { idNumber }, context) => context.personByIdNumber.load(String(idNumber)),
    persons: (_root, { idNumbers }, context) => context.personByIdNumber.loadMany(idNumbers as string[]),
    legalEntities: (_root, { first, after }) => nodes(rowsOf(sql<Row[]>`
      select id, uscc, name, entity_type_code as "entityTypeCode", category, status, legal_rep_name as "legalRepName", trim_scale(registered_capital)::text as "registeredCapital",
        industry_code as "industryCode", established_on as "establishedOn"
      from legal_entity where id > ${(after as string | undefined) ?? '00000000-0000-0000-0000-000000000000'} order by id limit ${first as number}`)),
  },
  Person: {
    household: ({ householdNo }, _args, context) => (householdNo ? context.householdByNo.load(householdNo) : null),
    certificates: ({ personKey }, _args, context) => nodes(context.certificatesByHolder.load(personKey ?? '')),
    creditPermits: ({ personKey }, _args, context) => nodes(context.permitsByPerson.load(personKey ?? '')),
  },
  Household: { members: ({ householdNo }, _args, context) => nodes(context.membersByHousehold.load(householdNo ?? '')) },
};
