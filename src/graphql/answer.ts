/**
 * How an answer is written: the text of records as the database built it, with the errors that the plan foresaw.
 *
 * The text is not parsed here. A `ReadyAnswer` travels through Apollo in the place of `data`, and `stringifyResult`
 * lets it out as it is.
 */
import type { GraphQLFormattedError } from 'graphql';
import type { HubError } from '../errors.ts';
import type { ReadyJson } from '../query/ready-json.ts';
import type { Masked, Plan, Withheld } from '../sharing/plan.ts';
import type { Use } from '../sharing/terms.ts';

/** A whole response, already written: as UTF-8 where a part of it came so. */
export class ReadyAnswer {
  readonly body: ReadyJson;

  constructor(body: ReadyJson) {
    this.body = body;
  }
}

/** What one response name holds. */
export interface Part {
  readonly as: string;
  readonly json: ReadyJson;
}

/** What of an answer is not as it is stored. */
export interface Reserve {
  readonly withheld: readonly Withheld[];
  readonly masked: readonly Masked[];
  /** Copies of another hub's records that are older than they should be. */
  readonly freshness: readonly unknown[];
}

/** Writes `{"data": …}` with its errors and the lists of what was withheld and masked. */
export function writeAnswer(parts: readonly Part[], errors: readonly GraphQLFormattedError[], { withheld, masked, freshness }: Reserve): ReadyAnswer {
  let before: Buffer | null = null;
  let text = '{';
  if (errors.length > 0) text += `"errors":${written(errors)},`;
  text += '"data":{';
  for (let index = 0; index < parts.length; index += 1) {
    const { as, json } = parts[index] as Part;
    text += `${index === 0 ? '' : ','}"${as}":`;
    if (typeof json === 'string') text += json;
    else {
      before = joined(before, text, json);
      text = '';
    }
  }
  text += '}';
  if (withheld.length > 0 || masked.length > 0 || freshness.length > 0) {
    const lists = [...(withheld.length > 0 ? [`"withheld":${written(withheld)}`] : []), ...(masked.length > 0 ? [`"masked":${written(masked)}`] : []), ...(freshness.length > 0 ? [`"freshness":${JSON.stringify(freshness)}`] : [])];
    text += `,"extensions":{"hub":{${lists.join(',')}}}`;
  }
  text += '}';
  return new ReadyAnswer(before === null ? text : joined(before, text));
}

function joined(before: Buffer | null, text: string, after?: Buffer): Buffer {
  return Buffer.concat([...(before === null ? [] : [before]), Buffer.from(text), ...(after === undefined ? [] : [after])]);
}

const texts = new WeakMap<object, string>();

/** A list as JSON. Those of a plan are the same list in every answer that it judges, and written once. */
function written(list: readonly unknown[]): string {
  const known = texts.get(list);
  if (known !== undefined) return known;
  const text = JSON.stringify(list);
  texts.set(list, text);
  return text;
}

/** One place of the tree that the plan withholds, with its path down to the first list. */
export interface Place {
  readonly at: string;
  readonly use: Use;
  readonly path: readonly string[];
}

/** The entries of what is withheld, one per coordinate and use, at the first place where it stands. */
export function withheldEntries(places: readonly Place[], plan: Plan): { errors: GraphQLFormattedError[]; withheld: Withheld[] } {
  const errors: GraphQLFormattedError[] = [];
  const withheld: Withheld[] = [];
  const seen = new Set<string>();
  for (const { at, use, path } of places) {
    const place = `${use} ${at}`;
    const entry = seen.has(place) ? undefined : plan.withheld(at, use);
    if (entry === undefined) continue;
    seen.add(place);
    withheld.push(entry);
    errors.push({ message: entry.because, path, extensions: { code: 'FIELD_NOT_SHARED', ...entry } });
  }
  return { errors, withheld };
}

/** A hub error as GraphQL shows it. */
export function formatted(error: HubError, path?: readonly string[]): GraphQLFormattedError {
  return { message: error.message, ...(path ? { path } : {}), extensions: { code: error.code, retry: error.retry, ...error.details } };
}
