/**
 * The zod schema of what a department tells of one record, in a file's row or in a submitted change, built from the type's declared
 * columns: each cell is brought into its column's form, then judged by the column's kind, by the identifier's check digits and by the
 * code tables.
 *
 * Reasons are sentences for whoever sent it; they never repeat a value. What only the database knows (check constraints, what other
 * records hold) is not judged here.
 */
import { z } from 'zod';
import { HubError } from '../errors.ts';
import type { LeafField, RecordType } from '../registries/contract.ts';
import { identifiers } from '../registries/identifiers/index.ts';
import { isCalendarDay } from '../registries/identifiers/identifier.ts';
import type { Crs } from '../registries/spatial/crs.ts';
import { readGeometry } from '../registries/spatial/geometry.ts';
import { normalizeDecimal } from './values.ts';
import { asMulti, cellDate, cellDecimal, cellFlag, cellGeometry, cellInstant, cellJson, cellList, cellText, currencyIn, isMasked, nameText } from './cells.ts';
import type { Codes } from './codes.ts';

/** What a field is called in Chinese. */
export interface Title {
  /** The description in the contract. */
  readonly description: string;
  /** The name of its catalog item. */
  readonly item: string;
}

/** A record type with what its fields are called: cells name units by them. */
export interface TitledType {
  readonly type: RecordType;
  readonly titles: ReadonlyMap<string, Title>;
}

/** What is told beside a record's fields: what a claim carries along. */
export const houseFields = ['sourceKey', 'sourceVersion', 'sourceUpdatedAt', 'deleted', 'effectiveFrom', 'effectiveTo'] as const;
export type HouseField = (typeof houseFields)[number];

/** What reading cells needs to know beside the type. */
export interface ClaimRules {
  /** The civil date in Asia/Shanghai. */
  readonly today: string;
  readonly codes: Codes;
  /** The reference system of the coordinates. */
  readonly crs: Crs;
  /** Another hub passes on what was judged where it was told: geometries come as they are stored, EWKT in EPSG:4490, of any length. */
  readonly passedOn?: boolean;
  /** Hears of cells that were left out because they are masked. */
  readonly onMasked: (field: string) => void;
}

/** What was told, after its schema: values by field name, house fields among them. */
export type ReadClaimValues = Readonly<Record<string, unknown>>;

/** How one field is read: what is sent is brought into its column's form, then judged. */
interface Reading {
  readonly normalize: (sent: unknown) => unknown;
  /** What may come of it beside nothing; it has the last word. */
  readonly schema: z.ZodType;
  /** Says at a tenth of its cost that the schema takes this value as it is. False is no judgement: then the schema is asked. */
  readonly fits: (value: unknown) => boolean;
}

/** The schema of claims with these fields. */
export function claimSchema(titled: TitledType, fields: readonly string[], rules: ClaimRules): z.ZodType<ReadClaimValues> {
  const shape: Record<string, z.ZodType> = {};
  for (const name of fields) {
    const reading = readingOf(titled, name, rules);
    if (reading !== null) shape[name] = z.preprocess(reading.normalize, reading.schema.nullish());
  }
  return z.object(shape);
}

/** Where only the schema can say what a cell tells, or why it cannot be taken. */
export const unsure: unique symbol = Symbol('unsure');

/**
 * Reads a field's cells as its schema does where nothing is wrong with them: what it gives is what the schema gives, and for a cell
 * that the schema refuses it gives `unsure`. Null for what is no field.
 */
export function plainReading(titled: TitledType, name: string, rules: ClaimRules): ((sent: unknown) => unknown) | null {
  const reading = readingOf(titled, name, rules);
  if (reading === null) return null;
  const { normalize, fits } = reading;
  return (sent) => {
    const value = normalize(sent);
    return value === undefined || value === null || fits(value) ? value : unsure;
  };
}

function readingOf(titled: TitledType, name: string, rules: ClaimRules): Reading | null {
  if (isHouseField(name)) return houseReading(name);
  const field = titled.type.fields.get(name);
  return field?.kind === 'leaf' && field.derived === null ? fieldReading(titled, field, rules) : null;
}

function isHouseField(name: string): name is HouseField {
  return (houseFields as readonly string[]).includes(name);
}

