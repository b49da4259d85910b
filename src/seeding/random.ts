/**
 * Chance that repeats itself: numbers drawn from a text, the same on every machine and in every run.
 *
 * xoshiro128** seeded through splitmix32. It is for synthetic data only: never for keys, tokens or anything that somebody
 * must not guess. It reads neither the clock nor the machine's own randomness.
 */
import { hash } from 'node:crypto';

/** One stream of numbers. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** The same text gives the same stream. */
  constructor(text: string) {
    let state = 0x811c9dc5;
    for (let i = 0; i < text.length; i += 1) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
    const split = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) | 0;
    };
    [this.#a, this.#b, this.#c, this.#d] = [split(), split(), split(), split() | 1];
  }

  /** A number from 0 up to, not including, 1. */
  unit(): number {
    const five = Math.imul(this.#b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result / 0x1_0000_0000;
  }

  /** A whole number from `low` to `high`, both included; `low` when the range is empty. */
  int(low: number, high: number): number {
    return high <= low ? low : low + Math.floor(this.unit() * (high - low + 1));
  }

  /** Yes, this often (0 to 1). */
  chance(share: number): boolean {
    return this.unit() < share;
  }

  /** One of a list; throws `RangeError` on an empty list. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('Nothing to pick from.');
    return list[Math.floor(this.unit() * list.length)] as T;
  }

  /** One of several, as often as their weights say; throws `RangeError` on an empty list. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T {
    let total = 0;
    for (const choice of choices) total += choice[1];
    let left = this.unit() * total;
    for (const [value, weight] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    const last = choices.at(-1);
    if (last === undefined) throw new RangeError('Nothing to pick from.');
    return last[0];
  }

  /** Digits, this many. */
  digits(count: number): string {
    let text = '';
    for (let i = 0; i < count; i += 1) text += Math.floor(this.unit() * 10);
    return text;
  }
}

/** The surrogate of a synthetic record: a UUID (version 8) made from seed, type and key. */
export function syntheticId(seed: string, type: string, key: string): string {
  const hex = hash('sha256', `${seed}\u0000${type}\u0000${key}`, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
