/**
 * The schema of the resolver peers, with the hub's names, and their resolvers: one DataLoader for each edge and request. Where the
 * loaders get their rows is another matter: `usual-loaders.ts` as a good team would write them, `tuned-loaders.ts` as fast as they go.
 */
import { records } from '../../../src/registries/index.ts';
import { peer } from './child.ts';

/** The SDL that the resolver peers serve. */
export const typeDefs = /* GraphQL */ `
  type Query { person(idNumber: String!): Person  persons(idNumbers: [String!]!): [Person]!  legalEntities(first: Int! = 50, after: ID): LegalEntityConnection! }
  type Person { ${columnsOf('Person')} household: Household certificates: CertificateConnection creditPermits: CreditPermitConnection }
  type PersonConnection { nodes: [Person!]! }
  type Household { ${columnsOf('Household')} members: PersonConnection }
  type Certificate { ${columnsOf('Certificate')} }
  type CertificateConnection { nodes: [Certificate!]! }
  type CreditPermit { ${columnsOf('CreditPermit')} }
  type CreditPermitConnection { nodes: [CreditPermit!]! }
  type LegalEntity { ${columnsOf('LegalEntity')} }
  type LegalEntityConnection { nodes: [LegalEntity!]! }
`;

/** A field for each column of a record type. */
function columnsOf(type: string): string {
  const columns = records.find((one) => one.type === type)?.columns ?? {};
  return Object.keys(columns).map((name) => `${name}: ${name === 'id' ? 'ID!' : 'String'}`).join(' ');
}

/** A row as the schema shows it, with the keys of its edges. */
export type Row = Readonly<Record<string, unknown>>;

interface Loader<V> {
  load(key: string): Promise<V>;
  loadMany(keys: readonly string[]): Promise<(V | Error)[]>;
}

type DataLoader = new <V>(batch: (keys: readonly string[]) => Promise<V[]>, options?: { maxBatchSize?: number }) => Loader<V>;

const { default: DataLoader } = await peer<{ default: DataLoader }>('dataloader');

/** Where rows come from: one statement for each batch of keys. Lists come in the order of their ids. */
export interface RowSource {
  personsByIdNumber(keys: readonly string[]): Promise<readonly Row[]>;
  householdsByNo(keys: readonly string[]): Promise<readonly Row[]>;
  /** Rows of several parents, with the parents' keys by which they are told apart. */
  membersByHousehold(keys: readonly string[]): Promise<readonly Child[]>;
  certificatesByHolder(keys: readonly string[]): Promise<readonly Child[]>;
  permitsByPerson(keys: readonly string[]): Promise<readonly Child[]>;
  legalEntitiesAfter(id: string, first: number): Promise<readonly Row[]>;
}

/** A row and the keys of the parents that it belongs to. */
export interface Child {
  readonly of: readonly string[];
  readonly row: Row;
}

/** What a request carries. */
interface Loaders {
  readonly source: RowSource;
  readonly personByIdNumber: Loader<Row | null>;
  readonly householdByNo: Loader<Row | null>;
  readonly membersByHousehold: Loader<readonly Row[]>;
  readonly certificatesByHolder: Loader<readonly Row[]>;
  readonly permitsByPerson: Loader<readonly Row[]>;
}

/** Rows in the order of the keys that they were asked by. */
function inOrder(keys: readonly string[], rows: readonly Row[], by: string): (Row | null)[] {
  const found = new Map(rows.map((row) => [row[by], row]));
  return keys.map((key) => found.get(key) ?? null);
}

/** The page size of a nested connection. */
const nested = 20;

function grouped(keys: readonly string[], children: readonly Child[]): (readonly Row[])[] {
  const found = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const { of, row } of children) for (const key of of) found.get(key)?.push(row);
  return keys.map((key) => found.get(key)?.slice(0, nested) ?? []);
}

/** Fresh loaders, one set for each request. */
export function loadersOf(source: RowSource): () => Loaders {
  return () => ({
    source,
    personByIdNumber: new DataLoader(async (keys) => inOrder(keys, await source.personsByIdNumber(keys), 'idNumber')),
    householdByNo: new DataLoader(async (keys) => inOrder(keys, await source.householdsByNo(keys), 'householdNo')),
    membersByHousehold: new DataLoader(async (keys) => grouped(keys, await source.membersByHousehold(keys))),
    certificatesByHolder: new DataLoader(async (keys) => grouped(keys, await source.certificatesByHolder(keys))),
    permitsByPerson: new DataLoader(async (keys) => grouped(keys, await source.permitsByPerson(keys))),
  });
}

type Resolver = (parent: Row, args: Readonly<Record<string, unknown>>, context: Loaders) => unknown;
const nodes = async (rows: Promise<readonly Row[]>) => ({ nodes: await rows });
const key = (value: unknown): string => (typeof value === 'string' ? value : '');

export const resolvers: Readonly<Record<string, Readonly<Record<string, Resolver>>>> = {
  Query: {
    person: (_root, { idNumber }, context) => context.personByIdNumber.load(key(idNumber)),
    persons: (_root, { idNumbers }, context) => context.personByIdNumber.loadMany(idNumbers as string[]),
    legalEntities: (_root, { first, after }, { source }) => nodes(source.legalEntitiesAfter((after as string | undefined) ?? '00000000-0000-0000-0000-000000000000', first as number)),
  },
  Person: {
    household: ({ householdNo }, _args, context) => (householdNo ? context.householdByNo.load(key(householdNo)) : null),
    certificates: ({ personKey }, _args, context) => nodes(context.certificatesByHolder.load(key(personKey))),
    creditPermits: ({ personKey }, _args, context) => nodes(context.permitsByPerson.load(key(personKey))),
  },
  Household: { members: ({ householdNo }, _args, context) => nodes(context.membersByHousehold.load(key(householdNo))) },
};
