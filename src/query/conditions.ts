/**
 * What an operation finds by: keys, filters and orders, read into conditions with an ask for each.
 *
 * A condition is never dropped: an explicit null, an empty filter object or an unreadable geometry is refused with
 * the argument's name, because a filter that silently falls away answers with everything.
 */
import { HubError } from '../errors.ts';
import type { LeafField, RecordType } from '../registries/contract.ts';
import { identifiers } from '../registries/identifiers/index.ts';
import { readBox, readGeometry } from '../registries/spatial/geometry.ts';
import type { Crs } from '../registries/spatial/crs.ts';
import type { Ask } from '../sharing/terms.ts';
import type { Given } from './input.ts';
import { limits } from './limits.ts';
import { spatialPredicates } from './tree.ts';
import type { Condition, OrderTerm, Run, Slot, SpatialPredicate, Test } from './tree.ts';

type Asking = (item: string, use: Ask['use'], at: string) => void;

/** Reads one full identifier: normalized by its standard, refused with a sentence when it is none. */
export function keySlot(slot: Slot, field: LeafField, type: RecordType, at: string): Slot {
  return (run) => identifierValue(slot(run), field, type, () => at, run);
}

/** Reads a batch of identifiers, at most `limits.keys`; the sentence names the wrong one by its place. */
export function keysSlot(slot: Slot, field: LeafField, type: RecordType, at: string): Slot {
  return (run) => {
    const values = slot(run) as readonly unknown[];
    if (values.length > limits.keys) throw new HubError('TOO_MANY_KEYS', `${at} holds ${values.length} keys; the limit is ${limits.keys} a batch.`, { at, limit: limits.keys });
    return values.map((value, index) => identifierValue(value, field, type, () => `${at}[${index}]`, run));
  };
}

/** One identifier in its one form, or `BAD_INPUT`. `at` is asked only where something is wrong. */
export function identifierValue(value: unknown, field: LeafField, type: RecordType, at: () => string, run: Pick<Run, 'today'>): string {
  if (typeof value !== 'string') throw new HubError('BAD_INPUT', `${at()} must be a text.`, { at: at() });
  const name = type.model.identifiers?.[field.name];
  if (name === undefined) return value.trim();
  const identifier = identifiers[name];
  const normalized = identifier.normalize(value);
  const problem = identifier.problem(normalized, run.today);
  if (problem !== null) throw new HubError('BAD_INPUT', `${at()} is no ${identifier.nameZh} (${identifier.standard}): ${problem}`, { at: at() });
  return normalized;
}

/** Reads a `where` argument. All conditions must hold. */
export function readConditions(type: RecordType, where: Given, at: string, ask: Asking): Condition[] {
  if (where.kind === 'absent') return [];
  const conditions: Condition[] = [];
  for (const [name, tests] of objectFields(where, at)) {
    const field = type.fields.get(name);
    const place = `${at.slice(0, -1)}.${name})`;
    if (field?.kind !== 'leaf') throw new HubError('CONTRACT_BROKEN', `${place} filters by what is no value.`);
    const entries = [...objectFields(tests, place)];
    if (entries.length === 0) throw new HubError('BAD_INPUT', `${place} is empty; give a condition or leave it out.`, { at: place });
    for (const [op, value] of entries) {
      const use = field.find.has('KEY') && (op === 'eq' || op === 'in') ? 'key' : 'find';
      for (const item of field.items) ask(item, use, place);
      conditions.push({ at: place, use, field, test: readTest(type, field, op, value, `${place.slice(0, -1)}.${op})`) });
    }
  }
  return conditions;
}

function readTest(type: RecordType, field: LeafField, op: string, value: Given, at: string): Test {
  if (value.kind === 'null') throw refusedNull(at);
  switch (op) {
    case 'eq': {
      const slot = slotOf(value, at);
      return { op, value: (run) => oneValue(slot(run), field, type, at, run) };
    }
    case 'in': {
      const slot = slotOf(value, at);
      return { op, value: (run) => inValues(slot(run), field, type, at, run) };
    }
    case 'startsWith':
    case 'gt': case 'gte': case 'lt': case 'lte':
      return { op, value: slotOf(value, at) };
    case 'withinDistance': {
      const fields = objectFields(value, at);
      const metres = slotOf(fields.get('metres'), `${at}.metres`);
      return { op, geometry: geometrySlot(fields.get('of'), `${at}.of`), metres: (run) => distance(metres(run), `${at}.metres`) };
    }
    case 'box':
      return { op, corners: boxCorners(value, at) };
    default:
      if (!(spatialPredicates as readonly string[]).includes(op)) throw new HubError('CONTRACT_BROKEN', `${at} is no condition.`);
      return { op: op as SpatialPredicate, geometry: geometrySlot(value, at) };
  }
}

