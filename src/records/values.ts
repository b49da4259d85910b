/**
 * A record's values as the hub keeps and compares them: one form for each kind of column, so that what was stored and what
 * a source sends again are equal exactly when they say the same ("1.0" and "1.00", two spellings of one instant).
 *
 * It refuses fields that the record type does not have, house columns and stored person keys among them, and values
 * that do not fit their column; its sentences name the field, never the value. It does not judge codes or check digits:
 * the edges do, and the tables' constraints.
 */
import { HubError } from '../errors.ts';
import { kindOf, type ColumnKind } from '../registries/columns.ts';
import { identifiers } from '../registries/identifiers/index.ts';
import { houseColumns, type RecordModel } from '../registries/record.ts';
import { emptyObject } from './same-shape.ts';
import type { Values } from './timeline.ts';

/** A column of a record type, looked up once. */
export interface ModelColumn {
  readonly field: string;
  /** Its name in the database. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Places after the point of a decimal. */
  readonly scale: number;
  /** A geometry column that takes only Multi types. */
  readonly multi: boolean;
  /** The one form of an identifier; null for other columns. */
  readonly normalize: ((text: string) => string) | null;
}

/** What writing needs to know of a record type. */
export interface Shape {
  /** Every column but `id`, the house's own included: what a version's values consist of. */
  readonly columns: readonly ModelColumn[];
  /** The columns that a source may tell, by field. */
  readonly told: ReadonlyMap<string, ModelColumn>;
  readonly geometries: readonly ModelColumn[];
  /** All columns empty: every record starts from a copy of it, so that a field nobody told is null and not absent. */
  readonly empty: Values;
  /** Stored person keys with the field each is computed from. */
  readonly personKeys: readonly (readonly [target: string, from: string])[];
  /** Their columns. */
  readonly computed: readonly ModelColumn[];
}

const shapes = new WeakMap<RecordModel, Shape>();

/** The shape of a record type. */
export function shapeOf(model: RecordModel): Shape {
  const known = shapes.get(model);
  if (known !== undefined) return known;
  const columns = Object.entries(model.columns).filter(([field]) => field !== 'id').map(([field, column]): ModelColumn => {
    const type = column.getSQLType();
    const identifier = model.identifiers?.[field];
    return {
      field, name: column.name, kind: kindOf(column),
      scale: Number(/,\s*(\d+)\)$/.exec(type)?.[1] ?? 0),
      multi: type.startsWith('geometry(Multi'),
      normalize: identifier === undefined ? null : identifiers[identifier].normalize,
    };
  });
  const computed = new Set(Object.keys(model.personKeys ?? {}));
  const own = columns.filter(({ field }) => !houseColumns.has(field) && !computed.has(field) && field !== 'sourceUpdatedAt');
  const shape: Shape = {
    columns,
    told: new Map(own.map((column) => [column.field, column])),
    geometries: own.filter(({ kind }) => kind === 'geometry'),
    empty: emptyObject(columns.map(({ field }) => field)),
    personKeys: Object.entries(model.personKeys ?? {}),
    computed: columns.filter(({ field }) => computed.has(field)),
  };
  shapes.set(model, shape);
  return shape;
}

/** The fields that a source told, each in its one form. `geometries`: the stored form of each geometry as it was sent (see `geometryKey`). */
export function normalizeTold(model: RecordModel, told: Values, geometries: ReadonlyMap<string, string>): Values {
  const { told: columns } = shapeOf(model);
  let values: Record<string, unknown> | undefined;
  for (const field in told) {
    const value = told[field];
    let own: unknown = value;
    if (value !== undefined) {
      const column = columns.get(field);
      if (column === undefined) throw new HubError('BAD_INPUT', `${model.type} has no field ${JSON.stringify(field)} that a source may tell.`);
      if (value !== null) own = normalize(model, column, value, geometries);
    }
    // What a file's reader hands on has its one form already, and needs no copy.
    if (own !== value || value === undefined) values ??= before(told, field);
    if (values !== undefined && own !== undefined) values[field] = own;
  }
  return values ?? told;
}

/** The fields told before this one, in the order of the object. */
function before(told: Values, end: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field in told) {
    if (field === end) break;
    values[field] = told[field];
  }
  return values;
}

