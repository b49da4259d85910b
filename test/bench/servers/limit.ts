/**
 * The physical limit: a bare `node:http` handler and hand-written SQL, prepared, nothing judged, nothing parsed.
 *
 * Two ways, side by side: `/json/…` passes PostgreSQL's JSON through, a list's as the bytes that came; `/rows/…` fetches flat rows
 * and writes the JSON in Node with writers generated from the column names. For each workload the better one counts.
 *
 * With BENCH_AUDIT=on each answer waits for the same record that the hub's waits for, written by the hub's own writer: the statements
 * then tell whose data they read and which certificates, as the hub's do.
 */
import { createServer } from 'node:http';
import type { WorkloadName } from '../workloads.ts';
import { client, databaseUrl, endWithParent, ready } from './child.ts';
import { limitAudit } from './limit-audit.ts';
import { writer } from './row-writer.ts';

endWithParent();
const points = client(2, 'limit points');
const lists = client(4, 'limit lists');
const audited = process.env['BENCH_AUDIT'] === 'on';
const parting = `e'\\x1f'`;

/** The answer's text or its UTF-8; where the audit is on, the keys of whom it is about, parted by U+001F, and the ids of its certificates, parted by blanks. */
interface Answered {
  readonly text: string | Buffer;
  readonly keys: string | null;
  readonly certificates?: string | null;
  readonly rows: number;
}

type Answer = (value: string) => Promise<Answered>;

/** A column with keys. */
const keys = (column: string): string => (audited ? `, ${column} as s` : '');

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

/** The same of certificates: a row of `nodes`, and where the audit is on of their `ids`. */
const certificates = (columns: string): string => {
  const found = fenced('certificate', 'holder_person_keys @> array[p.person_key]');
  if (!audited) return `(select coalesce(json_agg(row_to_json(node)), '[]'::json) as nodes from (select ${columns} from ${found} order by id limit 20) node)`;
  return `(select coalesce(json_agg(o.node), '[]'::json) as nodes, string_agg(o.id::text, ' ') as ids from (select (select row_to_json(shown) from (select ${columns}) shown) as node, id from ${found} order by id limit 20) o)`;
};

/** A column with their ids. */
const ids = (column: string): string => (audited ? `, ${column} as c` : '');

/** Members of the household beside the person himself, who may be none of them. */
const householdKeys = `concat_ws(${parting}, p.person_key, (select string_agg(m.person_key, ${parting}) from person m where m.household_no = p.household_no))`;

const w2Json = `select (select row_to_json(o) from (select p.id_number as "idNumber", p.name, p.birth_date as "birthDate",
  (select row_to_json(h) from (select h.household_no as "householdNo", h.address,
    ${nodes('m.id_number as "idNumber", m.name, m.relation_to_head_code as "relationToHeadCode", m.birth_date as "birthDate"', 'person m where m.household_no = h.household_no')} as members
    from household h where h.household_no = p.household_no) h) as household,
  (select row_to_json(c) from (select held.nodes) c) as certificates,
  ${nodes(permit5, 'credit_permit where counterparty_person_key = p.person_key')} as "creditPermits") o)::text as j${keys(householdKeys)}${ids('held.ids')}
  from person p left join lateral ${certificates(certificate7)} held on true where p.id_number = $1`;

const w3Json = `select json_agg(f.j order by k.n)::text as j${keys(`string_agg(f.s, ${parting})`)}${ids(`string_agg(f.c, ' ')`)} from unnest($1::text[]) with ordinality k(key, n) left join lateral (
  select (select row_to_json(o) from (select p.id_number as "idNumber", p.name, p.birth_date as "birthDate",
    (select row_to_json(c) from (select held.nodes) c) as certificates) o) as j${keys('p.person_key')}${ids('held.ids')}
    from person p left join lateral ${certificates(certificate4)} held on true where p.id_number = k.key) f on true`;

const w4Rows = `select ${entity10}${keys('legal_rep_person_key')} from legal_entity where id > $1::uuid order by id limit 1000`;

type Told = Omit<Answered, 'text' | 'rows'> & { readonly text: string };

async function text(sql: typeof points, statement: string, value: string | readonly string[]): Promise<Told> {
  const [row] = await sql.unsafe<{ j: string | null; s?: string | null; c?: string | null }[]>(statement, [value as string], { prepare: true });
  return { text: row?.j ?? 'null', keys: row?.s ?? null, certificates: row?.c ?? null };
}

/** The answer around what came for a list, which is only passed on. */
async function bytes(before: string, statement: string, value: string | readonly string[], after: string, rows: number): Promise<Answered> {
  const [row] = await lists.unsafe(statement, [value as string], { prepare: true }).raw() as unknown as readonly (readonly (Buffer | null)[])[];
  return { text: Buffer.concat([Buffer.from(before), row?.[0] ?? Buffer.from('null'), Buffer.from(after)]), keys: row?.[1]?.toString() ?? null, certificates: row?.[2]?.toString() ?? null, rows };
}

/** The answer around a text. */
async function around(before: string, found: Promise<Told>, after: string): Promise<Answered> {
  const { text: own, ...told } = await found;
  return { text: before + own + after, ...told, rows: 1 };
}

