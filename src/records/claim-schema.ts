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
  /** Hears of cells that were left out because they are masked. */
  readonly onMasked: (field: string) => void;
}

/** What was told, after its schema: values by field name, house fields among them. */
export type ReadClaimValues = Readonly<Record<string, unknown>>;

/** The schema of claims with these fields. */
export function claimSchema(titled: TitledType, fields: readonly string[], rules: ClaimRules): z.ZodType<ReadClaimValues> {
  const shape: Record<string, z.ZodType> = {};
  for (const name of fields) {
    const field = titled.type.fields.get(name);
    if (isHouseField(name)) shape[name] = houseSchema(name);
    else if (field?.kind === 'leaf') shape[name] = fieldSchema(titled, field, rules);
  }
  return z.object(shape);
}

function isHouseField(name: string): name is HouseField {
  return (houseFields as readonly string[]).includes(name);
}

function houseSchema(name: HouseField): z.ZodType {
  switch (name) {
    case 'sourceKey': case 'sourceVersion': return read(cellText, z.string().max(200, 'has more than 200 characters').nullish());
    case 'sourceUpdatedAt': return read(onText(cellInstant), z.string().regex(instant, 'is no moment; write it as 2024-05-01T08:30:00+08:00').nullish());
    case 'deleted': return read((raw) => cellFlag(cellText(raw)), z.boolean('is neither 是 nor 否').nullish());
    default: return read(onText(cellDate), day.nullish());
  }
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const day = z.string().refine((text) => isCalendarDay(text), { error: ({ input }) => (/^\d{4}-\d{2}-\d{2}$/.test(String(input)) ? 'is no day of the calendar' : 'is no date; write it as 2024-05-01, 2024/5/1, 20240501 or 2024年5月1日') });

function read(normalize: (raw: unknown) => unknown, schema: z.ZodType): z.ZodType {
  return z.preprocess(normalize, schema);
}

/** A reading of texts, with what says nothing passed by. */
function onText(reading: (text: string) => unknown): (raw: unknown) => unknown {
  return (raw) => {
    const text = cellText(raw);
    return typeof text === 'string' ? reading(text) : text;
  };
}

function fieldSchema(titled: TitledType, field: LeafField, rules: ClaimRules): z.ZodType {
  const title = titled.titles.get(field.name)?.description ?? '';
  const type = field.column?.getSQLType() ?? '';
  switch (field.columnKind) {
    case 'text': return textSchema(titled, field, rules);
    case 'textList': return listSchema(titled, field, rules);
    case 'date': return read(onText(cellDate), day.nullish());
    case 'instant': return read(onText(cellInstant), z.string().regex(instant, 'is no moment; write it as 2024-05-01T08:30:00+08:00').nullish());
    case 'decimal': return decimalSchema(type, title);
    case 'integer': return read(integerReading(titled, field), z.int('is no whole number').min(-(2 ** 31), 'is too small').max(2 ** 31 - 1, 'is too large').nullish());
    case 'flag': return read((raw) => cellFlag(cellText(raw)), z.boolean('is neither yes nor no (是, 否, true, false)').nullish());
    case 'json': return read((raw) => cellJson(blankless(raw)), z.unknown());
    case 'geometry': return geometrySchema(type, rules.crs);
    case 'id': return z.undefined();
  }
}

const printable = /^(?:(?![\p{Cc}\ufffd])[^]|[\t\n\r])*$/u;
const text = z.string('is no text').regex(printable, 'holds a character that is broken (not valid in the file\'s encoding) or no text').max(20_000, 'has more than 20000 characters');

/** Names, numbers of documents and telephones are what files hide by asterisks; sentences may hold some. */
const hideable = /(name|number|no|phone|address|code)$/i;

function textSchema(titled: TitledType, field: LeafField, rules: ClaimRules): z.ZodType {
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
  if (identifier !== undefined) return read(normalize, identified(text, identifier, rules.today).nullish());
  if (table !== null) return read(normalize, text.refine((code) => !/[\u4e00-\u9fff]/.test(code) || rules.codes.read(table, code) === code, `is neither a code nor a name of the code table ${table}`).nullish());
  return read(normalize, text.nullish());
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

function listSchema(titled: TitledType, field: LeafField, rules: ClaimRules): z.ZodType {
  const identifier = titled.type.model.identifiers?.[field.name];
  const normalize = (raw: unknown): unknown => {
    const list = cellList(typeof raw === 'string' ? cellText(raw) : raw);
    return Array.isArray(list) && identifier !== undefined ? list.map((one: string) => identifiers[identifier].normalize(one)) : list;
  };
  return read(normalize, z.array(identifier === undefined ? text : identified(text, identifier, rules.today), 'is no list of texts').max(100, 'has more than 100 entries').nullish());
}

function decimalSchema(type: string, title: string): z.ZodType {
  const [, precision = 38, scale = 0] = (/\((\d+),\s*(\d+)\)/.exec(type) ?? []).map(Number);
  const most = 10n ** BigInt(precision - scale);
  return read(
    onText((raw) => {
      const decimal = cellDecimal(raw, title);
      return normalizeDecimal(decimal, scale) ?? decimal;
    }),
    z.string().regex(/^-?\d+(\.\d+)?$/, 'is no number').refine((value) => !/^-?\d/.test(value) || BigInt((/^-?(\d+)/.exec(value)?.[1]) ?? '0') < most, `has more than ${precision - scale} digits before the point`).nullish(),
  );
}

/** Words for the level of a division: the number that the hub keeps, and the type it stands for. */
const divisionWords: Readonly<Record<string, readonly [level: number, type: string | undefined]>> = {
  province: [1, 'province'], 省: [1, 'province'], city: [2, 'prefecture'], prefecture: [2, 'prefecture'], 市: [2, 'prefecture'], 地级: [2, 'prefecture'],
  county: [3, 'county'], district: [3, 'county'], 县: [3, 'county'], 县级: [3, 'county'], 区: [3, 'county'],
  subdistrict: [4, 'subdistrict'], street: [4, 'subdistrict'], 街道: [4, 'subdistrict'], town: [4, 'town'], 镇: [4, 'town'], township: [4, 'township'], 乡: [4, 'township'], 'quasi-township': [4, 'quasi-township'],
  village: [5, undefined], 村: [5, undefined], 'residents-committee': [5, 'residents-committee'], 居委会: [5, 'residents-committee'], 'villagers-committee': [5, 'villagers-committee'], 村委会: [5, 'villagers-committee'], quasi: [5, 'quasi'],
};

function integerReading(titled: TitledType, field: LeafField): (raw: unknown) => unknown {
  const levels = titled.type.name === 'AdministrativeDivision' && field.name === 'level';
  return onText((raw) => {
    if (levels && divisionWords[raw] !== undefined) return divisionWords[raw][0];
    return /^[+-]?\d{1,3}(,\d{3})+$|^[+-]?\d{1,15}(\.0+)?$/.test(raw) ? Number(raw.replaceAll(',', '')) : raw;
  });
}

function geometrySchema(type: string, crs: Crs): z.ZodType {
  const multi = type.startsWith('geometry(Multi');
  const shape = /^geometry\((\w+)/.exec(type)?.[1];
  return z.unknown().transform((raw, context) => {
    const sent = blankless(raw);
    if (sent === null || sent === undefined) return sent;
    try {
      const geometry = readGeometry(cellGeometry(sent), crs);
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
