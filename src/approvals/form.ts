/**
 * What security administrators fill in, read and checked in one place: grants, territories, denials, seals, lists.
 *
 * First by form, then against what the hub knows: catalog, contract, consumers, matters, divisions, lists, seals. Everything that is
 * wrong is named. What would open nothing is refused with the reason, too: who grants it believes that it opens something.
 */
import { z } from 'zod';
import { code, line, refused } from '../identity/form.ts';
import type { Problem } from '../identity/form.ts';
import { couldTakePart } from '../identity/purpose.ts';
import { canJudge } from '../query/bounds.ts';
import type { Contract } from '../registries/contract.ts';
import { identifiers } from '../registries/identifiers/index.ts';
import type { RecordModel } from '../registries/record.ts';
import { shareTypeFor } from '../sharing/catalog.ts';
import type { Catalog, CatalogItem } from '../sharing/catalog.ts';
import type { Territory } from '../sharing/grant.ts';
import { isMaskName, masksFor } from '../sharing/mask.ts';
import { modes, uses } from '../sharing/terms.ts';
import type { Bound, Consumer, Matter, Use } from '../sharing/terms.ts';

const bound = z.strictObject({
  ownRows: line(50), category: z.array(line(10)).min(1, 'names no category').max(100), registrar: z.array(line(20)).min(1, 'names no registrar').max(100),
  division: z.strictObject({ by: z.enum(['RESIDENCE', 'REGISTRATION', 'LOCATION']), codes: z.array(line(12)).min(1, 'names no division').max(500) }),
  case: z.literal(true, 'is true, or is left out'), list: code, authorization: z.literal(true, 'is true, or is left out'),
}).partial().refine((own) => Object.values(own).filter((value) => value !== undefined).length === 1, 'is one of its kinds, and one only');

const moment = z.iso.datetime({ error: 'is no moment' });

const tuple = z.strictObject({
  item: line(50),
  uses: z.array(z.enum(uses)).min(1, 'names no use'),
  modes: z.array(z.enum(modes)).min(1, 'names no mode'),
  mask: line(50).nullish(),
  bounds: z.array(bound).max(10, 'has more than 10 bounds'),
  matters: z.array(code).min(1, 'names none: leave it out for every matter of the consumer').max(500).nullish(),
  quotaPerDay: z.int('is no whole number').min(1, 'is at least 1').nullish(),
  validFrom: moment.nullish(),
  validTo: moment.nullish(),
});

/** What is applied for: a line of a grant without what the whole application says. */
export const lineForm = tuple.omit({ matters: true, validFrom: true, validTo: true });

/** What is approved under one number. */
export const grantForm = z.strictObject({ approvalNo: line(100), consumer: code, tuples: z.array(tuple).min(1, 'grants nothing').max(2000, 'has more than 2000 lines'), seals: z.array(code).max(500) });

/** A consumer's territory. */
export const territoryForm = z.strictObject({
  consumer: code,
  territory: z.array(z.strictObject({ types: z.array(line(60)).min(1, 'names no type: leave it out for every type').nullish(), within: z.array(bound).min(1, 'names no place: then no record would exist').max(50) })).max(50),
});

export const denialForm = z.strictObject({
  code, item: line(50), because: line(200),
  whom: z.strictObject({ consumer: code, department: line(50) }).partial().refine((own) => (own.consumer === undefined) !== (own.department === undefined), 'is a consumer or a department'),
});

export const sealForm = z.strictObject({ code, because: line(200) });

export const listForm = z.strictObject({ code, name: line(200) });

export type BoundForm = z.infer<typeof bound>;
export type LineForm = z.infer<typeof lineForm>;
export type TupleForm = z.infer<typeof tuple>;
export type GrantForm = z.infer<typeof grantForm>;
export type TerritoryForm = z.infer<typeof territoryForm>;
export type DenialForm = z.infer<typeof denialForm>;

