/**
 * What is wrong with a predicate's text: where, and what to write instead. Whoever edits it reads this, and nobody else.
 */
import { HubError } from '../../errors.ts';

/** A place in a text; line and column count from 1, columns in characters. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/** A refusal of what stands at a place. `sentence` says what is wrong and what to write instead. */
export function fault({ line, column }: Spot, sentence: string): HubError {
  return new HubError('BAD_INPUT', `Line ${line}, column ${column}: ${sentence}`, { line, column });
}
