/**
 * The judge: the only place that says yes or no.
 *
 * `decide` asks an ordered list of named rules that refuse; the first that does wins and signs. What none refuses, the rules that
 * allow open way by way; the ways add up, and the first one signs. It is pure: no clock, no database, no GraphQL. What no rule
 * allows is withheld, so an ask that no rule knows is refused.
 */
import type { Catalog, CatalogItem } from './catalog.ts';
import { isPersonal, shareTypeFor } from './catalog.ts';
import { applyingTuples } from './grant.ts';
import type { GrantTuple, Policy } from './grant.ts';
import { quotaOf } from './quota.ts';
import type { Administrator, Ask, Bound, Caller, Circumstances, Consumer, Verdict, Way } from './terms.ts';

/** From where a question is judged. */
export interface Standpoint {
  readonly caller: Caller;
  readonly catalog: Catalog;
  /** What was decided about the caller. */
  readonly policy: Policy;
  /** Is anybody sealed? The judge does not look; statements do. */
  readonly sealed: boolean;
  readonly circumstances: Circumstances;
}

/** An ask of somebody registered for an item that there is, with all that a rule may look at. */
interface Asked {
  readonly ask: Ask;
  readonly item: CatalogItem;
  readonly caller: Consumer | Administrator;
  readonly policy: Policy;
  readonly circumstances: Circumstances;
}

/** Why not, and what can be done about it. */
interface Refusal {
  readonly because: string;
  readonly apply: string | null;
}

/** A rule that refuses what is asked. */
interface RefusingRule<T> {
  readonly name: string;
  readonly refusal: (asked: T) => Refusal | null;
}

/** Shared unconditionally, and no personal information: what a map is drawn from. */
const isOpen = (item: CatalogItem, { use }: Ask): boolean => shareTypeFor(item, use) === 'UNCONDITIONAL' && !isPersonal(item);

const named = ({ name, code }: CatalogItem): string => `${name} (${code})`;

/** Who is no consumer, and what is no item: asked first, so that the other rules need not look. An administrator is not told what is no item. */
const outside: readonly RefusingRule<Pick<Standpoint, 'caller'> & { readonly ask: Ask; readonly item: CatalogItem | undefined }>[] = [
  {
    name: 'stranger',
    refusal: ({ caller }) =>
      caller.kind === 'stranger'
        ? { because: 'The caller is not a registered consumer.', apply: 'Send the key of a registered consumer in the Authorization header.' }
        : null,
  },
  {
    name: 'administrator',
    refusal: ({ caller, ask, item }) =>
      caller.kind === 'administrator' && (item === undefined || !isOpen(item, ask))
        ? { because: 'Administrators read only what is shared unconditionally and is no personal information.', apply: 'Ask with the key of a department\'s application.' }
        : null,
  },
  {
    name: 'unknown item',
    refusal: ({ ask, item }) =>
      item === undefined
        ? { because: `Item ${ask.item} is not in the catalog, and what is not in the catalog is not shared.`, apply: 'Ask the data authority to register the item.' }
        : null,
  },
];

const refusals: readonly RefusingRule<Omit<Asked, 'caller'>>[] = [
  {
    name: 'denied',
    refusal: ({ item, policy }) => {
      const denial = policy.denials.get(item.code);
      return denial === undefined ? null : { because: `${named(item)} is denied to this consumer (${denial.code}): ${denial.because}.`, apply: null };
    },
  },
  {
    name: 'never shared',
    refusal: ({ ask, item }) =>
      shareTypeFor(item, ask.use) === 'NOT_SHARED'
        ? { because: `${named(item)} is not shared: ${item.condition}.`, apply: null }
        : null,
  },
  {
    name: 'no purpose',
    refusal: ({ item, circumstances: { matter } }) =>
      isPersonal(item) && matter === null
        ? { because: `${named(item)} is personal information, and no purpose was given.`, apply: 'Name the service matter in the Hub-Matter header.' }
        : null,
  },
  {
    name: 'no case',
    refusal: ({ item, circumstances: { matter, hasCase, mode } }) =>
      isPersonal(item) && mode === 'QUERY' && matter?.needsCase === true && !hasCase
        ? { because: `${named(item)} is personal information, and ${matter.name} is handled case by case.`, apply: 'Open the case and name it in the Hub-Case header.' }
        : null,
  },
];

