/**
 * Look-ups by key on a hub that keeps copies of another hub's records: what the statement tells beside its answer of which keys found
 * nothing for this caller, and how old the copies are of those that it found; and what to ask the other hub for.
 *
 * All is told by the one statement. A record whose winning source has its home here is no copy and never too old. A key that finds
 * nothing is told alike, whoever is behind it: nobody, somebody sealed, somebody outside. What is asked for under a time that is not
 * now is answered from what is here.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { cityCopy } from '../db/copy-tables.ts';
import type { LeafField, RecordType } from '../registries/contract.ts';
import type { Catalog } from '../sharing/catalog.ts';
import type { Plan } from '../sharing/plan.ts';
import type { Rows } from '../sharing/rows.ts';
import { fieldsOfBound, fieldsOfSeals } from './bounds.ts';
import { isWithheld } from './predicate/sql.ts';
import type { Source } from './rows.ts';
import { territoryOn } from './territory.ts';
import type { Output, RootNode, Run, Tree } from './tree.ts';

/** A root that looks up by key, as far as another hub may be asked. */
export interface KeyedRoot {
  readonly by: 'KEY' | 'KEYS';
  /** Its place among the statement's roots. */
  readonly place: number;
  readonly as: string;
  readonly at: string;
  readonly type: RecordType;
  /** Fields that sources tell, and that this plan reads of its records: shown, found by, bounded by, sealed by. */
  readonly fields: readonly string[];
  readonly keys: (run: Run) => readonly string[];
  /** The column that tells of its copies. */
  readonly column: string;
}

/** Seconds since the epoch at which a field was fetched, by its name. */
export type Fetched = Readonly<Record<string, number>>;

/** Of one root what was not found, and what was found as a copy; by places among its keys. */
export interface Gap {
  readonly root: KeyedRoot;
  readonly missing: readonly number[];
  readonly copies: readonly { readonly place: number; readonly fetched: Fetched }[];
}

/** The root of a statement as one that another hub may be asked for; null: it may not. */
export function keyedRoot(tree: Tree, root: RootNode, place: number, plan: Plan): KeyedRoot | null {
  if ((root.by !== 'KEY' && root.by !== 'KEYS') || tree.lenses.asOf !== null || tree.lenses.knownAt !== null) return null;
  const { as, at, record: { type } } = root;
  const keys = root.by === 'KEY' ? (run: Run) => [root.key(run) as string] : (run: Run) => root.keys(run) as readonly string[];
  return { by: root.by, place, as, at, type, keys, fields: fieldsRead(root, plan), column: `f${place}` };
}

/** A look-up of one record by its key (variable `keys`) that another hub may be asked for, where these fields are read of it under a plan; `beside`: what is needed besides. */
export function keyedLookUp(type: RecordType, at: string, keyAt: string, plan: Plan, fields: readonly LeafField[], beside: readonly string[]): KeyedRoot {
  const keys = (run: Run): readonly string[] => run.variables['keys'] as readonly string[];
  const outputs = fields.map((field): Output => ({ kind: 'leaf', as: field.name, at: `${type.name}.${field.name}`, field, crs: 'EPSG4490' }));
  const root = { by: 'KEY' as const, as: at, at, lookup: { root: at, by: 'KEY' as const, type: type.name, argument: 'key' }, keyAt, key: (run: Run) => keys(run)[0], record: { type, outputs } };
  return { by: 'KEY', place: 0, as: at, at, type, keys, fields: [...new Set([...fieldsRead(root, plan), ...beside])].sort(), column: 'f0' };
}

/** Where look-ups by key go on that find nothing here: `sync/read-through.ts`, which is handed in. */
export interface Filling {
  readonly home: string;
  fill(gaps: readonly Gap[], request: Run, who: { readonly department: string; readonly matter: string | null; readonly caseNo: string | null; readonly operator: string | null; readonly catalog: Catalog; readonly maxAge: number | null }, since: number): Promise<{
    readonly again: boolean;
    unfilled(root: KeyedRoot, place: number): string | undefined;
    settle(gaps: readonly Gap[]): unknown;
  } | null>;
}

