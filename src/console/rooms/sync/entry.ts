/** An entry of the quarantine as it is listed: without its values. */
import type { QuarantinedEntriesQuery } from '../../generated/graphql.ts';

export type Entry = QuarantinedEntriesQuery['quarantinedEntries'][number];
