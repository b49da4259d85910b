/**
 * The judge: the only place that says yes or no.
 *
 * `decide` runs an ordered list of named rules over one ask; the first that answers wins and signs. It is pure: no
 * clock, no database, no GraphQL. The list ends with a refusal, so an ask that no rule knows is refused.
 */
import type { Catalog, CatalogItem } from './catalog.ts';
import { shareTypeFor } from './catalog.ts';
import type { Ask, Bound, Caller, Verdict } from './terms.ts';

type Consumer = Extract<Caller, { kind: 'consumer' }>;

/** What a rule answers; its name is added by the judge. Null: this rule has nothing to say. */
type Opinion = Omit<Verdict, 'rule'> | null;

interface Rule {
  readonly name: string;
  readonly opinion: (ask: Ask, item: CatalogItem | undefined, caller: Caller) => Opinion;
}

/** A rule about a known item and a known consumer; strangers and unknown items were answered before. */
function rule(name: string, opinion: (ask: Ask, item: CatalogItem, caller: Consumer) => Opinion): Rule {
  return {
    name,
    opinion: (ask, item, caller) => (item === undefined || caller.kind !== 'consumer' ? null : opinion(ask, item, caller)),
  };
}

const allow = (because: string, bound: Bound | null = null): Opinion => ({ allowed: true, bound, because, apply: null });
const refuse = (because: string, apply: string | null): Opinion => ({ allowed: false, bound: null, because, apply });

const rules: readonly Rule[] = [
  {
    name: 'stranger',
    opinion: (_ask, _item, caller) =>
      caller.kind === 'stranger'
        ? refuse('The caller is not a registered consumer.', 'Send the key of a registered consumer in the Authorization header.')
        : null,
  },
  {
    name: 'unknown item',
    opinion: (ask, item) =>
      item === undefined
        ? refuse(`Item ${ask.item} is not in the catalog, and what is not in the catalog is not shared.`, 'Ask the data authority to register the item.')
        : null,
  },
  rule('never shared', (ask, item) =>
    shareTypeFor(item, ask.use) === 'NOT_SHARED'
      ? refuse(`${item.name} (${item.code}) is not shared: ${item.condition}.`, null)
      : null),
  // An unconditional item is no narrower for its own provider than for everybody else: the next rule answers it.
  rule('own data', (ask, item, caller) =>
    item.ownerDepartment === caller.department && shareTypeFor(item, ask.use) !== 'UNCONDITIONAL'
      ? allow(`${caller.departmentName} provides ${item.name} (${item.code}) and sees it on the records that it supplied.`, { kind: 'ownRows', department: caller.department })
      : null),
  rule('unconditional', (ask, item) =>
    shareTypeFor(item, ask.use) === 'UNCONDITIONAL'
      ? allow(`${item.name} (${item.code}) is shared unconditionally with registered departments.`)
      : null),
];

const otherwiseWithheld: Rule = rule('otherwise withheld', (_ask, item) =>
  refuse(`${item.name} (${item.code}) is shared on condition: ${item.condition}.`, `Apply for item ${item.code} to the department that provides it (${item.ownerDepartment}).`));

/** Decides one ask. */
export function decide(ask: Ask, caller: Caller, catalog: Catalog): Verdict {
  const item = catalog.item(ask.item);
  for (const { name, opinion } of rules) {
    const verdict = opinion(ask, item, caller);
    if (verdict !== null) return { ...verdict, rule: name };
  }
  const last = otherwiseWithheld.opinion(ask, item, caller);
  if (last === null) throw new Error('The last rule must answer.');
  return { ...last, rule: otherwiseWithheld.name };
}