/** What a record is as a copy: null, or JSON of `Fetched`. `home`: the division that this hub is the home of. */
export function copyOf({ columns, type }: Source, home: string): SQL {
  return sql`case when not starts_with(${columns['source']}, ${`${home}-`}) then coalesce((select copy.fetched::text from ${cityCopy} copy where copy.record_type = ${type.name} and copy.record_id = ${columns['id']}), '{}') end`;
}

/** Reads what a statement told of a root; null: all is found, and nothing of it is a copy. */
export function gapOf(root: KeyedRoot, found: boolean, told: unknown): Gap | null {
  if (root.by === 'KEY') {
    if (!found) return { root, missing: [0], copies: [] };
    return typeof told === 'string' ? { root, missing: [], copies: [{ place: 0, fetched: JSON.parse(told) as Fetched }] } : null;
  }
  if (typeof told !== 'string') return null;
  const places = JSON.parse(told) as readonly (readonly [number, string | null])[];
  const copies = places.flatMap(([place, fetched]) => (fetched === null ? [] : [{ place, fetched: JSON.parse(fetched) as Fetched }]));
  return { root, missing: places.flatMap(([place, fetched]) => (fetched === null ? [place] : [])), copies };
}

/** See `KeyedRoot.fields`. */
function fieldsRead(root: Extract<RootNode, { by: 'KEY' | 'KEYS' }>, plan: Plan): readonly string[] {
  const { type, outputs } = root.record;
  const { model } = type;
  const names = new Set<string>(model.key === undefined ? [] : [model.key]);
  const read: Rows[] = [plan.rows(root.at, 'exist'), plan.rows(root.keyAt, 'key'), plan.existence(type.name), ...plan.territory.map((entry) => territoryOn(entry, model))];
  for (const output of outputs) {
    const rows = rowsOfOutput(output, plan);
    if (rows.every((one) => one !== 'all' && one.length === 0)) continue;
    read.push(...rows);
    for (const name of fieldsOfOutput(output)) names.add(name);
  }
  for (const rows of read) for (const term of rows === 'all' ? [] : rows) for (const bound of term) for (const name of fieldsOfBound(bound, model)) names.add(name);
  if (plan.seals !== null) for (const name of fieldsOfSeals(model)) names.add(name);
  // What no source tells is computed here, or is the house's own.
  return [...names].flatMap((name) => model.personKeys?.[name] ?? name).filter((name, place, all) => all.indexOf(name) === place && isTold(type, name)).sort();
}

function isTold({ fields, model }: RecordType, name: string): boolean {
  const field = fields.get(name);
  return field === undefined ? model.columns[name] !== undefined && model.personKeys?.[name] === undefined : field.kind === 'leaf' && field.derived === null && field.column !== null && name !== 'sourceUpdatedAt';
}

function rowsOfOutput(output: Output, plan: Plan): readonly Rows[] {
  switch (output.kind) {
    case 'typename':
    case 'checked':
    case 'id': return [];
    case 'leaf': return plan.shown(output.at).map(({ rows }) => rows);
    case 'verify': return [plan.rows(output.at, 'verify')];
    case 'predicate': return isWithheld(output.predicate, plan) ? [] : ['all', ...[...output.predicate.look.fields.keys()].map((name) => plan.rows(`${output.predicate.type.name}.${name}`, 'verify'))];
    case 'one':
    case 'many': return [plan.rows(output.at, 'exist')];
  }
}

function fieldsOfOutput(output: Output): readonly string[] {
  switch (output.kind) {
    case 'typename':
    case 'checked':
    case 'id': return [];
    case 'leaf': return output.field.derived?.from ?? [output.field.name];
    case 'verify': return output.field.of.derived?.from ?? [output.field.of.name];
    case 'predicate': {
      const { fields, over } = output.predicate.look;
      return [...[...fields.values()].flatMap(({ name, derived }) => derived?.from ?? [name]), ...[...over.values()].map(({ field: { link } }) => link.fromColumn)];
    }
    // The edge itself starts at a column of the record; what is behind it is here, or is not.
    case 'one':
    case 'many': return [output.field.link.fromColumn];
  }
}
