/**
 * Whose a key or a token's subject is: one registered caller's, an application's or an administrator's.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';

/** Whose: a consumer's or an administrator's, by code. */
export type Holder = { readonly consumer: string } | { readonly administrator: string };

/** The rows of a holder, in a table whose rows have one. */
export function ownedBy(tx: postgres.TransactionSql, holder: Holder): postgres.PendingQuery<postgres.Row[]> {
  return 'consumer' in holder ? tx`consumer_code = ${holder.consumer}` : tx`administrator_code = ${holder.administrator}`;
}

/** A holder as such tables write him down; `BAD_INPUT` where nobody of this code is registered. */
export async function knownHolder(tx: postgres.TransactionSql, holder: Holder): Promise<{ readonly consumer: string | null; readonly administrator: string | null }> {
  const [consumer, administrator] = 'consumer' in holder ? [holder.consumer, null] : [null, holder.administrator];
  const [known] = await tx`select 1 from consumer where code = ${consumer} union all select 1 from administrator where code = ${administrator}`;
  if (known === undefined) throw new HubError('BAD_INPUT', `There is no ${consumer === null ? `administrator ${administrator}` : `consumer ${consumer}`}; register it first.`);
  return { consumer, administrator };
}
