/**
 * Households as they are made up: who lives in them, how they are related, when they were born, married and died.
 *
 * Only facts, no records yet. Each household is drawn from its own stream (seed and household number); what it shares with
 * the others is the book of ID numbers, so that no number is given twice.
 */
import { idNumberWithCheck } from '../registries/identifiers/index.ts';
import { ageOn, dateOf, dayOf, yearsAfter } from './days.ts';
import { personName } from './names.ts';
import type { Village } from './places.ts';
import { Random } from './random.ts';

export type Sex = '1' | '2';

/** Relations to the head of the household (GB/T 4761). */
export type Relation = '02' | '11' | '12' | '20' | '30' | '40' | '51' | '52';

export interface Member {
  /** His or her number in the household, from 1. */
  readonly no: number;
  readonly idNumber: string;
  readonly name: string;
  readonly surname: string;
  readonly tibetan: string | undefined;
  readonly sex: Sex;
  readonly ethnicity: string;
  readonly birth: number;
  /** Modern code of the county of birth. */
  readonly bornIn: string;
  relation: Relation | undefined;
  father: Member | undefined;
  mother: Member | undefined;
  spouse: Member | undefined;
  married: number | undefined;
  divorced: number | undefined;
  died: number | undefined;
  movedOut: number | undefined;
}

/** One household with its place. */
export interface Home {
  /** Its number in the whole county, from 0. */
  readonly index: number;
  /** Its number in the village, from 0. */
  readonly nth: number;
  readonly village: Village;
  /** Registered elsewhere, living here. */
  readonly migrant: boolean;
  /** Of a migrant household: the county where it is registered. */
  readonly homeDivision: string;
  readonly members: readonly Member[];
  readonly head: Member;
  readonly random: Random;
}

/** Is the member alive and still of this household? */
export function present(member: Member): boolean {
  return member.died === undefined && member.movedOut === undefined;
}

/** ID numbers are given in turn for each division, day and sex, so each is given once however large the county is. */
export class NumberBook {
  readonly #given = new Map<string, Uint16Array>();

  take(prefix: string, birth: number, sex: Sex): string {
    let given = this.#given.get(prefix);
    if (given === undefined) this.#given.set(prefix, (given = new Uint16Array(2 * 90_000)));
    const place = (birth + 40_000) * 2 + (sex === '1' ? 1 : 0);
    const count = given[place] ?? 0;
    if (count >= 500) throw new RangeError(`No ID number is left for ${prefix} on ${dateOf(birth)}.`);
    given[place] = count + 1;
    const serial = ((count * 37 + (birth + 40_000) * 11) % 500) * 2 + (sex === '1' ? 1 : 0);
    return idNumberWithCheck(`${prefix}${dateOf(birth).replaceAll('-', '')}${String(serial).padStart(3, '0')}`);
  }
}

type Kind = 'elder' | 'single' | 'couple' | 'nuclear' | 'extended' | 'divorced' | 'grand';

const kinds: readonly (readonly [Kind, number])[] = [['elder', 9], ['single', 9], ['couple', 19], ['nuclear', 36], ['extended', 20], ['divorced', 4], ['grand', 3]];
const headAges: Readonly<Record<Kind, readonly [number, number]>> = {
  elder: [62, 88], single: [21, 60], couple: [25, 82], nuclear: [25, 57], extended: [29, 57], divorced: [28, 54], grand: [58, 76],
};
const ethnicities: readonly (readonly [string, number])[] = [['01', 60], ['04', 30], ['30', 5], ['02', 2], ['03', 2], ['11', 0.5], ['26', 0.5]];

/** Where people come from who were born elsewhere: division of old numbers, division of new ones. */
const elsewhere: readonly (readonly [string, string])[] = [
  ['622301', '620602'], ['622322', '620621'], ['622323', '620622'], ['620102', '620102'], ['620121', '620121'], ['632123', '630202'], ['622226', '620725'],
];

/** The day from which new numbers carried the new division. */
const renumbered = dayOf('2002-01-01');

/** What households are drawn from. */
export interface Ground {
  readonly seed: string;
  readonly today: number;
  readonly numbers: NumberBook;
}

