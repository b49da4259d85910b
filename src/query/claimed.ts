/**
 * What can be claimed of a record, and verified: that a field has a value; and the ready questions of the trade (所提供的核验项), each
 * true or false of a person or an entity. Every claim is one or two yes/no outputs (`VerifyField`) with the items that they take; what
 * is claimed is a text, read here into what those are compared with.
 *
 * It refuses what no claim can be made of (geometries, JSON, moments of time) and texts that cannot be a value of the field, with a
 * sentence that holds no value. Whether a claim may be asked is judged elsewhere.
 */
import { sql } from 'drizzle-orm';
import { HubError } from '../errors.ts';
import type { Contract, LeafField, RecordField, RecordType, RelationField, VerifyField } from '../registries/contract.ts';
import { holdsOn } from '../registries/derived.ts';
import { halfWidth, isCalendarDay } from '../registries/identifiers/identifier.ts';
import { subtree } from './bounds.ts';
import { normalized } from './normal.ts';

/** The ready questions, by the names of the contract. */
export const readyClaims = ['ALIVE', 'AGE_BAND', 'RESIDENT_OF', 'REGISTERED_IN', 'HOLDS_VALID_CERTIFICATE', 'NO_ACTIVE_LISTING'] as const;
export type ReadyClaim = (typeof readyClaims)[number];

/** What a claim's outputs are compared with. */
export type Compared = string | number | boolean;

/** What can be claimed of records of one type. */
export interface Claim {
  /** The field, or the ready question. */
  readonly name: string;
  /** The coordinate at which it is judged. */
  readonly at: string;
  readonly items: readonly string[];
  readonly outputs: readonly VerifyField[];
  /** A claimed text as one value for each output; throws `BAD_INPUT` by a sentence about `at`, its place in the question. */
  readonly read: (text: string, at: string) => readonly Compared[];
  /** Is the claim met, by the answers of its outputs? */
  readonly isMet: (answers: readonly (boolean | null)[]) => boolean;
}

const allTrue = (answers: readonly (boolean | null)[]): boolean => answers.every((answer) => answer === true);

/** A claim about a type by its name; throws `BAD_INPUT` where nothing of that name can be claimed. */
export function claimOf(contract: Contract, type: RecordType, name: string, at: string): Claim {
  const claim = isReady(name) ? ready[name](contract, type) : ofField(type, type.fields.get(name));
  if (claim === null) throw new HubError('BAD_INPUT', `${at} claims ${JSON.stringify(name.slice(0, 60))}, and of ${type.name} nothing of that name can be verified. Fields are named as in the contract; ready questions are ${readyClaims.join(', ')}.`, { at });
  return claim;
}

function isReady(name: string): name is ReadyClaim {
  return (readyClaims as readonly string[]).includes(name);
}

function ofField(type: RecordType, field: RecordField | undefined): Claim | null {
  if (field?.kind !== 'leaf' || !verifiable.has(field.columnKind)) return null;
  const { name, items, columnKind } = field;
  const of = verified(field, columnKind === 'textList' ? 'AMONG' : 'EQUAL', columnKind === 'text' || columnKind === 'textList' ? formOf(type, name) : undefined);
  return { name, at: `${type.name}.${name}`, items, outputs: [of], read: (text, at) => [readers[columnKind as keyof typeof readers](text, at, of)], isMet: allTrue };
}

/** Numbers of persons may be of before 1999, wherever they stand. */
function formOf({ model }: RecordType, name: string): 'text' | 'idNumber' {
  return model.identifiers?.[name] === 'idNumber' || Object.values(model.personKeys ?? {}).includes(name) ? 'idNumber' : 'text';
}

const verifiable: ReadonlySet<string> = new Set(['text', 'textList', 'date', 'integer', 'decimal', 'flag']);

function wrong(at: string, what: string): HubError {
  return new HubError('BAD_INPUT', `The value of ${at} is no ${what}.`, { at });
}

const textOf = (text: string, at: string, { form = 'text' }: VerifyField): string => {
  const normal = normalized(text, form);
  if (normal === '') throw wrong(at, 'value: it is empty');
  return normal;
};

