/**
 * The size of a document: levels, fields, root fields. Checked once per document and before it is validated, because
 * some validation rules take the square of a document's size; page sizes and list lengths stand in variables and are checked when a statement is run.
 */
import { Kind } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

export const documentLimits = {
  /** Tokens of a document. */
  tokens: 15_000,
  /** Bytes of a request's body; of one without a valid key. */
  bodyBytes: 1_000_000,
  strangerBytes: 10_000,
  /** Levels of selection. The introspection query of common tools needs 13. */
  depth: 15,
  /** Fields in all, fragments counted where they are used. */
  fields: 1500,
  /** Root fields. */
  roots: 20,
  /** Directives in all. */
  directives: 200,
} as const;

/** Why a document is too large, as a sentence; null when it is not. Looks at no more than the limits need. */
export function tooLarge(document: DocumentNode): string | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  for (const definition of document.definitions) {
    const problem = definition.kind === Kind.OPERATION_DEFINITION ? measure(definition.selectionSet, fragments) : null;
    if (problem !== null) return problem;
  }
  return null;
}

function measure(root: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): string | null {
  // Steps count spreads too: fragments that only spread each other hold no field and would be walked for ever.
  const found = { steps: 0, fields: 0, directives: 0, depth: 0, roots: 0 };
  const within = () => found.steps <= 10 * documentLimits.fields && found.fields <= documentLimits.fields && found.depth <= documentLimits.depth && found.directives <= documentLimits.directives;
  const walk = (set: SelectionSetNode, depth: number, open: ReadonlySet<string>): void => {
    for (const selection of set.selections) {
      if (!within()) return;
      found.steps += 1;
      found.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        found.fields += 1;
        if (depth === 1) found.roots += 1;
        found.depth = Math.max(found.depth, depth);
        if (selection.selectionSet) walk(selection.selectionSet, depth + 1, open);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, depth, open);
      } else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (fragment && !open.has(name)) walk(fragment.selectionSet, depth, new Set([...open, name]));
      }
    }
  };
  walk(root, 1, new Set());
  if (found.depth > documentLimits.depth) return `This operation is more than ${documentLimits.depth} levels deep. Ask for less in one operation.`;
  if (found.fields > documentLimits.fields || found.steps > 10 * documentLimits.fields) return `This operation selects more than ${documentLimits.fields} fields, aliases counted. Ask for less in one operation.`;
  if (found.directives > documentLimits.directives) return `This operation has more than ${documentLimits.directives} directives.`;
  if (found.roots > documentLimits.roots) return `This operation has ${found.roots} root fields; the limit is ${documentLimits.roots}.`;
  return null;
}
