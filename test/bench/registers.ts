/**
 * Registers of policy for the bench, beside the same records: in a schema of its own that stands before `public` in a server's
 * search path, so that two hubs serve one set of people under two sets of rights, and neither reads pages that the other does not.
 *
 * In `public` the bench's caller may have everything without condition. Where grants are wanted nothing is unconditional; the caller holds grants as a
 * county department does: some values plain, some masked, some bound to divisions or categories, all of it inside a territory that
 * holds everybody whom the workloads ask for, so that answers have the same rows. What is masked can be told from the open answer,
 * and is (`shownTo`): a server that hides too little or too much is not measured.
 */
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import * as policyTables from '../../src/db/policy-tables.ts';
import { catalogItem } from '../../src/db/tables.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { apiKeyDigest } from '../../src/identity/api-key.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { personKey } from '../../src/identity/person-key.ts';
import { maskNamed } from '../../src/sharing/mask.ts';
import type { MaskName } from '../../src/sharing/mask.ts';
import type { Bound, Use } from '../../src/sharing/terms.ts';
import { testKeys } from '../world/keys.ts';
import { benchKey, benchMatter } from './county.ts';
import { picker } from './workloads.ts';

/** What stands in one set of registers. */
export interface Registers {
  /** Its schema. */
  readonly schema: string;
  /** Whether the caller holds grants; otherwise it may have everything, as in `public`, but under the same cases. */
  readonly grants: boolean;
  /** Other consumers beside the one who asks, with a hundred tuples each. */
  readonly others: number;
  /** Sealed persons; none of them is asked for. */
  readonly seals: number;
}

/** A tuple as it is written down (see identity/policy-rows.ts). */
interface Tuple {
  readonly item: string;
  readonly uses: readonly Use[];
  readonly mask: MaskName | null;
  readonly bounds: readonly Bound[];
}

const written = ({ item, uses, mask, bounds }: Tuple) => ({ item, uses, mask, bounds, modes: ['QUERY', 'BATCH'], matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null });

/** What the caller is granted, by field; of every other field of these types, all of it. */
const asked = ['Person', 'Household', 'Certificate', 'CreditPermit', 'LegalEntity'];
const everyUse: readonly Use[] = ['read', 'find', 'key', 'exist', 'verify'];
const masksOf = { 'Person.idNumber': 'ID_NUMBER_STRICT', 'Person.name': 'NAME', 'Person.phone': 'PHONE', 'Household.address': 'ADDRESS_VILLAGE', 'LegalEntity.legalRepName': 'NAME' } as const satisfies Readonly<Record<string, MaskName>>;

/** Divisions and categories that the bounds name. */
interface Places {
  readonly residences: readonly string[];
  readonly domiciles: readonly string[];
  /** The caller's own township: there it sees telephone numbers whole. */
  readonly own: string;
  readonly categories: readonly string[];
}

/** A set of registers that is there. */
export interface Made {
  /** The address by which a server reads it. */
  readonly url: string;
  /** What its caller is shown of an open answer. */
  readonly shown: (answer: unknown) => unknown;
}

/** Makes a set of registers anew. */
export async function makeRegisters(url: string, { schema, grants, others, seals }: Registers): Promise<Made> {
  const within = new URL(url);
  within.searchParams.set('search_path', `${schema},public`);
  // Filled with this schema alone in the path: what is not in it must not be written to the open registers instead.
  const sql = postgres(url, { max: 1, onnotice: () => undefined, connection: { application_name: 'bench registers', search_path: schema } });
  try {
    const places = await sql.begin(async (tx) => {
      await copyTables(tx, schema);
      const found = await placesOf(tx);
      await tx`insert into department select * from public.department`;
      await tx`insert into catalog_item select * from public.catalog_item`;
      if (grants) await tx`update catalog_item set share_type = 'CONDITIONAL', key_share_type = null, condition = 'bench', open = false`;
      await tx`insert into consumer (code, name, department_code, territory) values ('bench', 'bench', '620623-ZS', ${JSON.stringify(grants ? [{ types: null, within: [
        { kind: 'division', by: 'RESIDENCE', codes: found.residences }, { kind: 'division', by: 'LOCATION', codes: found.domiciles }] }] : [])}::text::jsonb)`;
      await tx`insert into api_key (digest, consumer_code, created_at) values (${apiKeyDigest(benchKey)}, 'bench', '2026-01-01T00:00:00Z')`;
      await tx`insert into matter (code, name, department_code, needs_case) values (${benchMatter}, 'bench', '620623-ZS', false)`;
      if (grants) await tx`insert into sharing_grant (approval_no, consumer_code, tuples) values ('bench', 'bench', ${JSON.stringify(tuplesOfCaller(found).map(written))}::text::jsonb)`;
      await admitOthers(tx, others, found);
      await tx`insert into seal (code, person_key, because) select 'bench-' || n, 'sealed in the bench ' || n, 'bench' from generate_series(1, ${seals}::int) n`;
      await openCases(tx);
      return found;
    });
    await sql.unsafe(`analyze ${policyNames.map((name) => `${schema}.${name}`).join()}`);
    return { url: within.toString(), shown: (answer) => (grants ? shownTo(answer, places.own.replace(/0+$/, '')) : answer) };
  } finally {
    await sql.end();
  }
}

