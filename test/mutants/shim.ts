/**
 * What the pure tests use of vitest, and no more: so that they can be run many times over in one process. A matcher that is not here
 * fails aloud.
 */
import { isDeepStrictEqual } from 'node:util';

type Work = () => unknown;

let collected: { readonly name: string; readonly work: Work }[] = [];

/** The tests registered since the last call. */
export function takeTests(): readonly { readonly name: string; readonly work: Work }[] {
  const taken = collected;
  collected = [];
  return taken;
}

export function test(name: string, work: Work): void {
  collected.push({ name, work });
}

test.each = <T>(rows: readonly T[]) => (name: string, work: (...row: never[]) => unknown): void => {
  for (const row of rows) test(name, () => work(...(Array.isArray(row) ? row : [row]) as never[]));
};

export function describe(_name: string, work: () => void): void {
  work();
}

describe.each = <T>(rows: readonly T[]) => (_name: string, work: (row: T) => void): void => {
  for (const row of rows) work(row);
};

/** As vitest's `toEqual`: a property that is undefined is as good as none. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, plain(one)]));
  if (value instanceof Set) return new Set([...value].map(plain));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).map(([key, one]) => [key, plain(one)]));
}

/** As vitest's `toMatchObject`: what is named is there, lists whole. */
function matches(value: unknown, other: unknown): boolean {
  if (Array.isArray(other)) return Array.isArray(value) && value.length === other.length && other.every((one, place) => matches(value[place], one));
  if (typeof other !== 'object' || other === null) return Object.is(value, other);
  return typeof value === 'object' && value !== null && Object.entries(other).every(([key, one]) => matches((value as Readonly<Record<string, unknown>>)[key], one));
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

export function expect(value: unknown, about = ''): Readonly<Record<string, (other?: unknown) => void>> {
  const matchers: Record<string, (other?: unknown) => void> = {
    toBe: (other) => must(Object.is(value, other), `${about} is not ${String(other)}`),
    toEqual: (other) => must(isDeepStrictEqual(plain(value), plain(other)), `${about} is not equal`),
    toMatchObject: (other) => must(matches(value, other), `${about} does not match`),
    toBeGreaterThan: (other) => must((value as number) > (other as number), `${about} is not greater`),
    toBeGreaterThanOrEqual: (other) => must((value as number) >= (other as number), `${about} is less`),
    toBeLessThan: (other) => must((value as number) < (other as number), `${about} is not less`),
    toBeLessThanOrEqual: (other) => must((value as number) <= (other as number), `${about} is greater`),
    toBeNull: () => must(value === null, `${about} is not null`),
    toBeUndefined: () => must(value === undefined, `${about} is not undefined`),
    toHaveLength: (other) => must((value as { readonly length: number }).length === other, `${about} has another length`),
    toMatch: (other) => must((other as RegExp).test(String(value)), `${about} does not match`),
    toThrow: (other) => {
      let thrown: unknown;
      try { (value as Work)(); } catch (error) { thrown = error; }
      must(thrown instanceof Error && (other as RegExp).test(thrown.message), `${about} does not throw so`);
    },
  };
  return new Proxy(matchers, { get: (own, name) => own[String(name)] ?? (() => { throw new Error(`The shim of vitest has no ${String(name)}; add it to test/mutants/shim.ts.`); }) });
}
