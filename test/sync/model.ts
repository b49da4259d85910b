/**
 * What two hubs in step have to hold, in a page: each department's last word, at its home; a copy of it wherever it may be had; and of
 * each record what the order of sources makes of those words. Nothing here knows of pages, cursors, logs, leases or days: whatever
 * happens on the way, it has to end in this.
 */
import { mergeSources } from '../../src/records/merge.ts';
import { canonicalText } from '../../src/records/timeline.ts';
import type { Values } from '../../src/records/timeline.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/id-number.ts';
import { records } from '../../src/registries/index.ts';
import type { RecordModel } from '../../src/registries/record.ts';

/** The hub of the county, and the divisions in and outside of it. */
export const division = '620623';
export const divisions = { inside: '620623100001', outside: '620602003001' } as const;

/** The types of the model: persons, and what hangs on a person and lies where he lives. */
export const typeNames = ['Person', 'DisabilityRecord'] as const;
export type TypeName = (typeof typeNames)[number];
export const models = Object.fromEntries(typeNames.map((name) => [name, records.find(({ type }) => type === name)])) as Readonly<Record<TypeName, RecordModel>>;

/** Who tells of each type. Departments of the county are at home there, the others in the city. */
export const tellers: Readonly<Record<TypeName, readonly string[]>> = {
  Person: ['620600-GA', '620600-MZ', '620623-GA', '620623-MZ'],
  DisabilityRecord: ['620600-CL', '620623-CL'],
};

/** A handful of people. */
export const people: readonly string[] = ['62062319900101001', '62062319850203004', '62060219700512002'].map(idNumberWithCheck);

/** Fields that are told, with the values that they take; null is told to be empty. */
export const choices: Readonly<Record<TypeName, Readonly<Record<string, readonly (string | null)[]>>>> = {
  Person: { name: ['甲', '乙', '丙'], phone: ['13900000001', '13900000002', null], maritalStatusCode: ['10', '20'], residenceDivisionCode: [divisions.inside, divisions.outside] },
  DisabilityRecord: { name: ['甲', '乙'], status: ['有效', '冻结'], guardianName: ['丁', '戊', null] },
};

/** Fields that every word tells: by what it is known which record is meant. */
export function naming(type: TypeName, person: number): Values {
  const idNumber = people[person] as string;
  return type === 'Person' ? { idNumber } : { certNo: `${idNumber}43`, idNumber };
}

/** What the city lets the county have. */
export interface Rights {
  readonly types: readonly TypeName[];
  /** Fields that it may not have at all. */
  readonly without: readonly string[];
  /** The telephone of those only who live in the county. */
  readonly phoneInside: boolean;
  /** Types of which it may have those only who live in the county, and what hangs on them. */
  readonly territory: readonly TypeName[];
}

/** A department's last word of a record. */
export interface Word {
  readonly type: TypeName;
  readonly source: string;
  readonly key: string;
  readonly person: number;
  readonly version: number;
  /** Which of all words it was: of two that weigh the same, the later one counts. */
  readonly at: number;
  readonly deleted: boolean;
  readonly values: Values;
}

/** What a department says. */
export interface Saying {
  readonly type: TypeName;
  readonly source: string;
  readonly key: string;
  readonly person: number;
  readonly values: Values;
  /** These are all that it tells; else the others stay as they were. */
  readonly whole: boolean;
  readonly deleted: boolean;
}

const nameOf = ({ type, source, key }: Pick<Word, 'type' | 'source' | 'key'>): string => `${type} ${source} ${key}`;

/** See the head of this file. */
export class Reference {
  rights: Rights;
  readonly words = new Map<string, Word>();
  #said = 0;
  readonly #ever = new Map<string, Set<string>>();

  constructor(rights: Rights) {
    this.rights = rights;
  }

  last({ type, source, key }: Pick<Word, 'type' | 'source' | 'key'>): Word | undefined {
    return this.words.get(nameOf({ type, source, key }));
  }

  /** Takes what a department says, in a newer version than all before. Gives the version. */
  say({ whole, deleted, values, ...saying }: Saying): number {
    const before = this.last(saying);
    const version = (before?.version ?? 0) + 1;
    const kept = before === undefined || before.deleted || whole ? {} : before.values;
    const word = { ...saying, version, at: this.#said += 1, deleted, values: deleted ? {} : { ...kept, ...naming(saying.type, saying.person), ...values } };
    this.words.set(nameOf(word), word);
    for (const [field, value] of Object.entries(word.values)) this.#told(word, field).add(canonicalText(value));
    return version;
  }

  /** A department corrects the past: its word stays as it was, and where it has said nothing yet a place is kept for it. */
  correct(saying: Pick<Saying, 'type' | 'source' | 'key' | 'person'>): number {
    const before = this.last(saying);
    if (before !== undefined) return before.version + 1;
    const { type, source, key, person } = saying;
    this.words.set(nameOf(saying), { type, source, key, person, version: 0, at: 0, deleted: true, values: {} });
    return 1;
  }

  /** Was a value ever told by this source? Of a field that is not shown any more, it may be kept where it was once. */
  wasTold(word: Word, field: string, value: unknown): boolean {
    return this.#told(word, field).has(canonicalText(value));
  }

  /** The words of departments at home in the county. */
  ofCounty(): readonly Word[] {
    return [...this.words.values()].filter(({ source }) => source.startsWith(`${division}-`));
  }

  ofCity(): readonly Word[] {
    return [...this.words.values()].filter(({ source }) => !source.startsWith(`${division}-`));
  }

  /** The city's words that the county may have, with the fields that it is shown. */
  copies(): readonly { readonly word: Word; readonly shown: ReadonlySet<string> }[] {
    const { types, without, phoneInside, territory } = this.rights;
    const goldens = this.goldens([...this.words.values()], (word) => new Date(this.last(word)?.at ?? 0).toISOString());
    return this.ofCity().filter(({ deleted }) => !deleted).flatMap((word) => {
      const { type, person } = word;
      const residence = goldens.get(`Person ${people[person]}`)?.['residenceDivisionCode'];
      const inside = typeof residence === 'string' && residence.startsWith(division);
      if (!types.includes(type) || territory.includes(type) && !inside) return [];
      const fields = [...Object.keys(naming(type, 0)), ...Object.keys(choices[type])];
      return [{ word, shown: new Set(fields.filter((field) => !without.includes(field) && (field !== 'phone' || !phoneInside || inside))) }];
    });
  }

  /** The golden record of each subject, by type and natural key: values, and who is named as its source. */
  goldens(words: readonly Pick<Word, 'type' | 'source' | 'key' | 'version' | 'deleted' | 'values'>[], at: (word: Pick<Word, 'type' | 'source' | 'key'>) => string): ReadonlyMap<string, Values> {
    const live = words.filter(({ deleted }) => !deleted);
    const made = new Map<string, Values>();
    for (const [name, own] of Map.groupBy(live, ({ type, values }) => `${type} ${String(values[models[type].key as string])}`)) {
      const { type } = own[0] as (typeof own)[number];
      const golden = mergeSources(own.map((word) => ({ source: word.source, key: word.key, version: String(word.version), at: at(word), values: word.values })), models[type].sources);
      if (golden !== null) made.set(name, { ...golden.values, source: golden.provenance.source, sourceVersion: golden.provenance.version });
    }
    return made;
  }

  #told(word: Pick<Word, 'type' | 'source' | 'key'>, field: string): Set<string> {
    const name = `${nameOf(word)} ${field}`;
    const told = this.#ever.get(name) ?? new Set<string>();
    this.#ever.set(name, told);
    return told;
  }
}
