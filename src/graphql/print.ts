/**
 * The whole contract as text: what is written in `schema/` and everything that follows from it. `node src/graphql/print.ts`
 * writes it to standard output: for whoever generates code from the contract without being part of the server, as the
 * administrators' console does. It says nothing of who may see what; `GET /schema.graphql` does.
 */
import { buildASTSchema, printSchema } from 'graphql';
import { completeContract } from './generate.ts';
import { readSdl } from './schema.ts';

/** The completed contract; the house's own directives, which mean nothing to a client, are left out by printing. */
export function printedContract(): string {
  return printSchema(buildASTSchema(completeContract(readSdl())));
}

if (import.meta.main) process.stdout.write(printedContract());
