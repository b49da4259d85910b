/**
 * What the hub knows of all that a decision names, read in the decision's own transaction: what another process has registered a
 * moment ago counts.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import type { Actor } from '../identity/policy-change.ts';
import { consumerIn, matterIn } from '../identity/policy-rows.ts';
import type { Contract } from '../registries/contract.ts';
import type { Catalog } from '../sharing/catalog.ts';
import type { Consumer } from '../sharing/terms.ts';
import { divisionsNamed } from './form.ts';
import type { BoundForm, HeldTuple, Known } from './form.ts';

/** Where decisions are made: by whom, when, on what catalog and contract. */
export interface ApprovalDesk {
  readonly sql: postgres.Sql;
  readonly actor: Actor;
  /** Civil date. */
  readonly today: string;
  readonly catalog: Catalog;
  readonly contract: Contract;
  readonly personKey: (idNumber: string) => string;
}

/** As much of a desk as granting takes. */
export type GrantingDesk = Pick<ApprovalDesk, 'actor' | 'catalog' | 'contract'>;

type Row = Readonly<Record<string, unknown>>;

/** The rows of a table as the log of policy has them. */
async function bodies(tx: postgres.TransactionSql, table: string, codes: readonly string[]): Promise<readonly Row[]> {
  const rows = await tx<{ body: string }[]>`select to_jsonb(t)::text as body from ${tx(table)} t where code = any(${[...codes]}::text[])`;
  return rows.map(({ body }) => JSON.parse(body) as Row);
}

async function codesOf(tx: postgres.TransactionSql, table: string, key: string, codes: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx<{ code: string }[]>`select ${tx(key)} as code from ${tx(table)} where ${tx(key)} = any(${[...codes]}::text[])`;
  return new Set(rows.map(({ code }) => code));
}

/** A consumer; `BAD_INPUT` where there is none. */
export async function knownConsumer(tx: postgres.TransactionSql, code: string): Promise<Consumer> {
  const [body] = await bodies(tx, 'consumer', [code]);
  if (body === undefined) throw new HubError('BAD_INPUT', `There is no consumer ${code}; a SYSTEM administrator registers it.`);
  return consumerIn(body, new Map());
}

/** Refuses a department that is not there with `BAD_INPUT`. */
export async function knownDepartment(tx: postgres.TransactionSql, code: string): Promise<void> {
  if ((await codesOf(tx, 'department', 'code', [code])).size === 0) throw new HubError('BAD_INPUT', `There is no department ${code}; seeds/departments.csv lists them.`);
}

/** Refuses a list that is not there with `BAD_INPUT`. Nobody else changes who stands on it until the transaction ends. */
export async function knownList(tx: postgres.TransactionSql, code: string): Promise<void> {
  const [list] = await tx`select 1 from subject_list where code = ${code} for update`;
  if (list === undefined) throw new HubError('BAD_INPUT', `There is no list ${code}; createList makes one.`);
}

/** What a decision names. */
interface Named {
  readonly bounds: readonly BoundForm[];
  readonly matters: readonly string[];
  readonly seals: readonly string[];
  /** Whose other grants count, and which one is being written. */
  readonly held?: { readonly consumer: string; readonly except: string };
}

/** All of it that is there. */
export async function knownOf(tx: postgres.TransactionSql, { catalog, contract }: Pick<ApprovalDesk, 'catalog' | 'contract'>, { bounds, matters, seals, held }: Named): Promise<Known> {
  return {
    catalog, contract,
    matters: new Map((await bodies(tx, 'matter', matters)).map(matterIn).map((matter) => [matter.code, matter])),
    departments: await codesOf(tx, 'department', 'code', bounds.flatMap(({ ownRows }) => ownRows ?? [])),
    divisions: await codesOf(tx, 'administrative_division', 'division_code', divisionsNamed(bounds)),
    lists: await codesOf(tx, 'subject_list', 'code', bounds.flatMap(({ list }) => list ?? [])),
    seals: await codesOf(tx, 'seal', 'code', seals),
    held: held === undefined ? [] : await heldBy(tx, held.consumer, held.except),
  };
}

async function heldBy(tx: postgres.TransactionSql, consumer: string, except: string): Promise<readonly HeldTuple[]> {
  const grants = await tx<{ tuples: string }[]>`select tuples::text from sharing_grant where consumer_code = ${consumer} and approval_no <> ${except}`;
  return grants.flatMap(({ tuples }) => JSON.parse(tuples) as readonly HeldTuple[]);
}
