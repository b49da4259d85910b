/**
 * For what a request asks: its matter, its case, its operator, its mode, read from its headers.
 *
 * Reading never throws: what is wrong stands in `problem`, and the gate refuses the request with it. Whether a case is open is
 * known where the records are, and judged there. It refuses a matter that is not the caller's business.
 */
import { HubError } from '../errors.ts';
import { modes } from '../sharing/terms.ts';
import type { Caller, Circumstances, Consumer, Matter, Mode } from '../sharing/terms.ts';
import { readOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import type { Standing } from './standing.ts';

/** See the head of this file. */
export interface Purpose {
  readonly mode: Mode;
  readonly matter: Matter | null;
  /** Number of the case (办件编号), as the consumer writes it. */
  readonly caseNo: string | null;
  readonly operator: Operator | null;
  /** Code of the department for which another hub asks; null: it, or whoever asks, asks for itself. */
  readonly behalf: string | null;
  readonly problem: HubError | null;
}

/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const longest = 200;

/** Reads the purpose of a request, but for its case: that is one of thousands, and the rest comes again and again. */
export async function readPurpose(headers: Headers, caller: Caller, standing: Standing, now: Date): Promise<Purpose> {
  const none: Purpose = { mode: 'QUERY', matter: null, caseNo: null, operator: null, behalf: null, problem: null };
  if (caller.kind !== 'consumer') return none;
  try {
    const mode = modeIn(headerIn(headers, 'hub-mode'));
    const behalf = behalfIn(headerIn(headers, 'hub-behalf'), caller);
    const matter = matterIn(headerIn(headers, 'hub-matter'), caller, behalf, standing);
    const written = headerIn(headers, 'hub-operator');
    const operator = written === null ? null : await readOperator(written, standing.operatorKeyOf(caller.consumer), caller.consumer, now);
    return { mode, matter, caseNo: null, operator, behalf, problem: null };
  } catch (error) {
    if (error instanceof HubError) return { ...none, problem: error };
    throw error;
  }
}

/** The purpose under the case that a request names, if it names one. */
export function underCase(purpose: Purpose, caller: Caller, headers: Headers): Purpose {
  if (headers['hub-case'] === undefined || caller.kind !== 'consumer' || purpose.problem !== null) return purpose;
  try {
    const caseNo = headerIn(headers, 'hub-case');
    if (caseNo !== null && purpose.matter === null) throw new HubError('PURPOSE_REFUSED', 'Hub-Case names a case, and a case is one of a matter: name the matter in Hub-Matter.');
    return { ...purpose, caseNo };
  } catch (error) {
    if (error instanceof HubError) return { ...purpose, problem: error };
    throw error;
  }
}

/** The purpose as the judge reads it. */
export function circumstancesOf({ mode, matter, caseNo }: Purpose, now: string): Circumstances {
  return { mode, matter, hasCase: caseNo !== null, now };
}

/** May a consumer ask under a matter? Whoever is responsible or takes part may, and a service platform under every matter. */
export function takesPart({ department, servicePlatform }: Consumer, matter: Matter): boolean {
  return servicePlatform || matter.department === department || matter.participants.includes(department);
}

/** The matters that a consumer may name, by code. */
export function mattersOf(caller: Consumer, standing: Standing): readonly Matter[] {
  return [...standing.matters()].filter((matter) => takesPart(caller, matter)).sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Could a consumer ask under a matter, for itself or, as a hub, for a department of its division? */
export function couldTakePart(consumer: Consumer, matter: Matter): boolean {
  const { hub } = consumer;
  return takesPart(consumer, matter) || (hub !== undefined && [matter.department, ...matter.participants].some((department) => department.startsWith(`${hub}-`)));
}

function modeIn(written: string | null): Mode {
  if (written === null) return 'QUERY';
  const mode = modes.find((one) => one === written.toUpperCase());
  if (mode === undefined || mode === 'SUBSCRIBE') throw new HubError('PURPOSE_REFUSED', 'Hub-Mode is QUERY (one case at a time) or BATCH (lists under a grant for them).');
  return mode;
}

/** A hub speaks for the departments of its division, and nobody else speaks for another. */
function behalfIn(code: string | null, { hub }: Consumer): string | null {
  if (code === null) return null;
  if (hub === undefined || !code.startsWith(`${hub}-`)) throw new HubError('PURPOSE_REFUSED', 'Hub-Behalf names the department for which another hub asks: one of the division of that hub, and only hubs send it.');
  return code;
}

function matterIn(code: string | null, caller: Consumer, behalf: string | null, standing: Standing): Matter | null {
  if (code === null) return null;
  const matter = standing.matter(code);
  // Whether a matter is there is no secret, but which departments take part in it is theirs: both refusals are one.
  if (matter === undefined || !(takesPart(caller, matter) || (behalf !== null && takesPart({ ...caller, department: behalf }, matter)))) {
    throw new HubError('PURPOSE_REFUSED', 'The matter in Hub-Matter is not registered, or this department has no part in it. Ask the data authority to register it.');
  }
  return matter;
}

/** A header's text. Names and numbers beyond ASCII come percent-encoded, as HTTP wants it. */
function headerIn(headers: Headers, name: string): string | null {
  const value = headers[name];
  if (typeof value !== 'string' || value === '') return null;
  const text = value.includes('%') ? decoded(name, value) : value;
  if (name !== 'hub-operator' && (text.length > longest || /\p{Cc}/u.test(text))) throw new HubError('PURPOSE_REFUSED', `${titleOf(name)} has more than ${longest} characters, or characters that cannot be printed.`);
  return text;
}

function decoded(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new HubError('PURPOSE_REFUSED', `${titleOf(name)} is not percent-encoded UTF-8.`);
  }
}

const titleOf = (name: string): string => name.replace(/(^|-)\w/g, (letter) => letter.toUpperCase());