function normalize(model: RecordModel, column: ModelColumn, value: unknown, geometries: ReadonlyMap<string, string>): unknown {
  switch (column.kind) {
    case 'text': return normalizeText(column, value) ?? refuse(model, column, 'a text');
    case 'textList': return Array.isArray(value) ? value.map((one: unknown) => normalizeText(column, one) ?? refuse(model, column, 'a text')) : refuse(model, column, 'a list of texts');
    case 'date': return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : refuse(model, column, 'a date, YYYY-MM-DD');
    case 'instant': return normalizeInstant(value) ?? refuse(model, column, 'an instant, ISO 8601 with its offset');
    case 'decimal': return normalizeDecimal(String(value), column.scale) ?? refuse(model, column, 'a decimal number');
    case 'integer': return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31 ? (value as number) + 0 : refuse(model, column, 'a whole number of 32 bits');
    case 'flag': return typeof value === 'boolean' ? value : refuse(model, column, 'true or false');
    case 'geometry': return geometries.get(geometryKey(column, value)) ?? refuse(model, column, 'a geometry in EPSG:4490, GeoJSON or EWKT');
    case 'json': return JSON.parse(JSON.stringify(value)) as unknown;
    case 'id': return refuse(model, column, 'left out');
  }
}

function refuse(model: RecordModel, { field }: ModelColumn, what: string): never {
  throw new HubError('BAD_INPUT', `${model.type}.${field} has to be ${what}.`);
}

/** A text in its column's form; null if it is none that can be stored. */
function normalizeText({ normalize: form }: ModelColumn, value: unknown): string | null {
  if (typeof value !== 'string' || value.includes('\0')) return null;
  return form === null ? value : form(value);
}

/** A geometry as it was sent, as one text. */
export function geometryText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Names a geometry as it was sent for a column: a polygon is stored in one way where only Multi types may be, else in another. */
export function geometryKey({ multi }: ModelColumn, value: unknown): string {
  return `${multi ? 'multi' : 'any'} ${geometryText(value)}`;
}

/** An instant in UTC, to the millisecond, ending in Z; null if it is none or has no offset. */
export function normalizeInstant(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(value)) return null;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** A decimal as PostgreSQL stores it in `numeric(…, scale)` and prints it trimmed; null if the text is no plain decimal. */
export function normalizeDecimal(text: string, scale: number): string | null {
  const match = /^([+-]?)0*(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return null;
  const [, sign, whole = '', fraction = ''] = match;
  let digits = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  if ((fraction[scale] ?? '0') >= '5') digits += 1n;
  const all = digits.toString().padStart(scale + 1, '0');
  const places = all.slice(all.length - scale).replace(/0+$/, '');
  const trimmed = `${all.slice(0, all.length - scale)}${scale > 0 && places !== '' ? `.${places}` : ''}`;
  return sign === '-' && digits !== 0n ? `-${trimmed}` : trimmed;
}

/** The person keys of one batch: each number is digested once. */
export class PersonKeys {
  readonly #digest: (idNumber: string) => string;
  readonly #today: string;
  readonly #known = new Map<string, string | null>();

  constructor(digest: (idNumber: string) => string, today: string) {
    this.#digest = digest;
    this.#today = today;
  }

  /** Adds the stored person keys of every identity number among `values`. A list keeps only the valid numbers' keys. */
  complete(shape: Shape, values: Record<string, unknown>): Record<string, unknown> {
    for (const [target, from] of shape.personKeys) {
      const told = values[from];
      if (told === undefined) continue;
      if (Array.isArray(told)) {
        const keys = told.map((one: unknown) => this.#of(one)).filter((one) => one !== null);
        values[target] = keys.length === 0 ? null : keys;
      } else values[target] = this.#of(told);
    }
    return values;
  }

  #of(idNumber: unknown): string | null {
    if (typeof idNumber !== 'string') return null;
    let key = this.#known.get(idNumber);
    if (key === undefined) {
      const { normalize: form, problem } = identifiers.idNumber;
      key = problem(form(idNumber), this.#today) === null ? this.#digest(idNumber) : null;
      this.#known.set(idNumber, key);
    }
    return key;
  }
}
