/**
 * JSON that nobody reads before it is sent: text, or its UTF-8 where it is large. What PostgreSQL wrote goes on as it came; made text
 * and bytes again, a page of a thousand records costs more than writing it down does.
 */

/** JSON as it leaves. */
export type ReadyJson = string | Buffer;

/** Several one under another, as they are digested together. */
export function asLines(parts: readonly ReadyJson[]): ReadyJson {
  const [only, second] = parts;
  return only !== undefined && second === undefined ? only : parts.join('\n');
}
