/**
 * `catalog`: the catalog as a file, and the form that a department filled in (CSV, or a sheet of Excel) as drafts. What was drafted
 * here is submitted, and published by the data authority, as any other draft.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSheet } from 'read-excel-file/node';
import { draftResources } from '../catalog/draft.ts';
import { resources } from '../catalog/resource.ts';
import { cellsOf, jsonOf, readTable, tableOf } from '../catalog/table.ts';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { openHub, systemParts } from '../hub.ts';
import { CommandRecord } from './recorded.ts';

const usage = 'catalog export [--department D] [--format csv|json] [--out FILE] · catalog draft FILE.csv|FILE.xlsx --department D';

/** No catalog of a county is larger. */
const largestFile = 20_000_000;

/** `catalog export …`, `catalog draft FILE …`. */
export async function catalogCommand(config: Config, words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args: [...words], allowPositionals: true, options: { department: { type: 'string' }, format: { type: 'string', default: 'csv' }, out: { type: 'string' } } });
  const [verb, file] = positionals;
  const rows = verb === 'draft' && file !== undefined && values.department !== undefined ? await cellsIn(file) : null;
  if (rows === null && (verb !== 'export' || positionals.length > 1 || !['csv', 'json'].includes(values.format))) throw new HubError('BAD_INPUT', `Usage: ${usage}`);
  const hub = await openHub(config, { ...systemParts, process: 'catalog' });
  try {
    const { sql, today, now } = hub.writing();
    const { contract } = hub.schema;
    if (rows !== null) {
      const department = values.department ?? '';
      const [known] = await sql<{ name: string }[]>`select name from department where code = ${department}`;
      if (known === undefined) throw new HubError('BAD_INPUT', `There is no department ${department}.`);
      const steward = { kind: 'administrator', code: 'command line', name: '', role: 'STEWARD', department, departmentName: known.name, ofAuthority: false } as const;
      const drafts = await new CommandRecord(hub.audit, { department, roots: ['catalog', 'draft'] }, hub.standing.current.version)
        .around(() => draftResources({ sql, actor: { by: 'command line', now }, steward, contract, today }, readTable(rows)));
      for (const { number, resource } of drafts) process.stdout.write(`${number}  ${resource}\n`);
      return;
    }
    const found = await resources(sql, { department: values.department ?? null });
    const text = values.format === 'json' ? jsonOf(found, contract) : tableOf(found, contract);
    if (values.out === undefined) process.stdout.write(text);
    else writeFileSync(values.out, text, { mode: 0o600 });
  } finally {
    await hub.close();
  }
}

/** The cells of a table in a file; numbers stay the text that they are written as, since codes are no numbers. */
export async function cellsIn(file: string): Promise<readonly (readonly string[])[]> {
  try {
    if (statSync(file).size > largestFile) throw new HubError('BAD_INPUT', `${file} is larger than ${largestFile} bytes, which no catalog is.`);
    const bytes = readFileSync(file);
    // A sheet is a ZIP file, whatever it is called.
    if (bytes.subarray(0, 2).toString('latin1') !== 'PK') return cellsOf(decoded(bytes));
    const rows = await readSheet<string>(bytes, { parseNumber: (text) => text });
    return rows.map((row) => row.map((cell: unknown) => (cell === null ? '' : cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell))));
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw new HubError('BAD_INPUT', `${file} cannot be read as a table: it is CSV (UTF-8 or GB18030) or a sheet of Excel (.xlsx).`);
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  }
}