function houseReading(name: HouseField): Reading {
  switch (name) {
    case 'sourceKey': case 'sourceVersion': return { normalize: cellText, schema: z.string().max(200, 'has more than 200 characters'), fits: (value) => typeof value === 'string' && value.length <= 200 };
    case 'sourceUpdatedAt': return momentReading;
    case 'deleted': return { normalize: (raw) => cellFlag(cellText(raw)), schema: z.boolean('is neither 是 nor 否'), fits: isFlag };
    default: return dayReading;
  }
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const day = z.string().refine((text) => isCalendarDay(text), { error: ({ input }) => (/^\d{4}-\d{2}-\d{2}$/.test(String(input)) ? 'is no day of the calendar' : 'is no date; write it as 2024-05-01, 2024/5/1, 20240501 or 2024年5月1日') });

/** A reading of texts, with what says nothing passed by. */
function onText(reading: (text: string) => unknown): (raw: unknown) => unknown {
  return (raw) => {
    const text = cellText(raw);
    return typeof text === 'string' ? reading(text) : text;
  };
}

const momentReading: Reading = {
  normalize: onText(cellInstant), schema: z.string().regex(instant, 'is no moment; write it as 2024-05-01T08:30:00+08:00'),
  fits: (value) => typeof value === 'string' && instant.test(value),
};
const dayReading: Reading = { normalize: onText(cellDate), schema: day, fits: (value) => typeof value === 'string' && isCalendarDay(value) };
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const never = (): boolean => false;

function fieldReading(titled: TitledType, field: LeafField, rules: ClaimRules): Reading {
  const title = titled.titles.get(field.name)?.description ?? '';
  const type = field.column?.getSQLType() ?? '';
  switch (field.columnKind) {
    case 'text': return textReading(titled, field, rules);
    case 'textList': return listReading(titled, field, rules);
    case 'date': return dayReading;
    case 'instant': return momentReading;
    case 'decimal': return decimalReading(type, title);
    case 'integer': return {
      normalize: integerIn(titled, field), schema: z.int('is no whole number').min(-(2 ** 31), 'is too small').max(2 ** 31 - 1, 'is too large'),
      fits: (value) => Number.isInteger(value) && (value as number) >= -(2 ** 31) && (value as number) < 2 ** 31,
    };
    case 'flag': return { normalize: (raw) => cellFlag(cellText(raw)), schema: z.boolean('is neither yes nor no (是, 否, true, false)'), fits: isFlag };
    case 'json': return { normalize: (raw) => cellJson(blankless(raw)), schema: z.unknown(), fits: () => true };
    case 'geometry': return { normalize: blankless, schema: rules.passedOn === true ? z.union([storedGeometry, geometrySchema(type, rules.crs)]) : geometrySchema(type, rules.crs), fits: never };
    case 'id': return { normalize: (raw) => raw, schema: z.undefined(), fits: never };
  }
}

const printable = /^(?:(?![\p{Cc}\ufffd])[^]|[\t\n\r])*$/u;
const broken = /[^\P{Cc}\t\n\r]|\ufffd/u;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 20_000 && !broken.test(value);
const text = z.string('is no text').regex(printable, 'holds a character that is broken (not valid in the file\'s encoding) or no text').max(20_000, 'has more than 20000 characters');

/** Names, numbers of documents and telephones are what files hide by asterisks; sentences may hold some. */
const hideable = /(name|number|no|phone|address|code)$/i;

function textReading(titled: TitledType, field: LeafField, rules: ClaimRules): Reading {
  const { model } = titled.type;
  const table = rules.codes.tableOf(model.type, field.name);
  const identifier = model.identifiers?.[field.name];
  const isName = /name$/i.test(field.name);
  const hides = identifier !== undefined || hideable.test(field.name);
  const normalize = onText((raw) => {
    if (hides && isMasked(raw)) {
      rules.onMasked(field.name);
      return undefined;
    }
    if (identifier !== undefined) return identifiers[identifier].normalize(raw);
    if (table !== null) return rules.codes.read(table, raw) ?? raw;
    if (field.name === 'currencyCode') return currencyCode(raw, rules.codes);
    if (field.name === 'divisionType') return /^\d$/.test(raw) ? undefined : divisionWords[raw] === undefined ? raw : divisionWords[raw][1];
    return isName ? nameText(raw) : raw;
  });
  if (identifier !== undefined) return { normalize, schema: identified(text, identifier, rules.today), fits: fitsIdentifier(identifier, rules.today) };
  if (table === null) return { normalize, schema: text, fits: isText };
  const isCode = (code: string): boolean => !/[\u4e00-\u9fff]/.test(code) || rules.codes.read(table, code) === code;
  return { normalize, schema: text.refine(isCode, `is neither a code nor a name of the code table ${table}`), fits: (value) => isText(value) && isCode(value) };
}

function fitsIdentifier(name: keyof typeof identifiers, today: string): (value: unknown) => boolean {
  const { problem } = identifiers[name];
  return (value) => isText(value) && problem(value, today) === null;
}

/** The code of the currency that a cell names, be it in an amount; an amount that names none tells none. */
function currencyCode(raw: string, codes: Codes): string | undefined {
  const named = currencyIn(raw);
  if (named !== undefined) return codes.read('currency', named) ?? raw;
  return /\d/.test(raw) && !/^\d{3}$/.test(raw) ? undefined : raw;
}

function identified(schema: z.ZodString, name: keyof typeof identifiers, today: string): z.ZodString {
  const { problem, nameZh } = identifiers[name];
  return schema.superRefine((value, context) => {
    const wrong = problem(value, today);
    if (wrong !== null) context.addIssue({ code: 'custom', message: `is no ${nameZh}: ${wrong}` });
  });
}

function listReading(titled: TitledType, field: LeafField, rules: ClaimRules): Reading {
  const identifier = titled.type.model.identifiers?.[field.name];
  const normalize = (raw: unknown): unknown => {
    const list = cellList(typeof raw === 'string' ? cellText(raw) : raw);
    return Array.isArray(list) && identifier !== undefined ? list.map((one: string) => identifiers[identifier].normalize(one)) : list;
  };
  const one = identifier === undefined ? isText : fitsIdentifier(identifier, rules.today);
  return {
    normalize, schema: z.array(identifier === undefined ? text : identified(text, identifier, rules.today), 'is no list of texts').max(100, 'has more than 100 entries'),
    fits: (value) => Array.isArray(value) && value.length <= 100 && value.every(one),
  };
}

function decimalReading(type: string, title: string): Reading {
  const [, precision = 38, scale = 0] = (/\((\d+),\s*(\d+)\)/.exec(type) ?? []).map(Number);
  const most = 10n ** BigInt(precision - scale);
  const number = /^-?\d+(\.\d+)?$/;
  const fitting = (value: string): boolean => !/^-?\d/.test(value) || BigInt((/^-?(\d+)/.exec(value)?.[1]) ?? '0') < most;
  return {
    normalize: onText((raw) => {
      const decimal = cellDecimal(raw, title);
      return normalizeDecimal(decimal, scale) ?? decimal;
    }),
    schema: z.string().regex(number, 'is no number').refine(fitting, `has more than ${precision - scale} digits before the point`),
    fits: (value) => typeof value === 'string' && number.test(value) && fitting(value),
  };
}

/** Words for the level of a division: the number that the hub keeps, and the type it stands for. */
const divisionWords: Readonly<Record<string, readonly [level: number, type: string | undefined]>> = {
  province: [1, 'province'], 省: [1, 'province'], city: [2, 'prefecture'], prefecture: [2, 'prefecture'], 市: [2, 'prefecture'], 地级: [2, 'prefecture'],
  county: [3, 'county'], district: [3, 'county'], 县: [3, 'county'], 县级: [3, 'county'], 区: [3, 'county'],
  subdistrict: [4, 'subdistrict'], street: [4, 'subdistrict'], 街道: [4, 'subdistrict'], town: [4, 'town'], 镇: [4, 'town'], township: [4, 'township'], 乡: [4, 'township'], 'quasi-township': [4, 'quasi-township'],
  village: [5, undefined], 村: [5, undefined], 'residents-committee': [5, 'residents-committee'], 居委会: [5, 'residents-committee'], 'villagers-committee': [5, 'villagers-committee'], 村委会: [5, 'villagers-committee'], quasi: [5, 'quasi'],
};

function integerIn(titled: TitledType, field: LeafField): (raw: unknown) => unknown {
  const levels = titled.type.name === 'AdministrativeDivision' && field.name === 'level';
  return onText((raw) => {
    if (levels && divisionWords[raw] !== undefined) return divisionWords[raw][0];
    return /^[+-]?\d{1,3}(,\d{3})+$|^[+-]?\d{1,15}(\.0+)?$/.test(raw) ? Number(raw.replaceAll(',', '')) : raw;
  });
}

const storedGeometry = z.string().regex(/^SRID=4490;(MULTI)?(POINT|LINESTRING|POLYGON)\([-\d .,()e]+\)$/);

function geometrySchema(type: string, crs: Crs): z.ZodType {
  const multi = type.startsWith('geometry(Multi');
  const shape = /^geometry\((\w+)/.exec(type)?.[1];
  return z.unknown().transform((raw, context) => {
    try {
      const geometry = readGeometry(cellGeometry(raw), crs);
      const fitting = multi ? asMulti(geometry) : geometry;
      if (shape === undefined || shape === 'Geometry' || shape.toLowerCase() === fitting.type.toLowerCase()) return fitting;
      context.addIssue({ code: 'custom', message: `is a ${geometry.type}; a ${shape} is needed` });
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      context.addIssue({ code: 'custom', message: `is no valid geometry: ${error.message}` });
    }
    return z.NEVER;
  });
}

/** A cell that is not text on its way through; texts that say nothing are nothing here too. */
function blankless(raw: unknown): unknown {
  return typeof raw === 'string' ? cellText(raw) : raw;
}
