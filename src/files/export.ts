/**
 * `hub export`: the records of one type as a given consumer may have them, through the same asks, plan and statement as its queries.
 *
 * A page at a time, by cursor, so that memory stays flat. What the plan withholds is no column of the file and is named to the caller.
 * Types that nobody browses are refused, except to a department that has supplied rows of them, and then only those rows. An export
 * can be imported again: rows that the consumer's own department supplied carry its key of each.
 */
import type { Database } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { compile } from '../query/compile.ts';
import type { ReadyJson } from '../query/ready-json.ts';
import { run } from '../query/run.ts';
import type { Output, PageNode, Run, Tree } from '../query/tree.ts';
import type { Contract, LeafField, Lookup, RecordType } from '../registries/contract.ts';
import type { Standing } from '../identity/standing.ts';
import { planOf } from '../sharing/plan.ts';
import type { Plan, Withheld } from '../sharing/plan.ts';
import { both, isNowhere, rowsOf } from '../sharing/rows.ts';
import type { Ask, Consumer } from '../sharing/terms.ts';
import type { Standpoint } from '../sharing/verdict.ts';
import { csvWriter, geojsonWriter, jsonlWriter } from './export-formats.ts';
import type { ExportFormat, ExportWriter } from './export-formats.ts';

const rowsAtOnce = 1000;

/** What to export, to whom. */
export interface ExportOptions {
  readonly type: RecordType;
  /** Code of the consumer, a department's application. */
  readonly consumer: string;
  readonly format: ExportFormat;
  readonly contract: Contract;
  readonly standing: Standing;
  /** The purpose: code of the matter; null: none, and no personal item. */
  readonly matter: string | null;
  readonly database: Pick<Database, 'sql' | 'lists' | 'points'>;
  readonly today: string;
  readonly now: string;
  /** Takes the text piece by piece; what it returns is waited for. */
  readonly write: (text: string) => Promise<void> | void;
  /** Hears of what the file leaves out, once, before the first row. */
  readonly onWithheld?: (withheld: readonly Withheld[]) => void;
  readonly onProgress?: (rows: number) => void;
  /** Hears of each page before it is written, and is waited for. */
  readonly onPage?: (page: ExportedPage) => Promise<void>;
}

/** What one page of an export holds. */
export interface ExportedPage {
  readonly rows: number;
  /** Items of the type that are in it, and what the plan withholds. */
  readonly items: readonly string[];
  readonly withheld: readonly Withheld[];
  /** `person_key`s of everybody whom its records are about. */
  readonly subjects: readonly string[];
  /** Its text, where its records are about nobody. */
  readonly reference: readonly ReadyJson[];
}

/** Writes the export; gives the number of rows. */
export async function exportRecords(options: ExportOptions): Promise<number> {
  const { type, contract, database } = options;
  const caller = consumerOf(options);
  // A derived value is computed anew wherever it is asked for; as a column of a file it would come back as a claim.
  const leaves = [...type.fields.values()].filter((field): field is LeafField => field.kind === 'leaf' && field.derived === null);
  const root = { root: `export${type.name}`, by: 'PAGE', type: type.name, argument: null } satisfies Lookup;
  const at = `Query.${root.root}`;
  const asks: Ask[] = [
    { item: type.existsItem, use: 'exist', at },
    ...leaves.flatMap((field) => field.items.map((item): Ask => ({ item, use: 'read', at: `${type.name}.${field.name}` }))),
  ];
  const judged = planOf(asks, standpointOf(options, caller), contract.itemsOfTypes);
  const supplies = await hasSupplied(database, type, caller);
  const plan = type.model.browsable ? judged : ownRowsOnly(judged, at, type, caller, supplies);
  if (isNowhere(plan.rows(at, 'exist')) || isNowhere(plan.existence(type.name))) {
    throw new HubError('FORBIDDEN', `${caller.name} may not know of any ${type.name} record: ${plan.withheld(at)?.because ?? 'no item of it is shared with this department'}`);
  }
  const shown = leaves.filter((field) => plan.shown(`${type.name}.${field.name}`).length > 0);
  const withheld = leaves.flatMap((field) => plan.withheld(`${type.name}.${field.name}`) ?? []);
  options.onWithheld?.(withheld);
  const items = [...new Set([type.existsItem, ...shown.flatMap((field) => field.items)])];

  const writer = writerFor(options, shown, supplies);
  await options.write(writer.begin());
  let rows = 0;
  for (let after: string | null = null; ;) {
    const { nodes, ...told }: Page = await pageOf(options, root, at, shown, plan, after);
    await options.onPage?.({ ...told, rows: nodes.length, items, withheld });
    const keys = supplies ? await sourceKeys(database, type, caller, nodes) : new Map<string, string>();
    if (nodes.length > 0) await options.write(nodes.map((node) => writer.row(node, keys.get(node['id'] as string))).join(''));
    rows += nodes.length;
    options.onProgress?.(rows);
    const last = nodes.at(-1)?.['id'];
    if (nodes.length < rowsAtOnce || typeof last !== 'string') break;
    after = last;
  }
  await options.write(writer.end());
  return rows;
}

