/**
 * Header names → fields of a record type: the contract's names (birthDate, birth_date), the SDL's and the catalog's Chinese ones
 * (出生日期), and the foreign ones that are known.
 *
 * It refuses a header in which a name stands twice, or that has neither the natural key nor the source's key, and says what was found
 * and what is needed. What belongs to no field is kept out and told once. Values are not its business.
 */
import { HubError } from '../errors.ts';
import { houseFields } from '../records/claim-schema.ts';
import type { Title, TitledType } from '../records/claim-schema.ts';
import type { LeafField, RecordType } from '../registries/contract.ts';
import { halfWidth } from '../registries/identifiers/identifier.ts';
import { foreignColumn } from './foreign-headers.ts';

/** Where the cells of one column go. */
export interface Column {
  readonly name: string;
  readonly fields: readonly string[];
  /** Of several columns of one field the smallest rank that has a value counts. */
  readonly rank: number;
  /** Why it is kept out; null if it is not. */
  readonly keptOut: string | null;
}

/** The names by which one record type's columns are known. */
export class Headers {
  readonly type: RecordType;
  readonly #names = new Map<string, string | null>();

  constructor({ type, titles }: TitledType) {
    this.type = type;
    const leaves = [...type.fields.values()].filter((field): field is LeafField => field.kind === 'leaf' && field.derived === null);
    for (const field of houseFields) this.#names.set(canonical(field), field);
    for (const { name } of leaves) this.#names.set(canonical(name), name);
    const levels = leaves.map(({ name }) => ({ name, forms: formsOf(titles.get(name)) }));
    // Better names first: a shortened one never takes a whole one's place, and fits nobody if it fits two.
    for (let level = 0; level < 3; level += 1) {
      const here = new Map<string, string | null>();
      for (const { name, forms } of levels) {
        for (const form of forms[level] ?? []) here.set(form, here.has(form) && here.get(form) !== name ? null : name);
      }
      for (const [form, name] of here) if (!this.#names.has(form)) this.#names.set(form, name);
    }
  }

  /** What a column of this name holds. */
  column(name: string): Column {
    const plain = canonical(name);
    const own = this.#names.get(plain) ?? this.#names.get(plain.replace(/\(.*\)$/, ''));
    // Names that mean another thing here than their look says come first: a division's `level` is a word in many files.
    const foreign = foreignColumn(this.type.name, plain);
    if (typeof own === 'string') return { name, fields: foreign?.fields.includes(own) === true ? foreign.fields : [own], rank: 0, keptOut: null };
    if (foreign !== undefined) return { name, fields: foreign.fields, rank: foreign.rank, keptOut: foreign.keptOut ?? null };
    return { name, fields: [], rank: 9, keptOut: `${this.type.name} has no such field` };
  }

  /** The columns of a header; throws `BAD_INPUT` if it cannot be one of this type. */
  columns(names: readonly string[], file: string): readonly Column[] {
    const seen = new Set<string>();
    for (const name of names) {
      if (name.trim() !== '' && seen.has(name)) throw new HubError('BAD_INPUT', `${file}: the column ${JSON.stringify(name)} stands twice in the header; name each column once.`);
      seen.add(name);
    }
    const columns = names.map((name) => this.column(name));
    const told = new Set(columns.flatMap(({ fields }) => fields));
    const { key } = this.type.model;
    if (!told.has('sourceKey') && (key === undefined || !told.has(key))) {
      const wanted = key === undefined ? `${this.type.name} has no natural key, so a column sourceKey is needed (the department's own key of each record)` : `a column for ${key} is needed (or sourceKey, the department's own key of each record)`;
      throw new HubError('BAD_INPUT', `${file} cannot be read as ${this.type.name}: ${wanted}. Its header has: ${shownNames(names)}. Recognized: ${[...told].join(', ') || 'none'}.`);
    }
    return columns;
  }
}

function shownNames(names: readonly string[]): string {
  const cut = names.slice(0, 30).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
  return `${cut.join(', ')}${names.length > cut.length ? ` and ${names.length - cut.length} more` : ''}`;
}

/** A name as names are compared: half-width, lower case, without blanks, underscores, hyphens and marks of duty. */
export function canonical(name: string): string {
  return halfWidth(name).replaceAll('（', '(').replaceAll('）', ')').replaceAll(/[\s_\-*＊\ufeff]/g, '').toLowerCase();
}

/** The Chinese names of a field: whole, cut at the first comma or bracket, and with or without "code". */
function formsOf(title: Title | undefined): readonly (readonly string[])[] {
  if (title === undefined) return [];
  const whole = [title.description.split('·')[0] ?? '', title.item].map(canonical).filter((form) => form !== '');
  const cut = whole.map((form) => form.replace(/[,，(].*$/, '')).filter((form) => form !== '');
  const coded = cut.map((form) => (/(代码|编码)$/.test(form) ? form.replace(/(代码|编码)$/, '') : `${form}代码`)).filter((form) => form.length > 1);
  return [whole, cut, coded];
}

/**
 * The type that a header fits best: with its key, and with most fields; null if none or two do.
 */
export function fittingType(candidates: readonly TitledType[], names: readonly string[]): TitledType | null {
  const scored = candidates.map((candidate) => {
    const headers = new Headers(candidate);
    const told = new Set(names.flatMap((name) => headers.column(name).fields));
    const { key } = candidate.type.model;
    return { candidate, score: told.has('sourceKey') || (key !== undefined && told.has(key)) ? told.size : 0 };
  }).sort((a, b) => b.score - a.score);
  const [best, next] = scored;
  return best === undefined || best.score === 0 || next?.score === best.score ? null : best.candidate;
}
