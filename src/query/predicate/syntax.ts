/**
 * The words of a predicate put together, by the precedence of CEL: `||`, `&&`, one comparison, `+` and `-`, `!` and `-`, members.
 * What names mean, and whether it makes sense, is for `check.ts`. Chains of one sign are one node, so only nesting is deep, and that has
 * a limit.
 */
import { fault } from './fault.ts';
import type { Spot } from './fault.ts';
import { wordsOf } from './words.ts';
import type { Sign, Word } from './words.ts';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';

/** One node, at the place of the word that makes it. */
export type Syntax = { readonly at: Spot } & (
  | { readonly kind: 'text' | 'number'; readonly value: string }
  | { readonly kind: 'constant'; readonly value: boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Syntax[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Syntax[] }
  | { readonly kind: 'member'; readonly of: Syntax; readonly name: string }
  | { readonly kind: 'method'; readonly of: Syntax; readonly name: string; readonly given: readonly Syntax[] }
  | { readonly kind: 'not' | 'minus'; readonly of: Syntax }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Syntax[] }
  | { readonly kind: 'sum'; readonly first: Syntax; readonly rest: readonly Added[] }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Syntax; readonly right: Syntax }
);

export interface Added {
  readonly sign: '+' | '-';
  readonly of: Syntax;
}

/** Levels of brackets, calls and signs before a value within each other. */
const deepest = 32;

const constants: ReadonlyMap<string, boolean | null> = new Map([['true', true], ['false', false], ['null', null]]);
const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);

/** Reads a text. */
export function syntaxOf(text: string): Syntax {
  return new Parser(wordsOf(text)).whole();
}

class Parser {
  readonly #words: readonly Word[];
  #next = 0;
  #depth = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  whole(): Syntax {
    if (this.#peek().kind === 'end') throw fault(this.#peek().at, 'nothing is asked. Write a question that is answered by yes or no, as in: age >= 80');
    const read = this.#or();
    const { kind, value, at } = this.#peek();
    if (kind !== 'end') throw fault(at, `${JSON.stringify(value)} stands behind the end of the question. Join questions with && or ||, or take it away.`);
    return read;
  }

  #or(): Syntax {
    return this.#chain('or', '||', () => this.#chain('and', '&&', () => this.#comparison()));
  }

  #chain(kind: 'and' | 'or', sign: Sign, part: () => Syntax): Syntax {
    const { at } = this.#peek();
    const of = [part()];
    while (this.#takes(sign)) of.push(part());
    return of.length === 1 ? of[0] as Syntax : { kind, of, at };
  }

  #comparison(): Syntax {
    const left = this.#sum();
    const op = this.#comparing();
    if (op === null) return left;
    const { at } = this.#take();
    const right = this.#sum();
    if (this.#comparing() !== null) throw fault(this.#peek().at, 'two comparisons stand in a row. Join them with &&, as in: 18 <= age && age < 60');
    return { kind: 'compare', op, left, right, at };
  }

  #comparing(): Comparison | null {
    const { kind, value } = this.#peek();
    return (kind === 'sign' || kind === 'name') && comparisons.has(value) ? value as Comparison : null;
  }

  #sum(): Syntax {
    const first = this.#unary();
    const rest: Added[] = [];
    for (;;) {
      const sign = this.#takes('+') ? '+' : this.#takes('-') ? '-' : null;
      if (sign === null) break;
      rest.push({ sign, of: this.#unary() });
    }
    return rest.length === 0 ? first : { kind: 'sum', first, rest, at: first.at };
  }

  #unary(): Syntax {
    const { at } = this.#peek();
    if (this.#takes('!')) return this.#deeper(() => ({ kind: 'not', of: this.#unary(), at }));
    if (this.#takes('-')) return this.#deeper(() => ({ kind: 'minus', of: this.#unary(), at }));
    return this.#members();
  }

  #members(): Syntax {
    let of = this.#primary();
    while (this.#takes('.')) {
      const { kind, value: name, at } = this.#take();
      if (kind !== 'name') throw fault(at, 'the name of a field is missing behind the dot.');
      of = this.#takes('(') ? { kind: 'method', of, name, given: this.#given(')'), at } : { kind: 'member', of, name, at };
    }
    return of;
  }

  #primary(): Syntax {
    const word = this.#take();
    const { kind, value, at } = word;
    if (kind === 'text' || kind === 'number') return { kind, value, at };
    if (kind === 'name' && value !== 'in') {
      const constant = constants.get(value);
      if (constant !== undefined) return { kind: 'constant', value: constant, at };
      return this.#takes('(') ? { kind: 'call', name: value, given: this.#given(')'), at } : { kind: 'name', name: value, at };
    }
    if (kind === 'sign' && value === '(') {
      return this.#deeper(() => {
        const inside = this.#or();
        this.#expect(')', at);
        return inside;
      });
    }
    if (kind === 'sign' && value === '[') return { kind: 'list', items: this.#given(']'), at };
    throw fault(at, `${kind === 'end' ? 'the text ends' : `${JSON.stringify(value)} stands`} where a value is missing. Write a field, a text in quotes, a number, or a question in brackets.`);
  }

  /** What stands between brackets, with commas between; the opening one is read. */
  #given(closing: ')' | ']'): readonly Syntax[] {
    const { at } = this.#peek();
    return this.#deeper(() => {
      const given: Syntax[] = [];
      if (this.#takes(closing)) return given;
      do given.push(this.#or()); while (this.#takes(','));
      this.#expect(closing, at);
      return given;
    });
  }

  #deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > deepest) throw fault(this.#peek().at, `this is more than ${deepest} levels deep. Take brackets away, or make several facts of it.`);
    const made = read();
    this.#depth -= 1;
    return made;
  }

  #expect(sign: Sign, opened: Spot): void {
    if (this.#takes(sign)) return;
    throw fault(this.#peek().at, `a ${sign} is missing here, for what was opened in line ${opened.line}, column ${opened.column}.`);
  }

  #takes(sign: Sign): boolean {
    const { kind, value } = this.#peek();
    if (kind !== 'sign' || value !== sign) return false;
    this.#next += 1;
    return true;
  }

  #peek(): Word {
    return this.#words[this.#next] as Word;
  }

  #take(): Word {
    const word = this.#peek();
    if (word.kind !== 'end') this.#next += 1;
    return word;
  }
}
