/**
 * How what administrators and applications fill in is read: by a form (zod), and when something does not fit, with a sentence that
 * names every place that is wrong and what it may be.
 */
import { z } from 'zod';
import { HubError } from '../errors.ts';

/** A line of text, trimmed: at least one character, at most so many, all of which can be printed. */
export const line = (most: number) => z.string().trim().min(1, 'is empty').max(most, `is longer than ${most} characters`).regex(/^\P{Cc}*$/u, 'holds characters that cannot be printed');

/** A code: a line without blanks, since codes travel in headers and are named in grants. */
export const code = line(100).regex(/^\S*$/, 'holds blanks');

/** Something wrong, and where: `tuples[0].mask`. */
export interface Problem {
  readonly at: string;
  readonly says: string;
}

/** So many are told at once. */
const told = 20;

/** Reads by a form; throws `BAD_INPUT` naming what is wrong. */
export function readForm<T>(form: z.ZodType<T>, given: unknown, what: string): T {
  const read = form.safeParse(given);
  if (read.success) return read.data;
  throw refused(what, read.error.issues.map(({ path, message }) => ({ at: pathOf(path), says: message })));
}

/** The refusal that names these problems; as `problems` in its details too, for whoever shows each at its place. */
export function refused(what: string, problems: readonly Problem[]): HubError {
  const rest = problems.length > told ? `; and ${problems.length - told} more` : '';
  return new HubError('BAD_INPUT', `${what} cannot be taken: ${problems.slice(0, told).map(({ at, says }) => `${at} ${says}`).join('; ')}${rest}.`, { problems: problems.slice(0, told) });
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`), '');
}