/** A line of a grant as it is written down; see identity/policy-rows.ts. */
export interface WrittenTuple {
  readonly item: string;
  readonly uses: TupleForm['uses'];
  readonly modes: TupleForm['modes'];
  readonly mask: string | null;
  readonly bounds: readonly Bound[];
  readonly matters: readonly string[] | null;
  readonly quotaPerDay: number | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** What the hub knows of all that a form names. */
export interface Known {
  readonly catalog: Catalog;
  readonly contract: Contract;
  readonly matters: ReadonlyMap<string, Matter>;
  readonly departments: ReadonlySet<string>;
  readonly divisions: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  readonly seals: ReadonlySet<string>;
  /** What other grants of the consumer let it have. */
  readonly held: readonly HeldTuple[];
}

/** As much of a tuple as tells whether it completes another. */
export interface HeldTuple {
  readonly item: string;
  readonly uses: readonly Use[];
  readonly mask: string | null;
}

/** All codes of divisions that bounds name, in the twelve digits of the registry. */
export function divisionsNamed(bounds: readonly BoundForm[]): readonly string[] {
  return [...new Set(bounds.flatMap(({ division }) => division?.codes ?? []).map(identifiers.divisionCode.normalize))];
}

/** How sentences call what is checked, and its lines. */
export interface Called {
  readonly what: string;
  readonly lines: string;
}

/** Checks a grant and gives its lines as they are written down. `now`: from when a line holds that does not say. */
export function checkGrant(grant: GrantForm, consumer: Consumer, known: Known, now: string, { what, lines }: Called = { what: `Grant ${grant.approvalNo}`, lines: 'tuples' }): readonly WrittenTuple[] {
  const problems: Problem[] = [];
  const written = grant.tuples.map((own, index): WrittenTuple => {
    const at = `${lines}[${index}]`;
    const problem = (field: string, says: string) => void problems.push({ at: `${at}.${field}`, says });
    const item = known.catalog.item(own.item);
    if (item === undefined) problem('item', `names ${own.item}, which is not in the catalog`);
    else checkItem(own, item, problem);
    const bounds = own.bounds.map((one, place) => readBound(one, known, (says) => problem(`bounds[${place}]`, says)));
    if (item !== undefined && bounds.length > 0) checkJudged(bounds, item, known.contract, (says) => problem('bounds', says));
    for (const one of own.matters ?? []) {
      const matter = known.matters.get(one);
      if (matter === undefined) problem('matters', `names ${one}, which is not registered`);
      else if (!couldTakePart(consumer, matter)) problem('matters', `names ${one}, in which the consumer's department has no part: it could never ask under it`);
    }
    const [validFrom, validTo] = [own.validFrom ?? now, own.validTo ?? null];
    if (validTo !== null && validFrom >= validTo) problem('validTo', 'is not after validFrom');
    return { item: own.item, uses: [...new Set(own.uses)], modes: [...new Set(own.modes)], mask: own.mask ?? null, bounds, matters: own.matters ?? null, quotaPerDay: own.quotaPerDay ?? null, validFrom, validTo };
  });
  problems.push(...completing(written, consumer, known, lines));
  for (const [index, own] of grant.seals.entries()) if (!known.seals.has(own)) problems.push({ at: `seals[${index}]`, says: `names ${own}, and there is no such seal` });
  if (problems.length > 0) throw refused(what, problems);
  return written;
}

function checkItem({ uses: wanted, mask }: TupleForm, item: CatalogItem, problem: (field: string, says: string) => void): void {
  const never = [...new Set(wanted)].filter((use) => shareTypeFor(item, use) === 'NOT_SHARED');
  if (never.length > 0) problem('item', `names ${item.name} (${item.code}), which is not shared (${never.join(', ')}): ${item.condition}`);
  if (mask === undefined || mask === null) return;
  const fitting = masksFor(item.mask);
  if (!isMaskName(mask) || !fitting.includes(mask)) problem('mask', `is ${mask}; ${item.name} (${item.code}) ${fitting.length === 0 ? 'is never masked' : `is masked by ${fitting.join(', ')}`}`);
  if (wanted.some((use) => use !== 'read')) problem('uses', 'of a masked value is read and nothing else');
}

/**
 * The birth date completes an ID number of which only that part is hidden, and the check character confirms it (see sharing/mask.ts):
 * nobody gets both.
 */
function completing(written: readonly WrittenTuple[], { department }: Consumer, { catalog, held }: Known, lines: string): readonly Problem[] {
  const family = (code: string): string => catalog.item(code)?.mask ?? '';
  const tellsBirth = ({ item, uses: own, mask }: HeldTuple): boolean => mask === null && own.includes('read') && family(item) === 'BIRTH_DATE';
  const open = [...catalog.items()].find(({ mask, shareType, ownerDepartment }) => mask === 'BIRTH_DATE' && (shareType === 'UNCONDITIONAL' || ownerDepartment === department));
  const birth = open?.code ?? [...held, ...written].find(tellsBirth)?.item;
  const hidden = held.find(({ mask }) => mask === 'ID_NUMBER')?.item;
  return written.flatMap((own, index): Problem[] => {
    if (own.mask === 'ID_NUMBER' && birth !== undefined) return [{ at: `${lines}[${index}].mask`, says: `is ID_NUMBER, which the birth date (${birth}) that this consumer may read completes; mask it by ID_NUMBER_STRICT` }];
    if (hidden !== undefined && tellsBirth(own)) return [{ at: `${lines}[${index}].item`, says: `is a birth date, which completes ${hidden}, held masked by ID_NUMBER under another approval; mask that by ID_NUMBER_STRICT first` }];
    return [];
  });
}

/** The types on which an item is judged: its own fields there, and for a relation the records to which it leads. What is computed from it is judged beside it. */
export function typesOf(item: string, types: Contract['types']): readonly RecordModel[] {
  const found = new Map<string, RecordModel>();
  const add = (name: string): void => {
    const type = types.get(name);
    if (type !== undefined) found.set(name, type.model);
  };
  for (const { name, existsItem, fields } of types.values()) {
    if (existsItem === item) add(name);
    for (const field of fields.values()) if (field.items.includes(item) && (field.kind !== 'leaf' || field.derived === null)) add(field.kind === 'relation' ? field.link.toType : name);
  }
  return [...found.values()];
}

function checkJudged(bounds: readonly Bound[], { code: item, name }: CatalogItem, contract: Contract, says: (sentence: string) => void): void {
  const models = typesOf(item, contract.types);
  if (models.some((model) => bounds.every((own) => canJudge(own, model)))) return;
  const alone = bounds.filter((own) => !models.some((model) => canJudge(own, model)));
  const which = alone.length > 0 ? alone.map(({ kind }) => kind).join(', ') : `${bounds.map(({ kind }) => kind).join(' and ')} together`;
  says(`cannot be judged on ${name} (${item}), which is of ${models.length === 0 ? 'no record type' : models.map(({ type }) => type).join(', ')}: ${which} would hold nowhere`);
}

/** A bound as the judge has it. */
function readBound(own: BoundForm, { departments, divisions, lists }: Known, says: (sentence: string) => void): Bound {
  if (own.ownRows !== undefined) {
    if (!departments.has(own.ownRows)) says(`names department ${own.ownRows}, and there is none`);
    return { kind: 'ownRows', department: own.ownRows };
  }
  if (own.division !== undefined) {
    const codes = divisionsNamed([own]);
    for (const one of codes) if (!divisions.has(one)) says(`names division ${one}, which the register of divisions does not have`);
    return { kind: 'division', by: own.division.by, codes };
  }
  if (own.category !== undefined) {
    for (const one of own.category) if (!/^[1-9A-Y][0-9A-Z]$/.test(one)) says(`names category ${one}; a category is the first two characters of a credit code (GB 32100)`);
    return { kind: 'category', codes: own.category };
  }
  if (own.registrar !== undefined) {
    for (const one of own.registrar) if (!/^\d{6}$/.test(one)) says(`names registrar ${one}; a registrar is six digits`);
    return { kind: 'registrar', codes: own.registrar };
  }
  if (own.list !== undefined) {
    if (!lists.has(own.list)) says(`names list ${own.list}; createList makes one`);
    return { kind: 'list', list: own.list };
  }
  return own.case === true ? { kind: 'case' } : { kind: 'authorization' };
}

/** A bound that was written down, as it would be given again. */
export function formOfBound(bound: Bound): BoundForm {
  switch (bound.kind) {
    case 'ownRows': return { ownRows: bound.department };
    case 'division': return { division: { by: bound.by, codes: [...bound.codes] } };
    case 'category': return { category: [...bound.codes] };
    case 'registrar': return { registrar: [...bound.codes] };
    case 'list': return { list: bound.list };
    case 'case': return { case: true };
    case 'authorization': return { authorization: true };
  }
}

/** Checks a territory and gives it as it is written down. */
export function checkTerritory({ territory }: TerritoryForm, known: Known): readonly Territory[] {
  const problems: Problem[] = [];
  const written = territory.map((own, index): Territory => {
    const at = `territory[${index}]`;
    const within = own.within.map((one, place) => {
      const read = readBound(one, known, (says) => problems.push({ at: `${at}.within[${place}]`, says }));
      if (read.kind === 'case') problems.push({ at: `${at}.within[${place}]`, says: 'is a case, which is no place; a grant may be bound to it' });
      return read;
    });
    for (const type of own.types ?? []) {
      const model = known.contract.types.get(type)?.model;
      if (model === undefined) problems.push({ at: `${at}.types`, says: `names ${type}, which is no record type` });
      else if (!within.some((one) => canJudge(one, model))) problems.push({ at: `${at}.types`, says: `names ${type}, on which none of its bounds can be judged: no ${type} would exist` });
    }
    return { types: own.types ?? null, within };
  });
  if (problems.length > 0) throw refused('The territory', problems);
  return written;
}