const w1Json = `select (select row_to_json(o) from (select ${person10}) o)::text as j${keys('person_key')} from person where id_number = $1`;
// A row's JSON holds no key.
const w4Json = audited
  ? `select json_agg((select row_to_json(o) from (select ${['id', 'uscc', 'name', 'entityTypeCode', 'category', 'status', 'legalRepName', 'registeredCapital', 'industryCode', 'establishedOn'].map((name) => `e."${name}"`).join()}) o))::text as j, string_agg(e.s, ${parting}) as s from (${w4Rows}) e`
  : `select json_agg(row_to_json(e))::text as j from (${w4Rows}) e`;

const json: Readonly<Record<WorkloadName, Answer>> = {
  W1: (key) => around('{"data":{"person":', text(points, w1Json, key), '}}'),
  W2: (key) => around('{"data":{"person":', text(points, w2Json, key), '}}'),
  W3: (asked) => bytes('{"data":{"persons":', w3Json, asked.split(','), '}}', 100),
  W4: (after) => bytes('{"data":{"legalEntities":{"nodes":', w4Json, after, '}}}', 1000),
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
    const [row] = await cells(points, `select ${person10}${keys('person_key')} from person where id_number = $1`, key);
    return { text: `{"data":{"person":${row ? writePerson(row) : 'null'}}}`, keys: row?.[10] ?? null, rows: 1 };
  },
  W2: async (key) => {
    const [[head], members, held, permits] = await Promise.all([
      cells(points, `select p.id_number, p.name, p.birth_date, h.household_no, h.address${keys('p.person_key')} from person p left join household h using (household_no) where p.id_number = $1`, key),
      cells(points, `select m.id_number, m.name, m.relation_to_head_code, m.birth_date${keys('m.person_key')} from person p join person m using (household_no) where p.id_number = $1 order by m.id limit 20`, key),
      cells(points, `select ${certificate7}${ids('id')} from ${fenced('certificate', 'holder_person_keys @> array[(select person_key from person where id_number = $1)]')} order by id limit 20`, key),
      cells(points, `select ${permit5} from credit_permit where counterparty_person_key = (select person_key from person where id_number = $1) order by id limit 20`, key),
    ]);
    if (head === undefined) return { text: '{"data":{"person":null}}', keys: null, rows: 0 };
    const household = head[3] === null ? 'null' : `${open(writeHousehold(head))},"members":${list(members, writeMember)}}`;
    return {
      text: `{"data":{"person":${open(writeHead(head))},"household":${household},"certificates":${list(held, writeCertificate7)},"creditPermits":${list(permits, writePermit)}}}}`,
      keys: audited ? joined([head[5], ...members.map((row) => row[4])]) : null, certificates: audited ? held.map((row) => row[7]).join(' ') : null, rows: 1,
    };
  },
  W3: async (asked) => {
    const found = await cells(lists, `select p.id_number, p.name, p.birth_date, held.*${keys('p.person_key')} from unnest($1::text[]) with ordinality k(key, n) join person p on p.id_number = k.key
      left join lateral (select ${certificate4}${ids('id')} from ${fenced('certificate', 'holder_person_keys @> array[p.person_key]')} order by id limit 20) held on true order by k.n`, asked.split(','));
    let written = '';
    const told: (string | null | undefined)[] = [];
    const held: (string | null | undefined)[] = [];
    for (let index = 0; index < found.length; index += 1) {
      const row = found[index] as Cells;
      if (index === 0 || found[index - 1]?.[0] !== row[0]) {
        written += `${index === 0 ? '' : ']}},'}${open(writeHead(row))},"certificates":{"nodes":[`;
        told.push(row[8]);
      } else written += ',';
      if (row[3] === null) continue;
      written += writeCertificate4(row);
      held.push(row[7]);
    }
    return { text: `{"data":{"persons":[${written}${found.length > 0 ? ']}}' : ''}]}}`, keys: audited ? joined(told) : null, certificates: audited ? held.join(' ') : null, rows: told.length };
  },
  W4: async (after) => {
    const found = await cells(lists, w4Rows, after);
    return { text: `{"data":{"legalEntities":${list(found, writeEntity)}}}`, keys: audited ? joined(found.map((row) => row[10])) : null, rows: found.length };
  },
};

function joined(told: readonly (string | null | undefined)[]): string {
  return told.filter((key) => typeof key === 'string').join('\u001f');
}

const ways: Readonly<Record<string, Readonly<Record<string, Answer>>>> = { json, rows };

/** What the hub's writer is told by the hub's lane for look-ups. */
const lookups = { running: 0 };
const written = audited ? await limitAudit(databaseUrl, lookups) : null;

const server = createServer((request, response) => {
  const [, way = '', rest = ''] = (request.url ?? '').split('/');
  const at = rest.indexOf('?');
  const answer = ways[way]?.[rest.slice(0, at)];
  if (answer === undefined) {
    response.writeHead(404).end();
    return;
  }
  const name = rest.slice(0, at) as WorkloadName;
  const value = rest.slice(at + 1);
  const counts = name === 'W1' || name === 'W2' ? 1 : 0;
  lookups.running += counts;
  answer(value).finally(() => { lookups.running -= counts; }).then(async ({ text: body, ...told }) => {
    await written?.(name, value, body, told);
    return body;
  }).then(
    (body) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port));