function inValues(value: unknown, field: LeafField, type: RecordType, at: string, run: Run): unknown[] {
  const values = value as readonly unknown[];
  if (values.length > limits.inValues) throw new HubError('TOO_MANY_KEYS', `${at} holds ${values.length} values; the limit is ${limits.inValues}.`, { at, limit: limits.inValues });
  return values.map((one, index) => oneValue(one, field, type, `${at}[${index}]`, run));
}

function oneValue(value: unknown, field: LeafField, type: RecordType, at: string, run: Run): unknown {
  return typeof value === 'string' ? identifierValue(value, field, type, () => at, run) : value;
}

function geometrySlot(value: Given | undefined, at: string): Slot {
  const fields = objectFields(value, at);
  const geojson = slotOf(fields.get('geojson'), `${at}.geojson`);
  const crs = crsOf(fields.get('crs'));
  return (run) => JSON.stringify(named(at, () => readGeometry(geojson(run), crs)));
}

function boxCorners(value: Given, at: string): readonly [Slot, Slot, Slot, Slot] {
  const fields = objectFields(value, at);
  const crs = crsOf(fields.get('crs'));
  const sides = (['west', 'south', 'east', 'north'] as const).map((side) => slotOf(fields.get(side), `${at}.${side}`));
  const corner = (index: number): Slot => (run) =>
    named(at, () => readBox(sides.map((side) => side(run)) as [number, number, number, number], crs))[index];
  return [corner(0), corner(1), corner(2), corner(3)];
}

function crsOf(value: Given | undefined): Crs {
  return (value?.kind === 'enum' ? value.value : 'EPSG4490') as Crs;
}

/** Adds the argument's name to a refusal of a geometry. */
function named<T>(at: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof HubError) throw new HubError(error.code, `${at}: ${error.message}`, { ...error.details, at });
    throw error;
  }
}

function distance(value: unknown, at: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 100_000) return value;
  throw new HubError('BAD_INPUT', `${at} must be from 0 to 100000 metres.`, { at });
}

/** Reads an `orderBy` argument: at most three terms, each one field. */
export function readOrder(type: RecordType, orderBy: Given, at: string, ask: (item: string, at: string) => void): OrderTerm[] {
  if (orderBy.kind === 'absent' || orderBy.kind === 'null') return [];
  if (orderBy.kind !== 'list') throw new HubError('BAD_INPUT', `${at} must be a list of terms.`, { at });
  if (orderBy.items.length > 3) throw new HubError('BAD_INPUT', `${at} holds ${orderBy.items.length} terms; the limit is 3.`, { at });
  return orderBy.items.map((term) => {
    const fields = objectFields(term, at);
    const name = fields.get('field');
    const direction = fields.get('direction');
    const field = name?.kind === 'enum' ? type.fields.get(name.value) : undefined;
    if (field?.kind !== 'leaf') throw new HubError('BAD_INPUT', `${at} needs a field in every term.`, { at });
    const place = `${at.slice(0, -1)}.${field.name})`;
    for (const item of field.items) ask(item, place);
    return { at: place, field, descending: direction?.kind === 'enum' && direction.value === 'DESC' };
  });
}

function objectFields(value: Given | undefined, at: string): ReadonlyMap<string, Given> {
  if (value?.kind === 'object') return value.fields;
  throw value?.kind === 'null' ? refusedNull(at) : new HubError('BAD_INPUT', `${at} needs a value.`, { at });
}

function slotOf(value: Given | undefined, at: string): Slot {
  if (value?.kind === 'scalar') return value.slot;
  if (value?.kind === 'enum') return () => value.value;
  throw value?.kind === 'null' ? refusedNull(at) : new HubError('BAD_INPUT', `${at} needs a value.`, { at });
}

function refusedNull(at: string): HubError {
  return new HubError('BAD_INPUT', `${at} is null, which is no condition; give a value or leave it out.`, { at });
}
