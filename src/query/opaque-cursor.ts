/**
 * Opaque cursors: where somebody stands in a list, as JSON in base64url. They are checked by their form when they come back, and hide
 * nothing: whoever writes one of his own has to be given no more by it than he could ask for.
 */
import type { z } from 'zod';
import { HubError } from '../errors.ts';

/** A cursor as text. */
export function writeOpaque(cursor: unknown): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Reads a cursor by its form; throws `BAD_INPUT` with this sentence where it is none. */
export function readOpaque<T>(form: z.ZodType<T>, text: string, sentence: string): T {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    json = null;
  }
  const read = form.safeParse(json);
  if (!read.success) throw new HubError('BAD_INPUT', sentence);
  return read.data;
}