/** A way that a rule opens, with its sentence. */
interface Opened {
  readonly way: Omit<Way, 'rule'>;
  readonly because: string;
}

interface AllowingRule {
  readonly name: string;
  readonly open: (asked: Omit<Asked, 'policy'>, tuples: readonly GrantTuple[]) => readonly Opened[];
}

const plain = (bounds: readonly Bound[] = []): Omit<Way, 'rule'> => ({ bounds, mask: null, approvalNo: null, quota: null });

/** Lists, files and feeds of personal information take a grant, whatever the share type says. */
function isForAll({ ask, item, circumstances: { mode } }: Omit<Asked, 'policy'>): boolean {
  return shareTypeFor(item, ask.use) === 'UNCONDITIONAL' && (mode === 'QUERY' || !isPersonal(item));
}

const allowances: readonly AllowingRule[] = [
  {
    name: 'unconditional',
    open: (asked) => (isForAll(asked) ? [{ way: plain(), because: `${named(asked.item)} is shared unconditionally with registered departments.` }] : []),
  },
  {
    name: 'own data',
    // What everybody has is no narrower for its own provider.
    open: (asked) => {
      const { item, caller } = asked;
      if (item.ownerDepartment !== caller.department || isForAll(asked)) return [];
      return [{ way: plain([{ kind: 'ownRows', department: caller.department }]), because: `${caller.departmentName} provides ${named(item)} and sees it on the records that it supplied.` }];
    },
  },
  {
    name: 'granted',
    open: ({ item }, tuples) => tuples.map((tuple) => {
      const { bounds, mask, approvalNo, quotaPerDay } = tuple;
      const limited = `${mask === null ? '' : `, masked as ${mask}`}${quotaPerDay === null ? '' : `, for ${quotaPerDay} questions a day`}`;
      return { way: { bounds, mask, approvalNo, quota: quotaOf(tuple) }, because: `${named(item)} was granted to this consumer under ${approvalNo}${limited}.` };
    }),
  },
];

/** The names of all rules in the order in which they are asked; the last one signs what no other did. */
export const ruleNames: readonly string[] = [...outside, ...refusals, ...allowances].map(({ name }) => name).concat('otherwise withheld');

/** Decides one ask. */
export function decide(ask: Ask, { caller, catalog, policy, circumstances }: Standpoint): Verdict {
  const item = catalog.item(ask.item);
  const stopped = firstRefusal(outside, { ask, item, caller });
  if (stopped !== null) return stopped;
  // What the rules above let through is an item that there is, and somebody registered.
  const asked = { ask, item: item as CatalogItem, caller: caller as Consumer | Administrator, circumstances };
  const refused = firstRefusal(refusals, { ...asked, policy });
  if (refused !== null) return refused;
  const { tuples, until } = applyingTuples(policy, ask, asked.item, circumstances);
  const opened = allowances.flatMap(({ name, open }) => open(asked, tuples).map(({ way, because }) => ({ way: { ...way, rule: name }, because })));
  const [first] = opened;
  if (first === undefined) return { allowed: false, ways: [], rule: 'otherwise withheld', ...withheld(asked), until };
  return { allowed: true, ways: opened.map(({ way }) => insideCase(way, asked)), rule: first.way.rule, because: first.because, apply: null, until };
}

function firstRefusal<T>(rules: readonly RefusingRule<T>[], asked: T): Verdict | null {
  for (const { name, refusal } of rules) {
    const refused = refusal(asked);
    if (refused !== null) return { allowed: false, ways: [], rule: name, ...refused, until: null };
  }
  return null;
}

function withheld({ item, ask, circumstances: { mode } }: Omit<Asked, 'policy'>): Refusal {
  const apply = `Apply for item ${item.code} to the department that provides it (${item.ownerDepartment}).`;
  if (shareTypeFor(item, ask.use) === 'UNCONDITIONAL') return { because: `${named(item)} is personal information and is given in the mode ${mode} under a grant only.`, apply };
  return { because: `${named(item)} is shared on condition: ${item.condition}.`, apply };
}

/** Under a case only its subjects, and the kin that its matter names, can be asked about. */
function insideCase(way: Way, { item, circumstances: { hasCase } }: Omit<Asked, 'policy'>): Way {
  return hasCase && isPersonal(item) ? { ...way, bounds: [...way.bounds, { kind: 'case' }] } : way;
}
