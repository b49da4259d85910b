/**
 * Which items an operation delivers under its plan, by record type: what the audit writes down instead of values. Known from
 * tree and plan, once for all requests of a plan; whether there was anybody to deliver them of stands in each record.
 */
import type { Plan } from '../sharing/plan.ts';
import { isNowhere } from '../sharing/rows.ts';
import { isNullByPlan } from './compile.ts';
import { recordsOf } from './page.ts';
import type { RecordNode, Tree } from './tree.ts';

/** The items delivered of each record type, each once, in the order of the answer. */
export function deliveredOf(tree: Tree, plan: Plan): Readonly<Record<string, readonly string[]>> {
  const delivered = new Map<string, Set<string>>();
  eachDelivered(tree, plan, (type, _at, items) => {
    const known = delivered.get(type) ?? new Set();
    delivered.set(type, known);
    for (const item of items) known.add(item);
  });
  return Object.fromEntries([...delivered].map(([type, items]) => [type, [...items]]));
}

/** Every coordinate that is delivered, with its record type and its items, in the order of the answer. */
export function eachDelivered(tree: Tree, plan: Plan, add: (type: string, at: string, items: readonly string[]) => void): void {
  const walk = ({ type, outputs }: RecordNode): void => {
    for (const output of outputs) {
      if (output.kind === 'typename' || output.kind === 'id') continue;
      if (output.kind === 'leaf') {
        if (plan.shown(output.at).length > 0) add(type.name, output.at, output.field.items);
        continue;
      }
      if (isNowhere(plan.rows(output.at, output.kind === 'verify' ? 'verify' : 'exist'))) continue;
      add(type.name, output.at, output.field.items);
      if (output.kind === 'one') walk(output.record);
      if (output.kind === 'many') recordsOf(output.page).forEach(walk);
    }
  };
  for (const root of tree.roots) {
    if (isNullByPlan(root, plan)) continue;
    const { type } = root.by === 'PAGE' ? root.page : root.record;
    add(type.name, root.at, [type.existsItem]);
    if (root.by === 'PAGE') recordsOf(root.page).forEach(walk);
    else walk(root.record);
  }
}