const readers = {
  text: textOf,
  textList: textOf,
  date: (text: string, at: string) => {
    const [, year = '', month = '', day = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(halfWidth(text)) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(halfWidth(text)) ?? [];
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (!isCalendarDay(date)) throw wrong(at, 'date (YYYY-MM-DD)');
    return date;
  },
  integer: (text: string, at: string) => {
    const plain = halfWidth(text);
    if (!/^-?\d{1,9}$/.test(plain)) throw wrong(at, 'whole number');
    return Number(plain);
  },
  decimal: (text: string, at: string) => {
    const plain = halfWidth(text);
    if (!/^-?\d{1,20}(\.\d{1,10})?$/.test(plain)) throw wrong(at, 'number');
    return plain;
  },
  flag: (text: string, at: string) => {
    const plain = halfWidth(text).toLowerCase();
    if (['true', '是', 'yes', '1'].includes(plain)) return true;
    if (['false', '否', 'no', '0'].includes(plain)) return false;
    throw wrong(at, 'yes or no (true, false)');
  },
} satisfies Readonly<Record<string, (text: string, at: string, of: VerifyField) => Compared>>;

function verified(of: LeafField, by: VerifyField['by'], form?: VerifyField['form']): VerifyField {
  return { kind: 'verify', name: of.name, items: of.items, of, argument: 'value', by, ...(form === undefined ? {} : { form }) };
}

/** A yes/no that is computed, as a claim may be. */
function computed(name: string, columnKind: LeafField['columnKind'], items: readonly string[], derived: NonNullable<LeafField['derived']>): LeafField {
  return { kind: 'leaf', name, items, use: 'verify', column: null, columnKind, derived, find: new Set() };
}

const leafOf = (type: RecordType, name: string): LeafField | null => {
  const field = type.fields.get(name);
  return field?.kind === 'leaf' ? field : null;
};

/** A claim of a ready question, judged at a place of its own beside the fields. */
function question(type: RecordType, name: ReadyClaim, of: Omit<Claim, 'name' | 'at' | 'items'>): Claim {
  return { name, at: `${type.name}.${name}`, items: [...new Set(of.outputs.flatMap(({ items }) => items))], ...of };
}

/** What is behind an edge of a type: the relation, the far type, and the items of the relation and of the fields that are looked at. */
function behind(contract: Contract, type: RecordType, edge: string, fields: readonly string[]): { readonly over: { readonly link: RelationField['link']; readonly type: RecordType }; readonly items: readonly string[] } | null {
  const relation = type.fields.get(edge);
  const far = relation?.kind === 'relation' ? contract.types.get(relation.link.toType) : undefined;
  if (relation?.kind !== 'relation' || far === undefined) return null;
  return { over: { link: relation.link, type: far }, items: [...relation.items, ...fields.flatMap((name) => far.fields.get(name)?.items ?? [])] };
}

/** A subtree of divisions: 620623 and 620623000000 are the whole county. */
function division(name: 'RESIDENT_OF' | 'REGISTERED_IN', column: string): (contract: Contract, type: RecordType) => Claim | null {
  return (_contract, type) => {
    const field = leafOf(type, column);
    return field === null ? null : question(type, name, {
      outputs: [verified(field, 'BELOW')],
      read: (text, at) => {
        const plain = halfWidth(text);
        if (!/^\d{2}(\d{2}){0,2}(\d{3}){0,2}$/.test(plain) || plain.length < 6) throw wrong(at, 'code of a division (6, 9 or 12 digits)');
        return [subtree(plain)];
      },
      isMet: allTrue,
    });
  };
}

/** The oldest that anybody could be: whoever is claimed to be no older than nothing, is claimed to be no older than this. */
const noAge = 1000;

const ready: Readonly<Record<ReadyClaim, (contract: Contract, type: RecordType) => Claim | null>> = {
  ALIVE: (_contract, type) => {
    const [status, death] = [leafOf(type, 'personStatus'), leafOf(type, 'deathDate')];
    if (status === null || death === null) return null;
    // Of whom registration was cancelled otherwise, nobody knows here.
    const alive = computed('alive', 'flag', [...status.items, ...death.items], {
      from: ['personStatus', 'deathDate'], over: null,
      compute: ({ personStatus, deathDate }, today) => sql`case when ${personStatus} = '死亡' or ${deathDate} <= ${today} then false when ${personStatus} in ('在籍', '迁出') then true end`,
    });
    return question(type, 'ALIVE', { outputs: [verified(alive, 'EQUAL')], read: (text, at) => [text.trim() === '' || readers.flag(text, at)], isMet: allTrue });
  },
  AGE_BAND: (_contract, type) => {
    const age = leafOf(type, 'age');
    return age === null ? null : question(type, 'AGE_BAND', {
      outputs: [verified(age, 'AT_LEAST'), verified(age, 'AT_LEAST')],
      read: (text, at) => {
        const [, from = '', to = ''] = /^(\d{0,3})\s*[-~–—至]\s*(\d{0,3})$/.exec(halfWidth(text)) ?? [];
        if (from === '' && to === '') throw wrong(at, 'age band (18-59, 80-, -17)');
        return [Number(from), to === '' ? noAge : Number(to) + 1];
      },
      isMet: ([low, high]) => low === true && high === false,
    });
  },
  RESIDENT_OF: division('RESIDENT_OF', 'residenceDivisionCode'),
  REGISTERED_IN: division('REGISTERED_IN', 'registeredDivisionCode'),
  HOLDS_VALID_CERTIFICATE: (contract, type) => {
    const far = behind(contract, type, 'certificates', ['typeCode', 'status', 'validFrom', 'validTo']);
    if (far === null) return null;
    const types = computed('validCertificateTypes', 'textList', far.items, {
      from: ['certificates'], over: { ...far.over, value: 'typeCode' },
      compute: ({ status, validFrom, validTo }, today) => sql`${status} = '01' and ${holdsOn(today, validFrom, validTo)}`,
    });
    return question(type, 'HOLDS_VALID_CERTIFICATE', {
      outputs: [verified(types, 'AMONG')],
      read: (text, at) => {
        const code = halfWidth(text).toUpperCase();
        if (!/^[0-9A-Z]{21}$/.test(code)) throw wrong(at, 'code of a type of certificates (21 characters, GB/T 36902)');
        return [code];
      },
      isMet: allTrue,
    });
  },
  NO_ACTIVE_LISTING: (contract, type) => {
    const far = behind(contract, type, 'creditListings', ['kind', 'status', 'removedOn']);
    if (far === null) return null;
    // 守信激励 commends: whoever stands on that list is on no list that anything hangs on.
    const listed = computed('activelyListed', 'flag', far.items, {
      from: ['creditListings'], over: far.over,
      compute: ({ kind, status, removedOn }, today) => sql`${status} = '在列' and coalesce(${removedOn} > ${today}, true) and ${kind} is distinct from '守信激励'`,
    });
    return question(type, 'NO_ACTIVE_LISTING', { outputs: [verified(listed, 'EQUAL')], read: (text, at) => [!(text.trim() === '' || readers.flag(text, at))], isMet: allTrue });
  },
};
