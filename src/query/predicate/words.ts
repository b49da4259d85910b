/**
 * A predicate's text taken apart into words. It knows nothing of what they mean together.
 *
 * Written like CEL (Common Expression Language): texts in quotes, numbers, names, signs, and `//` remarks to the end of a line.
 */
import { fault } from './fault.ts';
import type { Spot } from './fault.ts';

/** One word. `end` stands behind the last one. */
export type Word = { readonly at: Spot } & (
  | { readonly kind: 'name' | 'number' | 'text'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: Sign }
  | { readonly kind: 'end'; readonly value: '' }
);

const signs = ['==', '!=', '<=', '>=', '&&', '||', '<', '>', '!', '+', '-', '(', ')', '[', ']', ',', '.'] as const;
export type Sign = (typeof signs)[number];

/** Characters of a text at most; what takes more is several facts. */
export const longestText = 4000;

/** Signs that are written elsewhere, or by an input method, and what stands for them here. */
const instead: Readonly<Record<string, string>> = {
  '=': '==', '&': '&&', '|': '||', '?': '&& and ||: there is no choice by ? and :', ':': '&& and ||: there is no choice by ? and :', '*': '+ and - only', '/': '+ and - only', '%': '+ and - only',
  '；': ',', '，': ',', '（': '(', '）': ')', '“': '"', '”': '"', '‘': '\'', '’': '\'', '！': '!', '《': '<', '》': '>', '＝': '==', '＜': '<', '＞': '>', '。': '.',
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\'': '\'', '\\': '\\' };

/** Takes a text apart. */
export function wordsOf(text: string): readonly Word[] {
  const characters = [...text];
  if (characters.length > longestText) throw fault({ line: 1, column: longestText + 1 }, `a predicate has ${longestText} characters at most, and this one has ${characters.length}. Make several facts of it, each with a predicate of its own.`);
  return new Lexer(characters).words();
}

class Lexer {
  readonly #characters: readonly string[];
  #next = 0;
  #line = 1;
  #column = 1;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  words(): readonly Word[] {
    const words: Word[] = [];
    for (;;) {
      this.#skip();
      const at: Spot = { line: this.#line, column: this.#column };
      const first = this.#peek();
      if (first === undefined) {
        words.push({ kind: 'end', value: '', at });
        return words;
      }
      if (/[A-Za-z_]/.test(first)) words.push({ kind: 'name', value: this.#while(/\w/), at });
      else if (/\d/.test(first)) words.push({ kind: 'number', value: this.#number(at), at });
      else if (first === '"' || first === '\'') words.push({ kind: 'text', value: this.#text(at), at });
      else words.push({ kind: 'sign', value: this.#sign(at), at });
    }
  }

  #skip(): void {
    for (;;) {
      const next = this.#peek();
      if (next !== undefined && /\s/.test(next)) this.#take();
      else if (next === '/' && this.#peek(1) === '/') while (this.#peek() !== undefined && this.#peek() !== '\n') this.#take();
      else return;
    }
  }

  #sign(at: Spot): Sign {
    const two = `${this.#peek() ?? ''}${this.#peek(1) ?? ''}`;
    const found = signs.find((sign) => two.startsWith(sign));
    if (found === undefined) {
      const [one = ''] = two;
      const known = instead[this.#peek() ?? ''];
      throw fault(at, `${JSON.stringify(this.#peek() ?? one)} is no sign of this language. ${known === undefined ? 'Leave it out, or put it in quotes where it belongs to a text.' : `Write ${known}.`}`);
    }
    for (const _ of found) this.#take();
    return found;
  }

  #number(at: Spot): string {
    let number = this.#while(/\d/);
    if (this.#peek() === '.' && /\d/.test(this.#peek(1) ?? '')) number += this.#take() + this.#while(/\d/);
    if (number.length > 20) throw fault(at, 'a number has 20 digits at most. Codes and identifiers are texts: put them in quotes.');
    if (/\w/.test(this.#peek() ?? '')) throw fault(at, `${number}${this.#peek()} is neither a number nor a name. Codes and identifiers are texts: put them in quotes.`);
    return number;
  }

  #text(at: Spot): string {
    const quote = this.#take();
    let text = '';
    for (;;) {
      const here: Spot = { line: this.#line, column: this.#column };
      const next = this.#peek();
      if (next === undefined || next === '\n') throw fault(at, `this text has no end. Close it with ${quote} on the same line.`);
      this.#take();
      if (next === quote) return text;
      const meant = next === '\\' ? this.#escaped(here) : next;
      if (meant < ' ' && meant !== '\n' && meant !== '\t') throw fault(here, 'no text of a register holds this control character. Leave it out.');
      text += meant;
    }
  }

  #escaped(at: Spot): string {
    const meant = escapes[this.#peek() ?? ''];
    if (meant === undefined) throw fault(at, 'a \\ in a text stands before n, t, " , \' or another \\. Write \\\\ for the sign itself.');
    this.#take();
    return meant;
  }

  #while(pattern: RegExp): string {
    let taken = '';
    for (let next = this.#peek(); next !== undefined && pattern.test(next); next = this.#peek()) taken += this.#take();
    return taken;
  }

  #peek(ahead = 0): string | undefined {
    return this.#characters[this.#next + ahead];
  }

  #take(): string {
    const taken = this.#characters[this.#next] as string;
    this.#next += 1;
    if (taken === '\n') {
      this.#line += 1;
      this.#column = 1;
    } else this.#column += 1;
    return taken;
  }
}
