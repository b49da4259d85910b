/**
 * A row of a file → what a department claims of one record, or the reasons why it cannot be taken.
 *
 * It brings the pieces together: header, cells, schema. It refuses per row and never stops a file; whether the header will do is
 * decided before the first row.
 */
import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import { currencyIn } from '../records/cells.ts';
import type { ToldClaim } from '../records/claim-version.ts';
import { claimSchema, houseFields, plainReading, unsure } from '../records/claim-schema.ts';
import type { ClaimRules, ReadClaimValues, TitledType } from '../records/claim-schema.ts';
import { SameShape } from '../records/same-shape.ts';
import { fieldsOf } from './csv.ts';
import type { Column, Headers } from './headers.ts';
import { withoutRecordSeparator } from './lines.ts';
import type { RawRow } from './lines.ts';
import { remembering } from './remembered.ts';
import { shownRow } from './rejects.ts';
import type { ShownRow } from './rejects.ts';

/** What a row claims. */
export interface RowClaim extends ToldClaim {
  readonly kind: 'claim';
  readonly row: ShownRow;
}

/** A row that cannot be taken, and why: one reason for each field. */
export interface RowRefusal {
  readonly kind: 'refusal';
  readonly row: ShownRow;
  readonly reasons: readonly { readonly field: string; readonly reason: string }[];
}

const house: ReadonlySet<string> = new Set(houseFields);

/** How cells are found in a row. */
export type Layout =
  | { readonly format: 'csv'; readonly delimiter: string; readonly columns: readonly Column[] }
  | { readonly format: 'json' };

/** Reads rows of one file. */
export class RowReader {
  readonly #file: TitledType;
  readonly #headers: Headers;
  readonly #layout: Layout;
  readonly #rules: ClaimRules;
  readonly #schemas = new Map<string, z.ZodType<ReadClaimValues>>();
  /** What is masked in the row at hand, while it is not yet known whether the schema has to be asked. */
  readonly #masked: string[] = [];
  readonly #plain = new Map<string, (sent: unknown) => unknown>();
  /** Where a table's cells go; null where a field stands in more than one column. */
  readonly #table: Plan | null;
  /** The same of objects, by the fields that they name. */
  readonly #objects = new Map<string, Plan>();
  readonly #columns = new Map<string, Column>();
  readonly #onKeptOut: (column: Column) => void;

  constructor(file: TitledType, headers: Headers, layout: Layout, rules: ClaimRules, onKeptOut: (column: Column) => void) {
    this.#file = file;
    this.#headers = headers;
    this.#layout = layout;
    this.#rules = rules;
    this.#onKeptOut = onKeptOut;
    this.#table = layout.format === 'csv' ? this.#planOf(layout.columns.flatMap((column, place) => column.fields.map((field) => ({ place, field })))) : null;
  }

