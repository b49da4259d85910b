/**
 * A random operation before it is written: what `operations.ts` draws and `print.ts` writes.
 */
import type { CallerName } from '../world/callers.ts';
import type { CatalogName } from './world.ts';

/** How a value is written: in the document, as a variable, as a variable's default, or with variables inside it. */
export type How = 'literal' | 'variable' | 'default' | 'inner';

export interface Argument {
  readonly name: string;
  readonly value: unknown;
  readonly how: How;
}

/** `@skip` or `@include`. */
export interface Directive {
  readonly name: 'skip' | 'include';
  readonly value: boolean;
  readonly how: How;
}

export type Selection =
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly alias: string | null;
      readonly args: readonly Argument[];
      /** Arguments that are given by variables which are not. */
      readonly ghosts: readonly string[];
      readonly sub: readonly Selection[] | null;
      /** The same field under the same name once more, with a selection of its own. */
      readonly again: readonly Selection[] | null;
      readonly directives: readonly Directive[];
    }
  | { readonly kind: 'inline'; readonly typed: boolean; readonly sub: readonly Selection[]; readonly directives: readonly Directive[] }
  /** A named fragment, spread once or twice. */
  | { readonly kind: 'spread'; readonly twice: boolean; readonly sub: readonly Selection[]; readonly directives: readonly Directive[] }
  /** The fragment that all selections of a type share. */
  | { readonly kind: 'common' };

export interface Model {
  readonly caller: CallerName;
  readonly catalog: CatalogName;
  /** Number of the random policy; 0: nothing was decided about the caller. */
  readonly policy: number;
  /** Is it asked under the open case? */
  readonly underCase: boolean;
  readonly roots: readonly Selection[];
  readonly lens: readonly Argument[];
}
