/**
 * What one source is said to tell of a record, judged by what this hub knows of the record type: its fields, their forms, identifiers
 * and code tables, as a file's row or a submitted change would be (`records/claim-schema.ts`).
 *
 * Values are kept as they were sent, since they were read once already, where they were told first: nothing is guessed or corrected
 * here, or two hubs would never be equal. A field that nobody here knows is handed on as it is; a value that does not fit is refused with
 * its field and a reason that does not repeat it.
 */
import { claimSchema, plainReading, unsure } from '../records/claim-schema.ts';
import type { ClaimRules, TitledType } from '../records/claim-schema.ts';
import type { Codes } from '../records/codes.ts';
import type { Values } from '../records/timeline.ts';
import { shapeOf } from '../records/values.ts';
import type { RecordType } from '../registries/contract.ts';

/** What can be taken of what was sent. */
export interface Told {
  readonly values: Values;
  /** Values of fields that this hub does not have, or that were not to be shown; null: there are none. */
  readonly unknown: Values | null;
}

/** Why nothing of it is taken. */
export interface Refused {
  readonly field: string;
  readonly reason: string;
  /** Something that is required is not there. */
  readonly missing: boolean;
  /** It can be taken when another record has come. */
  readonly waits?: true;
}

/** Says of one field's value why it cannot be taken; null: it can. */
type Judge = (value: unknown) => string | null;

/** See the head of this file. */
export class ValueReader {
  readonly #rules: ClaimRules;
  readonly #judges = new Map<RecordType, Map<string, Judge | null>>();
  #masked = false;

  constructor(codes: Codes, today: string) {
    this.#rules = { codes, today, crs: 'EPSG4490', onMasked: () => { this.#masked = true; } };
  }

  /** The civil date by which it judges. */
  get today(): string {
    return this.#rules.today;
  }

  /** Reads values of a record of a type. `visible`: fields that the upper hub shows of it. */
  read(type: RecordType, sent: Values, visible: ReadonlySet<string>): Told | Refused {
    const judges = this.#judges.get(type) ?? new Map<string, Judge | null>();
    this.#judges.set(type, judges);
    let unknown: Record<string, unknown> | null = null;
    for (const field in sent) {
      let judge = judges.get(field);
      if (judge === undefined) judges.set(field, judge = this.#judgeOf(type, field));
      if (judge === null || !visible.has(field)) {
        unknown ??= {};
        unknown[field] = sent[field];
        continue;
      }
      const value = sent[field];
      const reason = value === null ? null : judge(value);
      if (reason !== null) return { field, reason, missing: false };
    }
    if (unknown === null) return { values: sent, unknown };
    const values = Object.fromEntries(Object.entries(sent).filter(([field]) => !Object.hasOwn(unknown, field)));
    return { values, unknown };
  }

  /** Null: there is no such field that a source may tell. */
  #judgeOf(type: RecordType, name: string): Judge | null {
    const field = type.fields.get(name);
    if (field?.kind !== 'leaf' || !shapeOf(type.model).told.has(name)) return null;
    const titled: TitledType = { type, titles: new Map() };
    const schema = claimSchema(titled, [name], this.#rules);
    const plain = plainReading(titled, name, this.#rules);
    const table = field.columnKind === 'text' ? this.#rules.codes.tableOf(type.model.type, name) : null;
    const bySchema: Judge = (value) => schema.safeParse({ [name]: value }).error?.issues[0]?.message ?? null;
    if (field.columnKind === 'geometry') return (value) => (typeof value === 'string' ? ewktProblem(value) : bySchema(value));
    return remembering((value) => {
      this.#masked = false;
      const read = plain?.(value) ?? null;
      if (this.#masked) return 'is masked; what is left of a value is no value';
      if (table !== null && (typeof value !== 'string' || this.#rules.codes.read(table, value) !== value)) return `is no code of the code table ${table} as it is known here`;
      return read === unsure ? bySchema(value) : null;
    });
  }
}

/** Short texts that were found good: codes, places and states come again and again. */
const mostRemembered = 2000;

function remembering(judge: Judge): Judge {
  const good = new Set<unknown>();
  return (value) => {
    if (good.has(value)) return null;
    const reason = judge(value);
    if (reason === null && typeof value === 'string' && value.length <= 40 && good.size < mostRemembered) good.add(value);
    return reason;
  };
}

const numbers = String.raw`-?\d{1,3}(?:\.\d{1,17})?`;
const position = `${numbers} ${numbers}`;
const ring = String.raw`\(${position}(?:,${position})+\)`;
const area = String.raw`\(${ring}(?:,${ring})*\)`;
/** EWKT as PostGIS writes what this hub stores: two dimensions, in EPSG:4490. */
const ewkt = new RegExp(`^SRID=4490;(?:POINT\\(${position}\\)|LINESTRING${ring}|POLYGON${area}|MULTIPOINT\\((?:${position}|\\(${position}\\))(?:,(?:${position}|\\(${position}\\)))*\\)|MULTILINESTRING${area}|MULTIPOLYGON\\(${area}(?:,${area})*\\))$`);

/** What PostGIS cannot read would break off a whole batch. */
function ewktProblem(text: string): string | null {
  return text.length <= 1_000_000 && ewkt.test(text) ? null : 'is no geometry in EPSG:4490 as PostGIS writes it';
}