  #planOf(cells: readonly { readonly place: number; readonly field: string }[]): Plan | null {
    if (new Set(cells.map(({ field }) => field)).size < cells.length) return null;
    const places = cells.map(({ place, field }): Place => ({ place, field, read: this.#plainly(field) }));
    const own = places.filter(({ field }) => !house.has(field));
    return { own, house: places.filter(({ field }) => house.has(field)), shape: new SameShape(own.map(({ field }) => field)) };
  }

  #planOfObject(fields: readonly string[]): Plan | null {
    const name = fields.join();
    const known = this.#objects.get(name);
    if (known !== undefined) return known;
    const plan = this.#planOf(fields.map((field, place) => ({ place, field })));
    if (this.#objects.size > 100) this.#objects.clear();
    if (plan !== null) this.#objects.set(name, plan);
    return plan;
  }

  /** What a row says; null if it is blank. */
  read(row: RawRow): RowClaim | RowRefusal | null {
    if (row.problem !== null) return refusal(row, '', row.problem);
    if (!isUtf8(row.bytes)) return refusal(row, '', 'The line holds bytes that are no UTF-8; its encoding is broken or mixed.');
    return this.#layout.format === 'csv' ? this.#csv(row, this.#layout.delimiter, this.#layout.columns) : this.#json(row);
  }

  #csv(row: RawRow, delimiter: string, columns: readonly Column[]): RowClaim | RowRefusal | null {
    const text = row.bytes.toString('utf8');
    const fields = fieldsOf(text, delimiter);
    if (fields.every((field) => field.trim() === '')) return null;
    if (fields.length > columns.length && fields.slice(columns.length).every((field) => field === '')) fields.length = columns.length;
    if (fields.length !== columns.length) return refusal(row, '', `The row has ${fields.length} fields; the header has ${columns.length}.`);
    const plain = this.#plainClaim(row, text, this.#table, fields);
    if (plain !== null) return plain;
    const cells = cellsOf(columns.map((column, place) => [column, fields[place]] as const));
    return this.#judge(row, cells);
  }

  #json(row: RawRow): RowClaim | RowRefusal | null {
    const text = row.bytes.toString('utf8');
    let parsed: unknown;
    try {
      parsed = JSON.parse(withoutRecordSeparator(text));
    } catch {
      return refusal(row, '', 'The row is no JSON object on one line.');
    }
    const object = membersOf(parsed);
    if (object === null) return refusal(row, '', 'The row is no JSON object.');
    const cells = cellsOf(Object.entries(object).map(([name, value]) => [this.#column(name), value] as const));
    return this.#plainClaim(row, text, this.#planOfObject(Object.keys(cells)), Object.values(cells)) ?? this.#judge(row, cells);
  }

  /** The claim of a row with whose cells nothing is wrong; null where the schema has to judge. */
  #plainClaim(row: RawRow, text: string, plan: Plan | null, cells: readonly unknown[]): RowClaim | RowRefusal | null {
    if (plan === null) return null;
    const { own, house: carried, shape } = plan;
    const values = own.map(({ place, read }) => read(cells[place]));
    const told = carried.map(({ place, read }) => read(cells[place]));
    const masked = this.#masked.length === 0 ? [] : this.#masked.splice(0);
    if (values.includes(unsure) || told.includes(unsure)) return null;
    for (const field of masked) this.#rules.onMasked(field);
    return this.#claim(shownRow(row, text), shape.object(values), Object.fromEntries(carried.map(({ field }, place) => [field, told[place]])), () => [...own, ...carried].map(({ place }) => cells[place]));
  }

  #plainly(field: string): (sent: unknown) => unknown {
    const known = this.#plain.get(field);
    if (known !== undefined) return known;
    const read = remembering(plainReading(this.#file, field, { ...this.#rules, onMasked: (masked) => void this.#masked.push(masked) }) ?? (() => undefined));
    this.#plain.set(field, read);
    return read;
  }

  #column(name: string): Column {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const column = this.#headers.column(name);
    // A file that makes up a name for each row must not fill the memory.
    if (this.#columns.size < 1000) {
      this.#columns.set(name, column);
      if (column.keptOut !== null) this.#onKeptOut(column);
    }
    return column;
  }

  #judge(row: RawRow, cells: Cells): RowClaim | RowRefusal {
    const result = this.#schema(Object.keys(cells)).safeParse(cells);
    if (!result.success) return { kind: 'refusal', row: shownRow(row), reasons: reasonsOf(result.error) };
    const values = Object.fromEntries(Object.entries(result.data).filter(([name, value]) => value !== undefined && !house.has(name)));
    return this.#claim(shownRow(row), values, result.data, () => Object.values(cells));
  }

  /** The claim of what a row tells; `told` has what claims carry, `cells` as they were sent. */
  #claim(row: ShownRow, values: Record<string, unknown>, told: ReadClaimValues, cells: () => readonly unknown[]): RowClaim | RowRefusal {
    const { model } = this.#file.type;
    const { sourceKey, sourceVersion, sourceUpdatedAt, deleted, effectiveFrom, effectiveTo } = told as Readonly<Record<string, string | null | undefined>> & { readonly deleted?: boolean };
    const key = sourceKey ?? (model.key === undefined ? undefined : values[model.key]);
    if (typeof key !== 'string' || key === '') return { kind: 'refusal', row, reasons: [{ field: model.key ?? 'sourceKey', reason: 'is required, and the row does not tell it' }] };
    this.#complete(cells, values);
    return {
      kind: 'claim', row, key, values, version: sourceVersion ?? undefined, at: sourceUpdatedAt ?? undefined, deleted: deleted === true,
      effectiveFrom: effectiveFrom ?? undefined, effectiveTo: effectiveTo ?? undefined,
    };
  }

