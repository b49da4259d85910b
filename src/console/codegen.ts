/**
 * Writes `generated/`: the contract as text, and a type for every operation of the console. An operation stands in a room as
 * `graphql(`query …`)` (api/graphql.ts) and is validated here against the real contract, so a room that asks for what is
 * not there breaks the build and not the day of an administrator.
 *
 * Only types come of it: a document is its own text at run time, which keeps each room's operations in its own chunk.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { Kind, parse } from 'graphql';

const here = import.meta.dirname;

/** The console is no part of the server: it takes the contract from a process of its own. */
function contractText(): string {
  const ran = spawnSync(process.execPath, [join(here, '../graphql/print.ts')], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (ran.status !== 0) throw new Error(`the contract could not be printed: ${ran.stderr}`);
  return ran.stdout;
}

/** Generates the types; throws with every operation that the contract does not answer. */
export async function generateTypes(): Promise<void> {
  const schema = join(here, 'generated', 'contract.graphql');
  const contract = contractText();
  write(schema, contract);
  write(join(here, 'generated', 'enums.ts'), enumsOf(contract));
  const files = await generate({
    schema,
    documents: [join(here, 'rooms/**/*.{ts,tsx}'), join(here, 'parts/**/*.{ts,tsx}'), join(here, 'app/**/*.{ts,tsx}')],
    ignoreNoDocuments: true,
    silent: true,
    generates: {
      [`${join(here, 'generated')}/`]: {
        preset: 'client',
        presetConfig: { fragmentMasking: false },
        config: {
          documentMode: 'string',
          enumsAsTypes: true,
          useTypeImports: true,
          avoidOptionals: { field: true, inputValue: false },
          scalars: { ID: 'string', Date: 'string', DateTime: 'string', Decimal: 'string', BigInt: 'string', JSON: 'unknown', GeoJSON: 'unknown', CellRow: 'readonly number[]' },
        },
      },
    },
  }, false);
  for (const { filename, content } of files) write(filename, content);
}

/** Every enum of the contract, asked for or not: names of things are written for all of their values (parts/names.ts). */
function enumsOf(contract: string): string {
  return parse(contract, { noLocation: true }).definitions.flatMap((definition) => (definition.kind === Kind.ENUM_TYPE_DEFINITION
    ? [`export type ${definition.name.value} = ${(definition.values ?? []).map(({ name }) => `'${name.value}'`).join(' | ')};\n`] : [])).join('');
}

/** A file that says the same already is left alone, so that nothing is built or watched anew. */
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const before = readText(file);
  if (before !== text) writeFileSync(file, text);
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (import.meta.main) await generateTypes();