/** The number of a person's own case is this and his identity number. */
export const casePrefix = 'BENCH-';

const policyNames = [catalogItem, ...Object.values(policyTables)].flatMap((one) => (is(one, PgTable) ? [getTableName(one)] : []));

/** The tables of policy, empty, with the triggers that keep the log. */
async function copyTables(tx: postgres.TransactionSql, schema: string): Promise<void> {
  await tx.unsafe(`drop schema if exists ${schema} cascade`);
  await tx.unsafe(`create schema ${schema}`);
  for (const name of policyNames) await tx.unsafe(`create table ${schema}.${name} (like public.${name} including all)`);
  const triggers = await tx<{ made: string; name: string }[]>`
    select pg_get_triggerdef(t.oid) as made, c.relname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal and c.relname = any(${policyNames}) and c.relnamespace = 'public'::regnamespace`;
  for (const { made, name } of triggers) await tx.unsafe(made.replace(` ON public.${name} `, ` ON ${schema}.${name} `));
}

async function placesOf(tx: postgres.TransactionSql): Promise<Places> {
  const codes = async (column: string, length: number, table: string): Promise<string[]> => (await tx<{ code: string }[]>`select left(${tx(column)}, ${length}::int) as code from ${tx(table)} where ${tx(column)} is not null group by 1 order by count(*) desc`).map(({ code }) => code);
  const divisions = async (column: string, length: number, table: string): Promise<string[]> => (await codes(column, length, table)).map((code) => code.padEnd(12, '0'));
  const [own = ''] = await divisions('registered_division_code', 9, 'public.person');
  return { residences: await divisions('residence_division_code', 6, 'public.person'), domiciles: await divisions('domicile_division_code', 6, 'public.legal_entity'), own, categories: await codes('category', 2, 'public.legal_entity') };
}

const { contract } = buildSchema(() => true);

/** All items of a type. */
function itemsOf(type: string): readonly string[] {
  const declared = contract.types.get(type);
  return declared === undefined ? [] : [declared.existsItem, ...[...declared.fields.values()].flatMap(({ items }) => items)];
}

/** The item of a field, by `Type.field`. */
function itemAt(at: string): string {
  const [type = '', field = ''] = at.split('.');
  return contract.types.get(type)?.fields.get(field)?.items[0] ?? '';
}

function tuplesOfCaller({ residences, domiciles, own, categories }: Places): readonly Tuple[] {
  const bounds: Readonly<Record<string, Bound>> = {
    'Person.birthDate': { kind: 'division', by: 'RESIDENCE', codes: residences }, 'Person.householdNo': { kind: 'division', by: 'RESIDENCE', codes: residences },
    'LegalEntity.industryCode': { kind: 'division', by: 'LOCATION', codes: domiciles }, 'LegalEntity.registeredCapital': { kind: 'category', codes: categories },
  };
  const tuples = new Map<string, readonly Tuple[]>();
  for (const item of asked.flatMap(itemsOf)) tuples.set(item, [{ item, uses: everyUse, mask: null, bounds: [] }]);
  const at = (field: string, own: readonly Omit<Tuple, 'item'>[]) => void tuples.set(itemAt(field), own.map((one) => ({ item: itemAt(field), ...one })));
  for (const [field, bound] of Object.entries(bounds)) at(field, [{ uses: everyUse, mask: null, bounds: [bound] }]);
  for (const [field, mask] of Object.entries(masksOf)) at(field, [{ uses: ['read'], mask, bounds: [] }, { uses: ['key', 'exist', 'verify'], mask: null, bounds: [] }]);
  const phone = itemAt('Person.phone');
  tuples.set(phone, [...(tuples.get(phone) ?? []), { item: phone, uses: ['read'], mask: null, bounds: [{ kind: 'division', by: 'REGISTRATION', codes: [own] }] }]);
  return [...tuples.values()].flat();
}