type Node = Readonly<Record<string, unknown>>;
type Page = Pick<ExportedPage, 'subjects' | 'reference'> & { readonly nodes: readonly Node[] };

function consumerOf({ standing, consumer }: ExportOptions): Consumer {
  const found = standing.consumer(consumer);
  if (found === undefined) throw new HubError('BAD_INPUT', `There is no consumer ${consumer}; keys register makes one.`);
  return found;
}

/** An export is taken in lists: under the tuples that allow them, for the matter that it is for. */
function standpointOf({ standing, matter, now }: ExportOptions, caller: Consumer): Standpoint {
  const named = matter === null ? null : standing.matter(matter);
  if (named === undefined) throw new HubError('BAD_INPUT', `There is no matter ${String(matter)}.`);
  return { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances: { mode: 'BATCH', matter: named, hasCase: false, now } };
}

async function hasSupplied({ sql }: Pick<Database, 'sql'>, type: RecordType, { department }: Consumer): Promise<boolean> {
  const [row] = await sql`select 1 from source_record where record_type = ${type.name} and source = ${department} and not deleted limit 1`;
  return row !== undefined;
}

/** Nobody browses these records, but who supplied rows may have them back. */
function ownRowsOnly(plan: Plan, at: string, type: RecordType, caller: Consumer, supplies: boolean): Plan {
  if (!supplies) throw new HubError('FORBIDDEN', `${type.name} is not browsed: it is exported only to a department that supplies such records, and ${caller.departmentName} has supplied none. Ask for single records by their key.`);
  const own = rowsOf([{ kind: 'ownRows', department: caller.department }]);
  const rows: Plan['rows'] = (where, use) => (where === at && use === 'exist' ? both(plan.rows(at, 'exist'), own) : plan.rows(where, use));
  return { ...plan, rows };
}

async function pageOf({ type, database, today, now, matter, consumer, onPage }: ExportOptions, lookup: Lookup, at: string, shown: readonly LeafField[], plan: Plan, after: string | null): Promise<Page> {
  const outputs: Output[] = [
    { kind: 'id', as: 'id' },
    ...shown.map((field): Output => ({ kind: 'leaf', as: field.name, at: `${type.name}.${field.name}`, field, crs: 'EPSG4490' })),
  ];
  const page: PageNode = { type, where: [], order: [], first: () => rowsAtOnce, after: after === null ? null : () => after, outputs: [{ kind: 'nodes', as: 'nodes', record: { type, outputs } }] };
  const tree: Tree = { roots: [{ by: 'PAGE', as: 'page', at, lookup, page }], lenses: { asOf: null, knownAt: null }, cost: () => 0 };
  const request: Run = { variables: {}, today, now, purpose: { matter, caseNo: null, consumer }, personKey: () => '' };
  const { roots: [answer], subjects, reference } = await run(compile(tree, plan, { subjects: onPage !== undefined }), request, database);
  if (answer === undefined || answer.error !== null) throw answer?.error ?? new Error('An export without an answer.');
  return { nodes: (JSON.parse(String(answer.json)) as { nodes: Node[] } | null)?.nodes ?? [], subjects, reference };
}

/** The keys under which the caller's own department told these records; of several the first. */
async function sourceKeys({ sql }: Pick<Database, 'sql'>, type: RecordType, { department }: Consumer, nodes: readonly Node[]): Promise<Map<string, string>> {
  const ids = nodes.map((node) => node['id'] as string);
  const rows = await sql<{ id: string; key: string }[]>`
    select record_id as id, min(source_key) as key from source_record
    where record_type = ${type.name} and source = ${department} and record_id = any(${ids}::uuid[]) and not deleted group by record_id`;
  return new Map(rows.map(({ id, key }) => [id, key]));
}

function writerFor({ type, format }: ExportOptions, shown: readonly LeafField[], supplies: boolean): ExportWriter {
  const withKey = supplies;
  switch (format) {
    case 'csv': return csvWriter(shown, withKey);
    case 'jsonl': return jsonlWriter(shown, withKey);
    case 'geojson': {
      const geometry = shown.find(({ name, columnKind }) => columnKind === 'geometry' && name === 'geometry') ?? shown.find(({ columnKind }) => columnKind === 'geometry');
      if (geometry === undefined) throw new HubError('BAD_INPUT', `${type.name} has no geometry that this consumer may have; export it as csv or jsonl.`);
      return geojsonWriter(shown, geometry, withKey);
    }
  }
}
