/**
 * Does one kind of question take longer than another? Over the real listener, on one connection, all kinds in random order, and the medians
 * of their times compared block by block with those of the first kind.
 *
 * What two equal kinds differ by in the same run (`again`) says what can be measured at all; a kind that is made 5 % slower shows that
 * a difference would be seen.
 */
import { Agent, request } from 'node:http';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { keyOf, testMatter } from '../world/callers.ts';

/** One question: its answer, and how long it took in microseconds. */
export type Ask = (idNumber: string) => Promise<{ readonly text: string; readonly took: number }>;

/** Questions of a caller of the tests on a connection that stays; `close` ends it. */
export function asking(url: () => string, query: string, variables: (idNumber: string) => unknown): { readonly ask: Ask; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask: Ask = (idNumber) => {
    const body = JSON.stringify({ query, variables: variables(idNumber) });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), authorization: `Bearer ${keyOf('police')}`, 'hub-matter': testMatter };
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const sent = request(`${url()}/graphql`, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => resolve({ text, took: (performance.now() - began) * 1000 }));
      });
      sent.on('error', reject).end(body);
    });
  };
  return { ask, close: () => agent.destroy() };
}

/** Numbers like these that nobody has, so that the index is searched in the same places (births of the same day and division): for each, its nth such number. */
export function nobodiesLike(idNumbers: readonly string[], taken: ReadonlySet<string>): (nth: number) => readonly string[] {
  const free = idNumbers.map((idNumber) => Array.from({ length: 999 }, (_, n) => idNumberWithCheck(`${idNumber.slice(0, 14)}${String(n + 1).padStart(3, '0')}`)).filter((one) => !taken.has(one)));
  return (nth) => free.map((numbers) => numbers[nth] ?? '');
}

/** The middle one. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN)) / 2;
}

/** How far from nothing the median of such values comes by chance: the farthest of many draws with replacement. */
function reachOfChance(values: readonly number[]): number {
  const draw = (): number => median(values.map(() => values[Math.floor(Math.random() * values.length)] ?? 0));
  return Math.max(...Array.from({ length: 1000 }, () => Math.abs(draw())));
}

/** Kinds of questions by name: the first is what the others are compared with, `again` is like it, `slower` is like it and counted as 5 % slower. */
export interface Kinds {
  readonly nobody: readonly string[];
  readonly again: readonly string[];
  readonly slower: readonly string[];
  readonly [kind: string]: readonly string[];
}

/** What was found: how much longer each kind takes (0.01: one hundredth), and from what on a difference can be measured. */
export interface Found {
  readonly effect: Readonly<Record<string, number>>;
  readonly bound: number;
  /** How many questions of each kind were asked. */
  readonly asked: number;
  /** Texts that came as answers. */
  readonly texts: ReadonlySet<string>;
}

/** From what on a difference is to be measurable; what equal kinds differ by decides how long that takes, and never what is looked for. */
const fine = 0.045;

/**
 * Asks so many blocks of so many questions of each kind, after 2000 that are not counted; where the machine is so unsteady that they do
 * not tell 5 %, goes on up to four times as long.
 */
export async function sideBySide(ask: Ask, kinds: Kinds, blocks: number, perBlock: number): Promise<Found> {
  const names = Object.keys(kinds);
  const pick = (name: string): string => kinds[name]?.[Math.floor(Math.random() * kinds[name].length)] ?? '';
  const texts = new Set<string>();
  for (let n = 0; n < 2000; n += 1) texts.add((await ask(pick(names[n % names.length] ?? ''))).text);
  const none = (): Record<string, number[]> => Object.fromEntries(names.map((name) => [name, []]));
  const ratios = none();
  let bound = Number.POSITIVE_INFINITY;
  for (let block = 0; block < blocks || (bound > fine && block < 4 * blocks); block += 1) {
    const took = none();
    const order = names.flatMap((name) => Array.from({ length: perBlock }, () => ({ name, by: Math.random() }))).sort((a, b) => a.by - b.by);
    for (const { name } of order) took[name]?.push((await ask(pick(name))).took);
    const usual = median(took['nobody'] ?? []);
    for (const name of names) ratios[name]?.push(median((took[name] ?? []).map((one) => (name === 'slower' ? one + 0.05 * usual : one))) / usual - 1);
    if (block + 1 >= blocks) bound = 1.5 * reachOfChance(ratios['again'] ?? []);
  }
  const effect = Object.fromEntries(names.map((name) => [name, median(ratios[name] ?? [])]));
  return { effect, bound, asked: (ratios['again']?.length ?? 0) * perBlock, texts };
}

/** Hundredths, as people read them. */
export const percent = (ratio: number | undefined): string => `${((ratio ?? Number.NaN) * 100).toFixed(2)} %`;
