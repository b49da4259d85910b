/**
 * Rows for the resolver peers as a good team usually writes them: drizzle-orm's `db.select()` from the tables as they are declared
 * for the database, one statement for each batch of a DataLoader, children told apart in Node.
 *
 * Whole rows, because the peers' schema serves every column and a row of a DataLoader is shared by all who select from it; whoever
 * cuts the columns by hand has `tuned-loaders.ts`. drizzle-orm is the product's own, so that its tables serve here too.
 */
import { arrayOverlaps, asc, gt, inArray } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { records } from '../../../src/registries/index.ts';
import { databaseUrl } from './child.ts';
import type { Child, Row, RowSource } from './resolvers.ts';

// As many connections as the tuned loaders have.
const db = drizzle({ client: postgres(databaseUrl, { max: 4, onnotice: () => undefined, connection: { application_name: 'bench usual' } }) });

function tableOf(type: string) {
  const model = records.find((one) => one.type === type);
  if (model === undefined) throw new Error(`No registry declares ${type}.`);
  const column = (field: string): PgColumn => {
    const found = model.columns[field];
    if (found === undefined) throw new Error(`${type} has no column ${field}.`);
    return found;
  };
  return { table: model.tables.current, column };
}

const [person, household, certificate, permit, entity] = [tableOf('Person'), tableOf('Household'), tableOf('Certificate'), tableOf('CreditPermit'), tableOf('LegalEntity')];

/** Rows whose column is one of these keys. */
async function byKey({ table, column }: ReturnType<typeof tableOf>, field: string, keys: readonly string[]): Promise<readonly Row[]> {
  return db.select().from(table).where(inArray(column(field), [...keys]));
}

async function childrenBy({ table, column }: ReturnType<typeof tableOf>, field: string, keys: readonly string[]): Promise<readonly Child[]> {
  const rows: readonly Row[] = await db.select().from(table).where(inArray(column(field), [...keys])).orderBy(asc(column('id')));
  return rows.map((row) => ({ of: [row[field] as string], row }));
}

/** See the head of this file. */
export const usual: RowSource = {
  personsByIdNumber: (keys) => byKey(person, 'idNumber', keys),
  householdsByNo: (keys) => byKey(household, 'householdNo', keys),
  membersByHousehold: (keys) => childrenBy(person, 'householdNo', keys),
  permitsByPerson: (keys) => childrenBy(permit, 'counterpartyPersonKey', keys),
  certificatesByHolder: async (keys) => {
    const rows: readonly Row[] = await db.select().from(certificate.table).where(arrayOverlaps(certificate.column('holderPersonKeys'), [...keys])).orderBy(asc(certificate.column('id')));
    return rows.map((row) => ({ of: row['holderPersonKeys'] as string[], row }));
  },
  legalEntitiesAfter: async (id, first) => db.select().from(entity.table).where(gt(entity.column('id'), id)).orderBy(asc(entity.column('id'))).limit(first),
};
