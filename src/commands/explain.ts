/**
 * `explain`: what would be decided about an operation of a consumer, and why, as a table that a data owner can read; or as JSON, as the
 * query `explain` answers. Reads policy, no record.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { explainOperation } from '../graphql/explain.ts';
import type { ExplainedAsk, Explanation } from '../graphql/explain.ts';
import { explanationShown } from '../graphql/resolvers/explain.ts';
import { civilMoment } from '../graphql/scalars.ts';
import { openHub } from '../hub.ts';
import { PastStandings } from '../identity/past.ts';
import { distinct } from '../sharing/rows.ts';
import { modes } from '../sharing/terms.ts';
import type { Mode } from '../sharing/terms.ts';
import { boundInWords } from '../sharing/words.ts';

const usage = 'explain CONSUMER FILE.graphql [--operation NAME] [--variables FILE] [--matter CODE] [--case] [--mode QUERY|BATCH] [--at MOMENT] [--json]';

/** `explain CONSUMER FILE …`. */
export async function explainCommand(config: Config, words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...words], allowPositionals: true,
    options: { operation: { type: 'string' }, variables: { type: 'string' }, matter: { type: 'string' }, case: { type: 'boolean', default: false }, mode: { type: 'string', default: 'QUERY' }, at: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [consumer, file] = positionals;
  if (consumer === undefined || file === undefined || positionals.length > 2) throw new HubError('BAD_INPUT', `Usage: ${usage}`);
  const question = {
    consumer, document: textOf(file), variables: values.variables === undefined ? {} : variablesIn(values.variables), operationName: values.operation ?? null,
    matter: values.matter ?? null, underCase: values.case, mode: modeIn(values.mode),
  };
  const asked = values.at === undefined ? null : momentIn(values.at);
  const hub = await openHub(config);
  try {
    const { now } = hub.writing();
    const at = asked ?? now;
    const standing = await new PastStandings(() => hub.database.sql).at(at, now, hub.standing.current);
    const explanation = await explainOperation(hub.schema, standing, question, at);
    process.stdout.write(values.json ? `${JSON.stringify(explanationShown({ ...explanation, asksOfOthers: 0 }, true), null, 2)}\n` : tableOf(explanation));
  } finally {
    await hub.close();
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new HubError('BAD_INPUT', `${file} cannot be read.`);
  }
}

function variablesIn(file: string): Readonly<Record<string, unknown>> {
  const text = textOf(file);
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new HubError('BAD_INPUT', `${file} is no JSON.`);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new HubError('BAD_INPUT', `${file} holds no JSON object.`);
  return read as Readonly<Record<string, unknown>>;
}

function modeIn(text: string): Mode {
  const mode = modes.find((one) => one === text);
  if (mode === undefined) throw new HubError('BAD_INPUT', `--mode is one of ${modes.join(', ')}.`);
  return mode;
}

function momentIn(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new HubError('BAD_INPUT', '--at is a moment with its offset, such as 2026-01-31T09:30:00+08:00.');
  return new Date(time).toISOString();
}

/** The explanation as lines: who asks for what, the verdict on the whole, one paragraph of columns for what is allowed, one for what is not. */
function tableOf(explanation: Explanation): string {
  const { consumer, at, standing, mode, matter, underCase, matters, refusals, asks, withheld, masked, territory, seals, until } = explanation;
  const purpose = matter === null ? `no matter (may name: ${matters.map(({ code }) => code).join(', ') || 'none'})` : `${matter.code} ${matter.name}, ${underCase ? 'under a case' : 'no case'}`;
  const bounds = territory.map(({ types, within }) => `${types?.join(', ') ?? 'all types'} within ${within.map((bound) => boundInWords(bound).en).join(' or ')}`);
  return [
    `Consumer   ${consumer.consumer} ${consumer.name}, ${consumer.department} ${consumer.departmentName}`,
    `Moment     ${civilMoment(at)}, policy ${standing}${until === null ? '' : `, may change ${civilMoment(until)}`}`,
    `Purpose    ${purpose}, ${mode}`,
    `Territory  ${bounds.length === 0 ? 'everywhere' : bounds.join('; ')}`,
    ...(seals.length === 0 ? [] : [`Seals      ${seals.join(', ')}`]),
    `Answer     ${refusals.length > 0 ? 'REFUSED as a whole' : `given; ${withheld.length} withheld, ${masked.length} masked`}`,
    ...refusals.map(({ code, because, at: place }) => `           ${code}${place === null ? '' : ` ${place}`}: ${because}`),
    '',
    ...columns([['', 'at', 'use', 'item', 'rule', 'how, or why not'], ...asks.flatMap(linesOf)]),
    '',
  ].join('\n');
}

function linesOf({ ask: { at, item, use }, itemName, verdict, tuples }: ExplainedAsk): readonly (readonly string[])[] {
  const head = [verdict.allowed ? 'yes' : 'NO', at, use, `${item} ${itemName ?? ''}`.trim()];
  if (!verdict.allowed) return [[...head, verdict.rule, `${verdict.because}${verdict.apply === null ? '' : ` ${verdict.apply}`}`]];
  return verdict.ways.map(({ rule, approvalNo, mask, quota, bounds }, index) => {
    const tuple = tuples[index];
    const how = [
      ...(approvalNo === null ? [] : [approvalNo]), ...(mask === null ? [] : [`masked as ${mask}`]), ...(quota === null ? [] : [`for ${quota.perDay} questions a day`]),
      bounds.length === 0 ? 'every row' : distinct(bounds).map((bound) => boundInWords(bound).en).join(' and '),
      ...(tuple?.matters ? [`matters ${tuple.matters.join(', ')}`] : []), ...(tuple?.validTo ? [`until ${civilMoment(tuple.validTo)}`] : []),
    ].join(', ');
    return [...(index === 0 ? head : ['', '', '', '']), rule, how];
  });
}

/** Columns side by side; a Chinese character is two wide. The last one is as long as it is. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<readonly number[]>((widest, row) => row.map((cell, n) => Math.max(widest[n] ?? 0, widthOf(cell))), []);
  return rows.map((row) => row.map((cell, n) => (n === row.length - 1 ? cell : cell + ' '.repeat((widths[n] ?? 0) - widthOf(cell)))).join('  ').trimEnd());
}

function widthOf(text: string): number {
  return [...text].reduce((width, character) => width + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3ffff}]/u.test(character) ? 2 : 1), 0);
}
