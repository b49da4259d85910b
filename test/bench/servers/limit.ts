/**
 * The physical limit: a bare `node:http` handler and hand-written SQL, prepared, nothing judged, nothing parsed.
 *
 * Two ways, side by side: `/json/…` passes PostgreSQL's JSON through; `/rows/…` fetches flat rows and writes the JSON in Node
 * with writers generated from the column names. For each workload the better one counts.
 */
import { createServer } from 'node:http';
import type { WorkloadName } from '../workloads.ts';
import { client, endWithParent, ready } from './child.ts';
import { writer } from './row-writer.ts';

endWithParent();
const points = client(2, 'limit points');
const lists = client(4, 'limit lists');

type Answer = (value: string) => Promise<string>;

const person10 = `id_number as "idNumber", name, gender_code as "genderCode", ethnicity_code as "ethnicityCode", birth_date as "birthDate", nationality_code as "nationalityCode",
  registered_division_code as "registeredDivisionCode", household_no as "householdNo", person_status as "personStatus", phone`;
const certificate7 = `certificate_identifier as "certificateIdentifier", type_name as "typeName", certificate_number as "certificateNumber", issuing_authority_name as "issuingAuthorityName", valid_from as "validFrom", valid_to as "validTo", status`;
const certificate4 = `certificate_identifier as "certificateIdentifier", type_name as "typeName", valid_to as "validTo", status`;
const permit5 = `record_no as "recordNo", decision_name as "decisionName", decided_on as "decidedOn", valid_to as "validTo", status`;
const entity10 = `id, uscc, name, entity_type_code as "entityTypeCode", category, status, legal_rep_name as "legalRepName", trim_scale(registered_capital)::text as "registeredCapital", industry_code as "industryCode", established_on as "establishedOn"`;

/**
 * Rows of a condition, then their order: `offset 0` keeps the planner from walking the primary key in search of twenty rows
 * that hold a person, which it believes to be common (array containment has no statistics of its own here).
 */
const fenced = (table: string, condition: string): string => `(select * from ${table} where ${condition} offset 0) ${table}`;

/** A list of up to 20 rows in the order of their ids, as a connection. */
const nodes = (columns: string, from: string): string =>
  `(select row_to_json(c) from (select coalesce(json_agg(row_to_json(node)), '[]'::json) as nodes from (select ${columns} from ${from} order by id limit 20) node) c)`;

const w2Json = `select row_to_json(o)::text as j from (select p.id_number as "idNumber", p.name, p.birth_date as "birthDate",
  (select row_to_json(h) from (select h.household_no as "householdNo", h.address,
    ${nodes('m.id_number as "idNumber", m.name, m.relation_to_head_code as "relationToHeadCode", m.birth_date as "birthDate"', 'person m where m.household_no = h.household_no')} as members
    from household h where h.household_no = p.household_no) h) as household,
  ${nodes(certificate7, fenced('certificate', 'holder_person_keys @> array[p.person_key]'))} as certificates,
  ${nodes(permit5, 'credit_permit where counterparty_person_key = p.person_key')} as "creditPermits"
  from person p where p.id_number = $1) o`;

const w3Json = `select json_agg(f.j order by k.n)::text as j from unnest($1::text[]) with ordinality k(key, n) left join lateral (
  select row_to_json(o) as j from (select p.id_number as "idNumber", p.name, p.birth_date as "birthDate",
    ${nodes(certificate4, fenced('certificate', 'holder_person_keys @> array[p.person_key]'))} as certificates
    from person p where p.id_number = k.key) o) f on true`;

const w4Rows = `select ${entity10} from legal_entity where id > $1::uuid order by id limit 1000`;

async function text(sql: typeof points, statement: string, value: string | readonly string[]): Promise<string> {
  const [row] = await sql.unsafe<{ j: string | null }[]>(statement, [value as string], { prepare: true });
  return row?.j ?? 'null';
}

const json: Readonly<Record<WorkloadName, Answer>> = {
  W1: async (key) => `{"data":{"person":${await text(points, `select row_to_json(o)::text as j from (select ${person10} from person where id_number = $1) o`, key)}}}`,
  W2: async (key) => `{"data":{"person":${await text(points, w2Json, key)}}}`,
  W3: async (keys) => `{"data":{"persons":${await text(lists, w3Json, keys.split(','))}}}`,
  W4: async (after) => `{"data":{"legalEntities":{"nodes":${await text(lists, `select json_agg(row_to_json(e))::text as j from (${w4Rows}) e`, after)}}}}`,
};

