/**
 * What a caller may have on each row, told plainly and slowly: the judge's verdicts, and on every row in memory whether their bounds
 * hold. It shares the judge with the hub, and nothing with the compiler. What was found out about a row is remembered: the same is asked
 * for each of its fields and each use.
 */
import type { Bound, Use } from '../../src/sharing/terms.ts';
import { maskNamed, masksFor } from '../../src/sharing/mask.ts';
import type { MaskName } from '../../src/sharing/mask.ts';
import { decide } from '../../src/sharing/verdict.ts';
import type { Standpoint } from '../../src/sharing/verdict.ts';
import type { TypeMeta } from './contract.ts';
import type { Data, Row, Value } from './data.ts';
import type { PolicyFacts } from './policies.ts';

/** Nowhere, everywhere, or on some rows. */
export type Extent = 'none' | 'some' | 'all';

/** Ways of one item and use, by what they show. */
interface Ways {
  readonly extent: Extent;
  readonly underCase: boolean;
  readonly ways: readonly { readonly mask: MaskName | null; readonly bounds: readonly Bound[] }[];
}

/** Today's record → those whom it is about, whoever asks. */
const peopleOf = new WeakMap<Row, readonly Row[]>();

/** See the head of this file. */
export class Permission {
  readonly #standpoint: Standpoint;
  readonly #data: Data;
  readonly #facts: PolicyFacts;
  readonly #decided = new Map<string, Ways>();
  readonly #held = new WeakMap<Bound, WeakMap<Row, boolean>>();
  readonly #sealed: ReadonlySet<string>;

  constructor(standpoint: Standpoint, data: Data, facts: PolicyFacts) {
    this.#standpoint = standpoint;
    this.#data = data;
    this.#facts = facts;
    this.#sealed = new Set([...facts.seals].filter(([code]) => !standpoint.policy.seals.includes(code)).map(([, key]) => key));
  }

  /** On how many rows something of the item may be had for a use, a mask of it too unless the whole value is needed. */
  extent(item: string, use: Use, whole = false): Extent {
    const { extent, ways } = this.#ways(item, use);
    if (!whole) return extent;
    const plain = ways.filter(({ mask }) => mask === null);
    return plain.length === 0 ? 'none' : plain.some(({ bounds }) => bounds.length === 0) ? 'all' : 'some';
  }

  /** Is every way of a key under the case? */
  isUnderCase(item: string): boolean {
    return this.#ways(item, 'key').underCase;
  }

  /** May the value itself be used so on this row? */
  may(type: TypeMeta, row: Row, item: string, use: Use): boolean {
    return this.#ways(item, use).ways.some(({ mask, bounds }) => mask === null && this.#hold(type, row, bounds));
  }

