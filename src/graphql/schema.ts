/**
 * The executable schema and the contract of records, read from `schema/` at boot.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildASTSchema, parse } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Contract } from '../registries/contract.ts';
import { links, records } from '../registries/index.ts';
import { readContract } from './contract.ts';
import { completeContract } from './generate.ts';
import { attachScalars } from './scalars.ts';

/** What the hub can be asked, in GraphQL's terms and in the compiler's. */
export interface HubSchema {
  readonly schema: GraphQLSchema;
  readonly contract: Contract;
}

const folder = fileURLToPath(new URL('../../schema/', import.meta.url));

/** Every `.graphql` file below `schema/`, as one document. */
export function readSdl(): DocumentNode {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.graphql')).sort();
  return parse(files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n'));
}

/** Builds the schema; throws `CONTRACT_BROKEN` on any gap between SDL, declarations and catalog. */
export function buildSchema(knownItem: (code: string) => boolean): HubSchema {
  const document = completeContract(readSdl());
  const contract = readContract(document, records, links, knownItem);
  const schema = buildASTSchema(document);
  attachScalars((name) => schema.getType(name));
  return { schema, contract };
}

/** Coordinates of all root fields, such as `Query.person`. */
export function rootsOf({ schema }: Pick<HubSchema, 'schema'>): readonly string[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((type) => (type ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : []));
}