type Cells = readonly (string | null)[];

async function cells(sql: typeof points, statement: string, value: string | readonly string[]): Promise<readonly Cells[]> {
  return (await sql.unsafe(statement, [value as string], { prepare: true }).values()) as unknown as readonly Cells[];
}

const writePerson = writer(['idNumber', 'name', 'genderCode', 'ethnicityCode', 'birthDate', 'nationalityCode', 'registeredDivisionCode', 'householdNo', 'personStatus', 'phone']);
const writeMember = writer(['idNumber', 'name', 'relationToHeadCode', 'birthDate']);
const writeCertificate7 = writer(['certificateIdentifier', 'typeName', 'certificateNumber', 'issuingAuthorityName', 'validFrom', 'validTo', 'status']);
const writeCertificate4 = writer(['certificateIdentifier', 'typeName', 'validTo', 'status'], 3);
const writePermit = writer(['recordNo', 'decisionName', 'decidedOn', 'validTo', 'status']);
const writeEntity = writer(['id', 'uscc', 'name', 'entityTypeCode', 'category', 'status', 'legalRepName', 'registeredCapital', 'industryCode', 'establishedOn']);
const writeHead = writer(['idNumber', 'name', 'birthDate']);
const writeHousehold = writer(['householdNo', 'address'], 3);

function list(rows: readonly Cells[], write: (row: Cells) => string): string {
  let written = '{"nodes":[';
  for (let index = 0; index < rows.length; index += 1) written += (index === 0 ? '' : ',') + write(rows[index] as Cells);
  return `${written}]}`;
}

/** `{…}` with further entries before its end. */
const open = (object: string): string => object.slice(0, -1);

const rows: Readonly<Record<WorkloadName, Answer>> = {
  W1: async (key) => {
    const [row] = await cells(points, `select ${person10} from person where id_number = $1`, key);
    return `{"data":{"person":${row ? writePerson(row) : 'null'}}}`;
  },
  W2: async (key) => {
    const [[head], members, certificates, permits] = await Promise.all([
      cells(points, 'select p.id_number, p.name, p.birth_date, h.household_no, h.address from person p left join household h using (household_no) where p.id_number = $1', key),
      cells(points, 'select m.id_number, m.name, m.relation_to_head_code, m.birth_date from person p join person m using (household_no) where p.id_number = $1 order by m.id limit 20', key),
      cells(points, `select ${certificate7} from ${fenced('certificate', 'holder_person_keys @> array[(select person_key from person where id_number = $1)]')} order by id limit 20`, key),
      cells(points, `select ${permit5} from credit_permit where counterparty_person_key = (select person_key from person where id_number = $1) order by id limit 20`, key),
    ]);
    if (head === undefined) return '{"data":{"person":null}}';
    const household = head[3] === null ? 'null' : `${open(writeHousehold(head))},"members":${list(members, writeMember)}}`;
    return `{"data":{"person":${open(writeHead(head))},"household":${household},"certificates":${list(certificates, writeCertificate7)},"creditPermits":${list(permits, writePermit)}}}}`;
  },
  W3: async (keys) => {
    const found = await cells(lists, `select p.id_number, p.name, p.birth_date, c.* from unnest($1::text[]) with ordinality k(key, n) join person p on p.id_number = k.key
      left join lateral (select ${certificate4} from ${fenced('certificate', 'holder_person_keys @> array[p.person_key]')} order by id limit 20) c on true order by k.n`, keys.split(','));
    let written = '';
    for (let index = 0; index < found.length; index += 1) {
      const row = found[index] as Cells;
      if (index === 0 || found[index - 1]?.[0] !== row[0]) written += `${index === 0 ? '' : ']}},'}${open(writeHead(row))},"certificates":{"nodes":[`;
      else written += ',';
      if (row[3] !== null) written += writeCertificate4(row);
    }
    return `{"data":{"persons":[${written}${found.length > 0 ? ']}}' : ''}]}}`;
  },
  W4: async (after) => `{"data":{"legalEntities":${list(await cells(lists, w4Rows, after), writeEntity)}}}`,
};

const ways: Readonly<Record<string, Readonly<Record<string, Answer>>>> = { json, rows };

const server = createServer((request, response) => {
  const [, way = '', rest = ''] = (request.url ?? '').split('/');
  const at = rest.indexOf('?');
  const answer = ways[way]?.[rest.slice(0, at)];
  if (answer === undefined) {
    response.writeHead(404).end();
    return;
  }
  answer(rest.slice(at + 1)).then(
    (body) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port));