/** Makes up one household of at most `room` people. */
export function makeHome(ground: Ground, village: Village, index: number, nth: number, room: number): Home {
  const random = new Random(`${ground.seed}/home/${index}`);
  return new Maker(ground, village, random, room).home(index, nth);
}

class Maker {
  readonly #today: number;
  readonly #numbers: NumberBook;
  readonly #village: Village;
  readonly #random: Random;
  readonly #room: number;
  readonly #members: Member[] = [];
  #origin: readonly [string, string] | undefined;

  constructor({ today, numbers }: Ground, village: Village, random: Random, room: number) {
    [this.#today, this.#numbers, this.#village, this.#random, this.#room] = [today, numbers, village, random, room];
  }

  home(index: number, nth: number): Home {
    const random = this.#random;
    const migrant = random.chance(this.#village.rural ? 0.015 : 0.09);
    if (migrant) this.#origin = random.pick(elsewhere);
    const kind: Kind = this.#room === 1 ? random.pick(['elder', 'single']) : random.weighted(migrant ? kinds.filter(([name]) => name !== 'grand') : kinds);
    const [low, high] = headAges[kind];
    const ethnicity = random.weighted(ethnicities);
    const sex: Sex = kind === 'elder' ? (random.chance(0.35) ? '1' : '2') : random.chance(0.82) ? '1' : '2';
    const head = this.#person(sex, ethnicity, this.#birthAt(random.int(low, high)), undefined);
    head.relation = '02';
    if (kind === 'elder' && this.#hasRoom() && random.chance(0.6)) this.#late(head);
    if (kind === 'couple' || kind === 'nuclear' || kind === 'extended' || kind === 'grand') this.#marry(head);
    if (kind === 'divorced' && this.#hasRoom()) this.#divorce(head);
    if (kind === 'nuclear' || kind === 'extended' || kind === 'divorced') this.#children(head, kind === 'divorced' ? 1 : random.weighted([[1, 45], [2, 45], [3, 10]]));
    if (kind === 'grand') this.#grandchild(head);
    if (kind === 'extended') this.#parents(head);
    if (random.chance(0.02)) this.#moveOut(head);
    const homeDivision = this.#origin?.[1] ?? this.#village.township.county.code;
    return { index, nth, village: this.#village, migrant, homeDivision, members: this.#members, head, random };
  }

  #hasRoom(): boolean {
    return this.#members.length < Math.min(this.#room, 7);
  }

  #birthAt(age: number): number {
    return this.#today - Math.floor(age * 365.25) - this.#random.int(1, 364);
  }

  #person(sex: Sex, ethnicity: string, birth: number, surname: string | undefined, outsider = false): Member {
    const random = this.#random;
    const county = this.#village.township.county;
    const [old, now] = outsider ? random.pick(elsewhere) : (this.#origin ?? [county.oldCode, county.code]);
    const { name, surname: family, tibetan } = personName(random, sex, ethnicity, surname);
    const member: Member = {
      no: this.#members.length + 1, idNumber: this.#numbers.take(birth < renumbered ? old : now, birth, sex),
      name, surname: family, tibetan, sex, ethnicity, birth, bornIn: now, relation: undefined,
      father: undefined, mother: undefined, spouse: undefined, married: undefined, divorced: undefined, died: undefined, movedOut: undefined,
    };
    this.#members.push(member);
    return member;
  }

  #partner(of: Member): Member {
    const random = this.#random;
    const ethnicity = random.chance(0.8) ? of.ethnicity : random.weighted(ethnicities);
    const near = of.birth + random.int(-1500, 1500);
    // Too young to marry is not moved to one day: numbers of a day are few.
    const birth = near > this.#today - 8400 ? this.#today - 8400 - random.int(0, 900) : near;
    const spouse = this.#person(of.sex === '1' ? '2' : '1', ethnicity, birth, undefined, random.chance(0.2));
    const [man, woman] = of.sex === '1' ? [of, spouse] : [spouse, of];
    const earliest = Math.max(yearsAfter(man.birth, 22), yearsAfter(woman.birth, 20));
    const married = Math.min(earliest + random.int(1, 2200), Math.max(earliest, this.#today - 40));
    [of.spouse, spouse.spouse, of.married, spouse.married] = [spouse, of, married, married];
    return spouse;
  }

  #marry(head: Member): void {
    if (!this.#hasRoom()) return;
    const spouse = this.#partner(head);
    spouse.relation = spouse.sex === '1' ? '11' : '12';
  }

  /** A husband or wife who has died. */
  #late(head: Member): void {
    const spouse = this.#partner(head);
    spouse.relation = spouse.sex === '1' ? '11' : '12';
    this.#die(spouse, (head.married ?? head.birth) + 9000);
  }

  #divorce(head: Member): void {
    const other = this.#partner(head);
    const divorced = Math.min((head.married ?? head.birth) + this.#random.int(900, 5000), this.#today - 20);
    [head.divorced, other.divorced, other.movedOut] = [divorced, divorced, Math.min(divorced + this.#random.int(1, 60), this.#today - 1)];
  }

  #die(member: Member, earliest: number): void {
    if (earliest < this.#today - 60) member.died = this.#random.int(earliest, this.#today - 30);
  }

  #children(head: Member, count: number): void {
    const random = this.#random;
    const [father, mother] = head.sex === '1' ? [head, head.spouse] : [head.spouse, head];
    let birth = (head.married ?? yearsAfter(head.birth, 23)) + random.int(300, 1200);
    const latest = Math.min(this.#today - 3, mother === undefined ? this.#today : yearsAfter(mother.birth, 45), head.divorced ?? this.#today);
    for (let i = 0; i < count && birth <= latest && this.#hasRoom(); i += 1) {
      if (ageOn(birth, this.#today) < 26 || random.chance(0.35)) {
        const sex: Sex = random.chance(0.52) ? '1' : '2';
        const child = this.#person(sex, (random.chance(0.8) ? father : mother)?.ethnicity ?? head.ethnicity, birth, father?.surname === '' ? undefined : father?.surname);
        [child.relation, child.father, child.mother] = [sex === '1' ? '20' : '30', father, mother];
      }
      birth += random.int(500, 2200);
    }
  }

  /** A grandchild whose parents are away. */
  #grandchild(head: Member): void {
    if (!this.#hasRoom()) return;
    const surname = head.sex === '1' ? head.surname : head.spouse?.surname;
    const child = this.#person(this.#random.pick(['1', '2'] as const), head.ethnicity, this.#birthAt(this.#random.int(2, 15)), surname === '' ? undefined : surname);
    child.relation = '40';
  }

  #parents(head: Member): void {
    const random = this.#random;
    if (!this.#hasRoom()) return;
    const both = this.#members.length + 2 <= Math.min(this.#room, 7) && random.chance(0.7);
    const ages = { '1': head.birth - random.int(9200, 12_000), '2': head.birth - random.int(8500, 11_200) };
    const surname = head.surname === '' ? undefined : head.surname;
    const father = both || random.chance(0.4) ? this.#person('1', head.ethnicity, ages['1'], surname) : undefined;
    const mother = both || father === undefined ? this.#person('2', head.ethnicity, ages['2'], undefined) : undefined;
    if (father !== undefined) [father.relation, head.father] = ['51', father];
    if (mother !== undefined) [mother.relation, head.mother] = ['52', mother];
    if (father !== undefined && mother !== undefined) {
      const married = head.birth - random.int(300, 800);
      [father.spouse, mother.spouse, father.married, mother.married] = [mother, father, married, married];
    }
    for (const parent of [father, mother]) {
      const age = parent === undefined ? 0 : ageOn(parent.birth, this.#today);
      if (parent !== undefined && random.chance(age > 95 ? 1 : age > 80 ? 0.4 : 0.12)) this.#die(parent, head.birth + 1000);
    }
  }

  /** A grown child who has moved its registration away. */
  #moveOut(head: Member): void {
    const gone = this.#members.find((member) => member !== head && (member.relation === '20' || member.relation === '30') && ageOn(member.birth, this.#today) >= 19);
    if (gone !== undefined) gone.movedOut = this.#random.int(yearsAfter(gone.birth, 18) + 60, this.#today - 5);
  }
}
