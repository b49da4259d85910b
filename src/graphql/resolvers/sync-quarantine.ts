/**
 * Resolvers of schema/sync-quarantine.graphql: what of the upper hub's feed could not be taken, and what is done about it. The command
 * `sync quarantine` does the same.
 */
import { HubError } from '../../errors.ts';
import type { RecordType } from '../../registries/contract.ts';
import type { RegistryName } from '../../registries/record.ts';
import { resumeFeed } from '../../sync/feed-state.ts';
import { editQuarantined, listQuarantine, quarantined, readAgain } from '../../sync/quarantine.ts';
import type { Quarantined } from '../../sync/quarantine.ts';
import { redriveByHand } from '../../sync/redrive.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf } from './resolver.ts';
import type { Resolvers } from './resolver.ts';
import { askedAlone } from './sync.ts';

interface QuarantineQuestion {
  readonly registry?: RegistryName | null;
  readonly state?: Quarantined['state'] | null;
  readonly first: number;
}

/** Entries of a list, and entries that are named at once, at most. */
const most = 200;
const mostNamed = 1000;

/** See the head of this file. */
export function syncQuarantine({ contract: { types } }: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      quarantinedEntries: async (_root, { registry, state, first }: QuarantineQuestion) => {
        if (first < 1 || first > most) throw new HubError('PAGE_TOO_LARGE', `first is 1 to ${most}.`, { limit: most });
        return (await listQuarantine(work.writing().sql, registry ?? null, first, state ?? null)).map(shown);
      },
      quarantinedText: async (_root, { code }: { readonly code: string }, context) => {
        askedAlone(context.trace, 'Query.quarantinedText');
        const row = await quarantined(work.writing().sql, code);
        writtenDown(context, row, types, work.personKey);
        return row.raw;
      },
    },
    Mutation: {
      editQuarantined: async (_root, { code, text }: { readonly code: string; readonly text: string }, context) => {
        const { by, now } = actorOf(context);
        return shown(await editQuarantined(work.writing().sql, code, text, by, now));
      },
      redriveQuarantined: async (_root, { registry, codes }: { readonly registry: RegistryName; readonly codes?: readonly string[] | null }) => {
        if (codes !== undefined && codes !== null && codes.length > mostNamed) throw new HubError('BAD_INPUT', `At most ${mostNamed} entries are tried at once.`);
        return redriveByHand({ writing: () => work.writing(), types, division: work.place.division }, registry, codes ?? null);
      },
      resumeFeed: (_root, { registry, allowDeletes }: { readonly registry: RegistryName; readonly allowDeletes: boolean }) => resumeFeed(work.writing().sql, registry, allowDeletes),
    },
  };
}

function shown({ code, registry, recordType, source, field, reason, tries, state, firstSeenAt, lastSeenAt, editedBy }: Quarantined): unknown {
  return { code, registry, recordType, source, field, reason, tries, state, firstSeen: new Date(firstSeenAt).toISOString(), lastSeen: new Date(lastSeenAt).toISOString(), editedBy };
}

/** A text is about a record: the audit says which items it holds, and of whom, as of what a query delivers. */
function writtenDown({ trace, standing: { catalog } }: HubContext, row: Quarantined, types: ReadonlyMap<string, RecordType>, personKey: (idNumber: string) => string): void {
  const read = readAgain(row);
  const type = types.get(row.recordType ?? '');
  const values = 'reason' in read ? {} : read.source.values;
  const items = [...new Set(Object.keys(values).flatMap((field) => type?.fields.get(field)?.items ?? []))];
  const keys = Object.values(type?.model.personKeys ?? {}).flatMap((field) => [values[field]].flat()).flatMap((number) => keyOf(number, personKey));
  const personal = items.some((code) => ['S3', 'S4'].includes(catalog.item(code)?.sensitivity ?? ''));
  trace.asked = { ...trace.asked, judged: { items, delivered: type === undefined ? {} : { [type.name]: items }, by: [], open: false, quotas: [], personal } };
  trace.delivered = { subjects: [...new Set(keys)], rows: 1, reference: [] };
}

/** What is in quarantine may be there because its number is none. */
function keyOf(number: unknown, personKey: (idNumber: string) => string): readonly string[] {
  try {
    return typeof number === 'string' ? [personKey(number)] : [];
  } catch (error) {
    if (error instanceof HubError) return [];
    throw error;
  }
}
