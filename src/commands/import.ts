/**
 * `import`: a department's file into the hub, with progress, a summary of what came in and where the refused rows are.
 */
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { importFile, rowsOf } from '../files/import.ts';
import type { ImportResult } from '../files/import.ts';
import { settle } from '../files/memory.ts';
import { fileProgress } from '../files/progress.ts';
import type { HubSchema } from '../graphql/schema.ts';
import { openHub, systemParts } from '../hub.ts';
import type { Hub } from '../hub.ts';
import type { Title, TitledType } from '../records/claim-schema.ts';
import { crsNames } from '../registries/spatial/crs.ts';
import type { Crs } from '../registries/spatial/crs.ts';
import type { Catalog } from '../sharing/catalog.ts';
import { CommandRecord } from './recorded.ts';

const usage = 'import REGISTRY-OR-TYPE FILE --source DEPARTMENT [--type TYPE] [--version V] [--effective-from YYYY-MM-DD] [--whole] [--crs EPSG4490|EPSG4326|GCJ02] [--rejects FILE] [--resume]';

/** `import REGISTRY-OR-TYPE FILE --source DEPARTMENT …`. */
export async function importCommand(config: Config, words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...words], allowPositionals: true,
    options: {
      source: { type: 'string' }, type: { type: 'string' }, version: { type: 'string' }, 'effective-from': { type: 'string' },
      whole: { type: 'boolean' }, crs: { type: 'string' }, rejects: { type: 'string' }, resume: { type: 'boolean' },
    },
  });
  const [what, path] = positionals;
  if (what === undefined || path === undefined || values.source === undefined || positionals.length > 2) throw new HubError('BAD_INPUT', `Usage: ${usage}`);
  if (values.crs !== undefined && !(crsNames as readonly string[]).includes(values.crs)) throw new HubError('BAD_INPUT', `--crs is one of ${crsNames.join(', ')}.`);
  const hub = await openHub(config, { ...systemParts, process: 'import' });
  // One connection for all batches: each further one would plan every statement anew and keep a cache of its own.
  const sql = hub.database.connect({ name: 'import', max: 1, statementTimeoutMs: batchTimeoutMs });
  settle();
  const stop = new AbortController();
  const interrupted = (): void => stop.abort();
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  const progress = fileProgress(process.stdout);
  const began = performance.now();
  try {
    const types = typesOf(knownOf(hub), what, values.type);
    const { source } = values;
    const record = new CommandRecord(hub.audit, { department: source, roots: ['import', ...types.map(({ type }) => type.name)] }, hub.standing.current.version);
    const result = await record.around(() => importFile({
      path, types, source, version: values.version, effectiveFrom: values['effective-from'], whole: values.whole,
      crs: values.crs as Crs | undefined, rejects: values.rejects, resume: values.resume, writing: () => ({ ...hub.writing(), sql }), onProgress: progress, stop: stop.signal,
    }), ({ counts }) => ({ rows: counts.applied }));
    progress.end();
    process.stdout.write(summary(path, result, (performance.now() - began) / 1000));
    if (result.counts.rejected > 0 && result.counts.rejected === rowsOf(result.counts)) throw new HubError('BAD_INPUT', `No row of ${path} came in; the reject file says why.`);
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await sql.end({ timeout: 5 });
    await hub.close();
  }
}

/** A statement of a batch that takes longer waits for something that does not come. */
const batchTimeoutMs = 60_000;

/** What names the columns of a type. */
interface Known {
  readonly schema: HubSchema;
  readonly catalog: Catalog;
}

/** The contract and the catalog of an open hub. */
export function knownOf({ schema, standing }: Pick<Hub, 'schema' | 'standing'>): Known {
  return { schema, catalog: standing.current.catalog };
}

/** The record types that a word names: a registry's, or one. */
export function typesOf(hub: Known, what: string, type: string | undefined): readonly TitledType[] {
  const all = [...hub.schema.contract.types.values()];
  const same = (a: string, b: string): boolean => a.replaceAll(/[-_\s]/g, '').toLowerCase() === b.replaceAll(/[-_\s]/g, '').toLowerCase();
  const ofRegistry = all.filter(({ model }) => same(model.registry, what));
  const among = ofRegistry.length > 0 ? ofRegistry : all.filter(({ name, model }) => same(name, what) || same(model.tableName, what));
  const chosen = type === undefined ? among : among.filter(({ name }) => same(name, type));
  if (chosen.length === 0) {
    const registries = [...new Set(all.map(({ model }) => model.registry))];
    throw new HubError('BAD_INPUT', type === undefined || among.length === 0
      ? `${what} is neither a registry (${registries.join(', ')}) nor a record type (${all.map(({ name }) => name).join(', ')}).`
      : `${what} has no record type ${type}; it has ${among.map(({ name }) => name).join(', ')}.`);
  }
  return chosen.map((own) => ({ type: own, titles: titlesOf(hub, own.name) }));
}

function titlesOf({ schema, catalog }: Known, name: string): ReadonlyMap<string, Title> {
  const node = schema.schema.getType(name);
  const described = node !== undefined && 'getFields' in node ? node.getFields() : {};
  const type = schema.contract.types.get(name);
  return new Map([...(type?.fields.values() ?? [])].map((field) => [field.name, {
    description: described[field.name]?.description ?? '',
    item: field.items.length === 1 ? (catalog.item(field.items[0] ?? '')?.name ?? '') : '',
  }]));
}

function summary(path: string, result: ImportResult, seconds: number): string {
  const { counts, keptOut, masked, rejects, type, encoding, resumedAt, leftBehind } = result;
  const rows = rowsOf(counts);
  const lines = [
    `${path}: ${rows} rows of ${type} (${encoding.toUpperCase()}) in ${seconds.toFixed(1)} s${resumedAt === null ? '' : `, taken up again at line ${resumedAt}`}.`,
    `  ${counts.applied} applied, ${counts.duplicate} known already, ${counts.stale} older than what is known, ${counts.conflict} in conflict, ${counts.rejected} rejected.`,
  ];
  for (const { name, keptOut: why } of keptOut) lines.push(`  Column ${name} was kept out: ${why}.`);
  for (const [field, count] of masked) lines.push(`  ${count} masked values of ${field} were left out: a masked value is no data.`);
  if (rejects !== null) lines.push(`  Rejected rows: ${rejects}`);
  if (leftBehind) lines.push('  An earlier import of this file was interrupted; this one has done its rows too.');
  return `${lines.join('\n')}\n`;
}
