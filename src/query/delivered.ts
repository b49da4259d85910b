/**
 * Which items an operation delivers under its plan, by record type: what the audit writes down instead of values; and which quotas it
 * lives on. Known from tree and plan, once for all requests of a plan; whether there was anybody to deliver them of stands in each record.
 */
import type { Plan } from '../sharing/plan.ts';
import { isNowhere } from '../sharing/rows.ts';
import type { Quota } from '../sharing/terms.ts';
import { isNullByPlan } from './compile.ts';
import { recordsOf } from './page.ts';
import { asksOfRecord, eachLook } from './predicate/look.ts';
import { isWithheld } from './predicate/sql.ts';
import type { PageNode, RecordNode, Tree } from './tree.ts';

/** See the head of this file. */
export interface DeliveredUnderPlan {
  /** The items of each record type, each once, in the order of the answer. */
  readonly items: Readonly<Record<string, readonly string[]>>;
  /** Each once: what is found by, and what is shown, may live on several. */
  readonly quotas: readonly Quota[];
}

/** What an operation that is not refused delivers. */
export function deliveredOf(tree: Tree, plan: Plan): DeliveredUnderPlan {
  const delivered = new Map<string, Set<string>>();
  const quotas = new Map<string, Quota>();
  const use = (at: string): void => plan.quotas(at).forEach((quota) => quotas.set(`${quota.approvalNo}|${quota.item}|${quota.line}`, quota));
  eachDelivered(tree, plan, (type, at, items) => {
    const known = delivered.get(type) ?? new Set();
    delivered.set(type, known);
    for (const item of items) known.add(item);
    use(at);
  }, use);
  return { items: Object.fromEntries([...delivered].map(([type, items]) => [type, [...items]])), quotas: [...quotas.values()] };
}

/** Every coordinate that is delivered, with its record type and its items, in the order of the answer; `found`: those that it is found by. */
export function eachDelivered(tree: Tree, plan: Plan, add: (type: string, at: string, items: readonly string[]) => void, found: (at: string) => void = () => undefined): void {
  const find = (conditions: readonly { readonly at: string }[]): void => conditions.forEach(({ at }) => found(at));
  const list = (page: PageNode): void => {
    find(page.where);
    find(page.order);
    recordsOf(page).forEach(walk);
  };
  const walk = ({ type, outputs }: RecordNode): void => {
    for (const output of outputs) {
      if (output.kind === 'typename' || output.kind === 'id' || output.kind === 'checked') continue;
      if (output.kind === 'predicate') {
        if (!isWithheld(output.predicate, plan)) eachLook(output.predicate.look, (look) => asksOfRecord(look).forEach(({ item, at }) => add(look.type.name, at, [item])));
        continue;
      }
      if (output.kind === 'leaf') {
        if (plan.shown(output.at).length > 0) add(type.name, output.at, output.field.items);
        continue;
      }
      if (isNowhere(plan.rows(output.at, output.kind === 'verify' ? 'verify' : 'exist'))) continue;
      add(type.name, output.at, output.field.items);
      if (output.kind === 'one') walk(output.record);
      if (output.kind === 'many') list(output.page);
    }
  };
  for (const root of tree.roots) {
    if (isNullByPlan(root, plan)) continue;
    const { type } = root.by === 'PAGE' ? root.page : root.record;
    add(type.name, root.at, [type.existsItem]);
    if (root.by === 'KEY' || root.by === 'KEYS') found(root.keyAt);
    if (root.by === 'NARROW') find(root.where);
    if (root.by === 'PAGE') list(root.page);
    else walk(root.record);
  }
}
