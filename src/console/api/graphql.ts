/**
 * How a room writes down an operation: `const Items = graphql(`query Items { … }`)`. The text is validated and typed by
 * `codegen.ts`; at run time it is what it looks like, a text. An operation comes first in its text, its fragments after it, and
 * none is shared between texts.
 */
import type { graphql as typed } from '../generated/gql.ts';

export const graphql = ((text: string) => text) as unknown as typeof typed;

/** An operation with the types of its answer and its variables. */
export interface Operation<Answer, Variables> {
  readonly __apiType?: (variables: Variables) => Answer;
}
