/**
 * Resolvers of schema/field-permissions.graphql: the matrix, for whom it concerns.
 */
import type { RegistryName } from '../../registries/record.ts';
import type { CatalogItem } from '../../sharing/catalog.ts';
import { masksFor } from '../../sharing/mask.ts';
import type { CellReason } from '../../sharing/matrix.ts';
import type { Mode, Use } from '../../sharing/terms.ts';
import type { HubContext } from '../context.ts';
import { fieldPermissionChanges, fieldPermissions as permissionsAt } from '../field-permissions.ts';
import type { PermissionScope } from '../field-permissions.ts';
import type { HubSchema } from '../schema.ts';
import type { Halt } from '../turns.ts';
import type { Work } from '../work.ts';
import { consumerShown } from './directory.ts';
import { concernsOf } from './explain.ts';
import { momentsOf } from './moment.ts';
import type { Resolvers } from './resolver.ts';

interface ScopeArguments {
  readonly registry?: RegistryName | null;
  readonly items?: readonly string[] | null;
  readonly consumers?: readonly string[] | null;
  readonly mode: Mode;
}

/** See the head of this file. */
export function fieldPermissions({ contract }: HubSchema, work: Work): Resolvers {
  const then = momentsOf(work);
  const { columns: kept } = work;
  return {
    Query: {
      fieldPermissions: async (_root, { at, ...given }: ScopeArguments & { readonly at?: string | null }, context) => {
        const moment = await then(at, context);
        const { items, consumers, reasons, cells } = await permissionsAt(contract, scopeOf(given, context), kept !== undefined && (at === undefined || at === null) ? { ...moment, kept } : moment, haltOf(context));
        return { at: moment.at, standing: moment.standing.version, items: items.map(itemShown), consumers: consumers.map(consumerShown), reasons: reasons.map(reasonShown), cells };
      },
      fieldPermissionChanges: async (_root, { from, to, ...given }: ScopeArguments & { readonly from: string; readonly to?: string | null }, context) => {
        const [was, is] = [await then(from, context), await then(to, context)];
        const { items, consumers, reasons, changes } = await fieldPermissionChanges(contract, scopeOf(given, context), was, is, haltOf(context));
        return { from: was.at, to: is.at, items: items.map(itemShown), consumers: consumers.map(consumerShown), reasons: reasons.map(reasonShown), changes: changes.map(({ item, consumer, before, after }) => ({ item, consumer, before, after })) };
      },
    },
  };
}

function scopeOf({ registry, items, consumers, mode }: ScopeArguments, context: HubContext): PermissionScope {
  return { registry: registry ?? null, items: items ?? null, consumers: consumers ?? null, mode, concerns: concernsOf(context) };
}

const haltOf = ({ account }: HubContext): Halt => account?.halts() ?? (async () => undefined);

const itemShown = ({ code, name, ownerDepartment, shareType, keyShareType, condition, sensitivity, mask }: CatalogItem): unknown => ({
  code, name, ownerDepartmentCode: ownerDepartment, shareType, keyShareType, condition, sensitivity, masks: masksFor(mask),
});

const upper = (use: Use): string => use.toUpperCase();

const reasonShown = ({ state, rule, uses, ways, denial, takesMatter, takesCase, until }: CellReason): unknown => ({
  state, rule, uses: uses.map(upper), denial: denial?.code ?? null, deniedBecause: denial?.because ?? null, takesMatter, takesCase, until,
  // Most of what a reason says; whoever looks at the whole matrix does not ask for it.
  ways: () => ways.map(({ uses: opened, words: { zh, en }, approvalNo, mask, matters, validTo }) => ({ uses: opened.map(upper), words: `${zh} · ${en}`, approvalNo, mask, matters, validTo })),
});