  /** What a row says without a column of its own: the reference system of its geometry, whether its subject is a person. */
  #complete(cells: () => readonly unknown[], values: Record<string, unknown>): void {
    const { fields } = this.#file.type;
    if (fields.has('sourceCrs') && values['sourceCrs'] === undefined && ['geometry', 'centroid', 'point'].some((name) => values[name] !== undefined && values[name] !== null)) {
      values['sourceCrs'] = { EPSG4490: 'CGCS2000', EPSG4326: 'WGS84', GCJ02: 'GCJ02' }[this.#rules.crs];
    }
    if (fields.has('currencyCode') && values['currencyCode'] === undefined) {
      const named = cells().map((cell) => (typeof cell === 'string' && cell.length < 40 && /\d/.test(cell) ? currencyIn(cell) : undefined)).find((one) => one !== undefined);
      const code = named === undefined ? null : this.#rules.codes.read('currency', named);
      if (code !== null) values['currencyCode'] = code;
    }
    // Publications name every subject in one column; the hub keeps persons apart from organizations.
    if (values['counterpartyType'] === '01' && values['counterpartyName'] !== undefined && values['counterpartyPersonName'] === undefined) {
      values['counterpartyPersonName'] = values['counterpartyName'];
      delete values['counterpartyName'];
    }
  }

  #schema(names: readonly string[]): z.ZodType<ReadClaimValues> {
    const id = names.join();
    const known = this.#schemas.get(id);
    if (known !== undefined) return known;
    if (this.#schemas.size > 100) this.#schemas.clear();
    const schema = claimSchema(this.#file, names, this.#rules);
    this.#schemas.set(id, schema);
    return schema;
  }
}

/** The cell of each field. */
type Cells = Readonly<Record<string, unknown>>;

/** How the rows of one form are read. */
interface Plan {
  readonly own: readonly Place[];
  readonly house: readonly Place[];
  /** Of what `own` tells. */
  readonly shape: SameShape;
}

/** Where the cell of a field stands, and how it is read. */
interface Place {
  readonly place: number;
  readonly field: string;
  readonly read: (sent: unknown) => unknown;
}

/** The cell of each field: of several columns the one that tells something, best rank first. */
function cellsOf(cells: readonly (readonly [Column, unknown])[]): Cells {
  const byField: Record<string, unknown> = {};
  const ranks: Record<string, number> = {};
  for (const [column, value] of cells) {
    for (const field of column.fields) {
      const says = value !== undefined && !(typeof value === 'string' && /^\s*(n\/a)?\s*$/i.test(value));
      const rank = column.rank + (says ? 0 : 100);
      const before = ranks[field];
      if (before !== undefined && before <= rank) continue;
      ranks[field] = rank;
      byField[field] = value;
    }
  }
  return byField;
}

/** An object's members; a feature's properties with its geometry. */
export function membersOf(parsed: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const object = parsed as Readonly<Record<string, unknown>>;
  if (object['type'] !== 'Feature') return object;
  const properties = object['properties'];
  const { geometry } = object;
  return { ...(typeof properties === 'object' && properties !== null ? properties : {}), ...(geometry === undefined || geometry === null ? {} : { geometry }) };
}

function refusal(row: RawRow, field: string, reason: string): RowRefusal {
  return { kind: 'refusal', row: shownRow(row), reasons: [{ field, reason }] };
}

function reasonsOf(error: z.ZodError): RowRefusal['reasons'] {
  const byField = new Map<string, string>();
  for (const { path, message } of error.issues) {
    const field = String(path[0] ?? '');
    if (!byField.has(field)) byField.set(field, message);
  }
  return [...byField].map(([field, reason]) => ({ field, reason }));
}
