/**
 * The size of a document: levels, fields, root fields. Checked once per document and before it is validated, because
 * some validation rules take the square of a document's size; page sizes and list lengths stand in variables and are checked when a statement is run.
 */
import { Kind } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import { HubError } from '../errors.ts';
import { limits } from '../query/limits.ts';
import { mostChanges } from '../records/submit.ts';

export const documentLimits = {
  /** Tokens of a document. */
  tokens: 15_000,
  /** Bytes of a request's body; of one without a valid key. */
  bodyBytes: 1_000_000,
  strangerBytes: 10_000,
  /** Levels of selection. The introspection query of common tools needs 13. */
  depth: 15,
  /** Fields in all, fragments counted where they are used. */
  fields: 800,
  /** Fields that are selected once more under a name which their object has already; comparing them takes the square of their number. */
  repeated: 100,
  /** Root fields. */
  roots: 20,
  /** Directives in all. */
  directives: 200,
  /** Commas, colons, brackets and braces of a body that is large: what it costs to read it before it is known what it is. */
  marks: 60_000,
  /** Values in the variables, lists and objects among them; and levels in which they lie. No input of the contract has as many as ten. */
  values: 25_000,
  valueLevels: 50,
} as const;

/** Documents that are kept once they were read, and characters of their texts together. */
export const keptDocuments = { max: 2000, maxSize: 2_000_000 } as const;

/** The next step for whoever sends too much to be looked at: what one request may hold of what is sent in lists. */
export const inParts = `Send less at a time: a request takes at most ${mostChanges} changes or ${limits.keys} keys.`;

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
  const found = { steps: 0, fields: 0, repeated: 0, directives: 0, depth: 0, roots: 0 };
  const within = () => found.steps <= 10 * documentLimits.fields && found.fields <= documentLimits.fields && found.repeated <= documentLimits.repeated && found.depth <= documentLimits.depth && found.directives <= documentLimits.directives;
  const walk = (set: SelectionSetNode, depth: number, open: ReadonlySet<string>, names: Set<string>): void => {
    for (const selection of set.selections) {
      if (!within()) return;
      found.steps += 1;
      found.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        found.fields += 1;
        const name = selection.alias?.value ?? selection.name.value;
        if (names.has(name)) found.repeated += 1;
        names.add(name);
        if (depth === 1) found.roots += 1;
        found.depth = Math.max(found.depth, depth);
        if (selection.selectionSet) walk(selection.selectionSet, depth + 1, open, new Set());
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, depth, open, names);
      } else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (fragment && !open.has(name)) walk(fragment.selectionSet, depth, new Set([...open, name]), names);
      }
    }
  };
  walk(root, 1, new Set(), new Set());
  if (found.depth > documentLimits.depth) return `This operation is more than ${documentLimits.depth} levels deep. Ask for less in one operation.`;
  if (found.fields > documentLimits.fields || found.steps > 10 * documentLimits.fields) return `This operation selects more than ${documentLimits.fields} fields, aliases counted. Ask for less in one operation.`;
  if (found.repeated > documentLimits.repeated) return `This operation selects more than ${documentLimits.repeated} fields again that it has selected already. Name each field once.`;
  if (found.directives > documentLimits.directives) return `This operation has more than ${documentLimits.directives} directives.`;
  if (found.roots > documentLimits.roots) return `This operation has ${found.roots} root fields; the limit is ${documentLimits.roots}.`;
  return null;
}

/** How much variables hold. */
export interface VariablesSize {
  /** Values, lists and objects among them; counted no further than the limits. */
  readonly values: number;
  /** What refuses them: more of them, or deeper, than anybody looks at. */
  readonly refusal: HubError | null;
}

/** Measures variables level by level: however deep they are, it calls nothing within itself. */
export function measureVariables(variables: unknown): VariablesSize {
  let level: unknown[] = [variables];
  let values = 1;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > documentLimits.valueLevels) return { values, refusal: new HubError('TOO_COMPLEX', `The variables are nested deeper than ${documentLimits.valueLevels} levels. No input of this hub needs that.`, { limit: documentLimits.valueLevels }) };
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      const inner = Object.values(value);
      values += inner.length;
      // More than may be is not even looked at.
      if (values > documentLimits.values) return { values, refusal: new HubError('TOO_COMPLEX', `The variables hold more than ${documentLimits.values} values. ${inParts}`, { limit: documentLimits.values }) };
      next.push(...inner);
    }
    level = next;
  }
  return { values, refusal: null };
}

/** How many commas, colons, brackets and braces a text of JSON has; in its strings, too. Cheaper by far than reading it. */
export function marksIn(body: string): number {
  let marks = 0;
  for (let at = 0; at < body.length; at += 1) {
    const code = body.charCodeAt(at);
    if (code === comma || code === colon || code === bracket || code === brace) marks += 1;
  }
  return marks;
}

const [comma, colon, bracket, brace] = [...',:[{'].map((mark) => mark.charCodeAt(0));