  /** What of a value may be read on this row: null for all of it, a mask, or undefined for nothing. */
  shown(type: TypeMeta, row: Row, item: string): MaskName | null | undefined {
    const { ways } = this.#ways(item, 'read');
    const open = ways.filter(({ bounds }) => this.#hold(type, row, bounds)).map(({ mask }) => mask);
    if (open.includes(null)) return null;
    return masksFor(this.#standpoint.catalog.item(item)?.mask ?? '').find((mask) => open.includes(mask));
  }

  /** What is left of a value under what is shown of it. */
  masked(mask: MaskName | null, value: unknown): unknown {
    if (mask === null || value === null || value === undefined) return value;
    return Array.isArray(value) ? value.map((one) => maskNamed(mask).apply(String(one))) : maskNamed(mask).apply(String(value));
  }

  /** Does a record exist for the caller: is something of it to be read or verified, in the territory, about nobody sealed? */
  exists(type: TypeMeta, row: Row): boolean {
    return this.#inTerritory(type, row) && this.#isOpen(type, row) && type.items.some((item) => (['read', 'verify'] as const).some((use) => this.#ways(item, use).ways.some(({ bounds }) => this.#hold(type, row, bounds))));
  }

  /** Is a field about somebody sealed, whom its record only mentions? */
  isAboutSealed(type: TypeMeta, row: Row, field: string): boolean {
    const key = Object.entries(type.model.subject.mentions ?? {}).find(([, fields]) => fields.includes(field))?.[0];
    return key !== undefined && this.#sealed.has(String(row[key]));
  }

  #ways(item: string, use: Use): Ways {
    const place = `${item} ${use}`;
    const known = this.#decided.get(place);
    if (known) return known;
    const { ways } = decide({ item, use, at: '' }, this.#standpoint);
    const made: Ways = {
      ways, extent: ways.length === 0 ? 'none' : ways.some(({ bounds }) => bounds.length === 0) ? 'all' : 'some',
      underCase: ways.length > 0 && ways.every(({ bounds }) => bounds.some(({ kind }) => kind === 'case')),
    };
    this.#decided.set(place, made);
    return made;
  }

  #inTerritory(type: TypeMeta, row: Row): boolean {
    return this.#standpoint.policy.territory.every(({ types, within }) => {
      if (types !== null) return !types.includes(type.name) || within.some((bound) => this.#hold(type, row, [bound]));
      const judged = within.filter((bound) => this.#isJudged(type, bound));
      return judged.length === 0 || judged.some((bound) => this.#hold(type, row, [bound]));
    });
  }

  #isJudged({ model: { subject } }: TypeMeta, bound: Bound): boolean {
    const persons = subject.persons !== undefined || subject.members !== undefined;
    const entities = subject.entities !== undefined;
    if (bound.kind === 'ownRows') return true;
    if (bound.kind === 'division') return bound.by === 'LOCATION' ? subject.place !== undefined : persons && !entities;
    return bound.kind === 'category' || bound.kind === 'registrar' ? entities && !persons : persons || entities;
  }

  /** Nobody whom the row asked for, or today's, is about is sealed; of a household, somebody is not. */
  #isOpen(type: TypeMeta, row: Row): boolean {
    const { persons = [], members } = type.model.subject;
    const rows = [row, this.#today(type, row)];
    if (rows.some((one) => persons.some((field) => listed(one?.[field]).some((key) => this.#sealed.has(key))))) return false;
    if (members === undefined) return true;
    const all = this.#persons().filter((person) => isSame(person[members], row[members]));
    return all.length === 0 || all.some((person) => !this.#sealed.has(String(person['personKey'])));
  }

  /** All of these bounds hold on today's record. */
  #hold(type: TypeMeta, row: Row, bounds: readonly Bound[]): boolean {
    if (bounds.length === 0) return true;
    const today = this.#today(type, row);
    return today !== undefined && bounds.every((bound) => {
      const held = this.#held.get(bound) ?? new WeakMap<Row, boolean>();
      this.#held.set(bound, held);
      const holds = held.get(today) ?? this.#holds(type, today, bound);
      held.set(today, holds);
      return holds;
    });
  }

  #holds(type: TypeMeta, today: Row, bound: Bound): boolean {
    const { subject } = type.model;
    switch (bound.kind) {
      case 'ownRows': return today['source'] === bound.department;
      case 'division': {
        if (bound.by === 'LOCATION') return subject.place !== undefined && isBelow(today[subject.place], bound.codes);
        const field = bound.by === 'RESIDENCE' ? 'residenceDivisionCode' : 'registeredDivisionCode';
        if (type.name === 'Person') return isBelow(today[field], bound.codes);
        return this.#people(type, today).some((person) => isBelow(person[field], bound.codes));
      }
      case 'category': return this.#entityHas(type, today, 'category', bound.codes);
      case 'registrar': return this.#entityHas(type, today, 'registrarCode', bound.codes);
      case 'case': return this.#isAbout(type, today, this.#facts.caseKeys);
      case 'list': return this.#isAbout(type, today, this.#facts.lists.get(bound.list) ?? new Set());
      case 'authorization': return this.#isAbout(type, today, this.#facts.authorized);
    }
  }

  #isAbout(type: TypeMeta, today: Row, keys: ReadonlySet<string>): boolean {
    const { persons = [], entities = [], members } = type.model.subject;
    if ([...persons, ...entities].some((field) => listed(today[field]).some((key) => keys.has(key)))) return true;
    return members !== undefined && this.#people(type, today).some((person) => keys.has(String(person['personKey'])));
  }

  /** Today's records of those whom a record is about. */
  #people(type: TypeMeta, today: Row): readonly Row[] {
    const known = peopleOf.get(today);
    if (known !== undefined) return known;
    const { persons = [], members } = type.model.subject;
    const people = this.#persons().filter((person) => (members !== undefined && isSame(person[members], today[members])) || persons.some((field) => listed(today[field]).some((key) => key === person['personKey'])));
    peopleOf.set(today, people);
    return people;
  }

  #entityHas(type: TypeMeta, today: Row, field: string, codes: readonly string[]): boolean {
    if (type.name === 'LegalEntity') return codes.includes(String(today[field]));
    const usccs = (type.model.subject.entities ?? []).flatMap((own) => listed(today[own]));
    return (this.#data.get('LegalEntity')?.current ?? []).some((entity) => usccs.includes(String(entity['uscc'])) && codes.includes(String(entity[field])));
  }

  #persons(): readonly Row[] {
    return this.#data.get('Person')?.current ?? [];
  }

  #today(type: TypeMeta, row: Row): Row | undefined {
    return this.#data.get(type.name)?.byId.get(String(row['id']));
  }
}

/** One value or several, as a list. */
export function listed(value: Value | undefined): readonly string[] {
  return value === null || value === undefined ? [] : Array.isArray(value) ? value : [String(value)];
}

function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return a !== null && a !== undefined && a === b;
}

/** Padding zeros of a 12-digit code are no part of where its subtree begins. */
function isBelow(code: Value | undefined, subtrees: readonly string[]): boolean {
  if (code === null || code === undefined) return false;
  return subtrees.some((subtree) => String(code).startsWith(subtree.length === 12 ? significant(subtree) : subtree));
}

function significant(code: string): string {
  for (const length of [2, 4, 6, 9]) if (/^\d+$/.test(code) && /^0*$/.test(code.slice(length))) return code.slice(0, length);
  return code;
}
