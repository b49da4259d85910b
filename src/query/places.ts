/**
 * Where in the response each coordinate of a tree stands: what an entry about a withheld field points at.
 * Paths stop at the first list, because an index would tell how many there are.
 */
import type { Use } from '../sharing/terms.ts';
import type { Output, PageNode, RecordNode, Tree } from './tree.ts';

/** A coordinate of the contract, for what it was asked, and a place of the response where it was. */
export interface TreePlace {
  readonly at: string;
  readonly use: Use;
  readonly path: readonly string[];
}

/** Every coordinate of a tree, in the order of the response. */
export function placesOf(tree: Tree): TreePlace[] {
  const places: TreePlace[] = [];
  for (const root of tree.roots) {
    const path = [root.as];
    places.push({ at: root.at, use: 'exist', path });
    if (root.by === 'PAGE') pagePlaces(root.page, path, false, places);
    else recordPlaces(root.record, path, root.by !== 'KEY', places);
  }
  return places;
}

function recordPlaces(record: RecordNode, path: readonly string[], listed: boolean, places: TreePlace[]): void {
  for (const output of record.outputs) {
    if (output.kind === 'typename' || output.kind === 'id' || output.kind === 'checked') continue;
    const here = listed ? path : [...path, output.as];
    if (output.kind === 'predicate') {
      for (const { at, use } of output.predicate.asks) places.push({ at, use, path: here });
      continue;
    }
    places.push({ at: output.at, use: useOf(output), path: here });
    if (output.kind === 'one') recordPlaces(output.record, here, listed, places);
    if (output.kind === 'many') pagePlaces(output.page, here, listed, places);
  }
}

function useOf(output: Exclude<Output, { kind: 'typename' | 'id' | 'checked' | 'predicate' }>): Use {
  if (output.kind === 'leaf') return output.field.use;
  return output.kind === 'verify' ? 'verify' : 'exist';
}

function pagePlaces(page: PageNode, path: readonly string[], listed: boolean, places: TreePlace[]): void {
  for (const output of page.outputs) {
    const here = listed ? path : [...path, output.as];
    if (output.kind === 'nodes') recordPlaces(output.record, here, true, places);
    if (output.kind !== 'edges') continue;
    for (const edge of output.outputs) if (edge.kind === 'node') recordPlaces(edge.record, here, true, places);
  }
}