/** Each with a key and a hundred tuples, every third of which is bounded. */
async function admitOthers(tx: postgres.TransactionSql, others: number, { residences }: Places): Promise<void> {
  const items = (await tx<{ code: string }[]>`select code from catalog_item order by code`).map(({ code }) => code);
  const pick = picker(2000);
  const inside: readonly Bound[] = [{ kind: 'division', by: 'RESIDENCE', codes: residences }];
  const rows = Array.from({ length: others }, (_, n) => ({
    code: `other-${n}`, key: apiKeyDigest(`${benchKey}-${n}`),
    tuples: JSON.stringify(Array.from({ length: 100 }, (__, index) => written({ item: items[pick(items.length)] ?? '', uses: everyUse, mask: null, bounds: index % 3 === 0 ? inside : [] }))),
  }));
  const [codes, keys, tuples] = [rows.map(({ code }) => code), rows.map(({ key }) => key), rows.map((row) => row.tuples)];
  await tx`insert into consumer (code, name, department_code) select code, code, '620623-ZS' from unnest(${codes}::text[]) code`;
  await tx`insert into api_key (digest, consumer_code, created_at) select r.digest, r.code, '2026-01-01T00:00:00Z' from unnest(${keys}::text[], ${codes}::text[]) r(digest, code)`;
  await tx`insert into sharing_grant (approval_no, consumer_code, tuples) select r.code, r.code, r.tuples::jsonb from unnest(${codes}::text[], ${tuples}::text[]) r(code, tuples)`;
}

/** A case of everybody whom the workloads ask for, about him and the members of his household. */
async function openCases(tx: postgres.TransactionSql): Promise<void> {
  await tx`create temporary table asked on commit drop as select gen_random_uuid() as id, p.id_number, p.person_key, p.household_no from public.person p
    where p.person_key in (select person_key from public.bench_subject) or p.id_number in (select id_number from public.person where id_number is not null order by md5(id_number) limit 40000)`;
  await tx`insert into service_case (id, matter_code, case_no, opened_by, opened_at, deadline) select id, ${benchMatter}, ${casePrefix}::text || id_number, 'bench', '2026-01-01T00:00:00Z', '2099-12-31' from asked`;
  await tx`insert into case_subject (case_id, subject_key, relation)
    select a.id, m.person_key, case when m.person_key = a.person_key then 'SUBJECT' else 'HOUSEHOLD' end from asked a join public.person m on m.household_no = a.household_no or m.person_key = a.person_key`;
  // The bench's SQL makes keys of its own; what the hub makes of an identity number must be in the case as well.
  const people = await tx<{ id: string; idNumber: string }[]>`select id, id_number as "idNumber" from asked where id_number is not null`;
  const keys = keyProviderOf(testKeys);
  await tx`insert into case_subject (case_id, subject_key, relation)
    select r.id, r.key, 'SUBJECT' from unnest(${people.map(({ id }) => id)}::uuid[], ${people.map(({ idNumber }) => personKey(keys, idNumber))}::text[]) r(id, key) on conflict do nothing`;
}

type Fields = Readonly<Record<string, unknown>>;

/** What the granted caller is shown of an open answer. */
function shownTo(answer: unknown, own: string): unknown {
  if (Array.isArray(answer)) return answer.map((one) => shownTo(one, own));
  if (typeof answer !== 'object' || answer === null) return answer;
  const fields = answer as Fields;
  const type = 'uscc' in fields ? 'LegalEntity' : 'address' in fields ? 'Household' : 'Person';
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => {
    const at = `${type}.${name}`;
    if (typeof value !== 'string' || !(at in masksOf)) return [name, shownTo(value, own)];
    const whole = at === 'Person.phone' && String(fields['registeredDivisionCode']).startsWith(own);
    return [name, whole ? value : maskNamed(masksOf[at as keyof typeof masksOf]).apply(value)];
  }));
}
