/**
 * `export`: the records of one type as a consumer may have them, into a file or to standard output. What is withheld is named on
 * standard error.
 */
import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { Scope } from '../audit/record.ts';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { exportFormats } from '../files/export-formats.ts';
import type { ExportFormat } from '../files/export-formats.ts';
import { exportRecords } from '../files/export.ts';
import { openHub, systemParts } from '../hub.ts';
import type { Hub } from '../hub.ts';
import { asLines } from '../query/ready-json.ts';
import { knownOf, typesOf } from './import.ts';
import { CommandRecord } from './recorded.ts';

const usage = 'export TYPE --as CONSUMER [--matter CODE] [--format csv|jsonl|geojson] [--out FILE]';

/** `export TYPE --as CONSUMER …`. */
export async function exportCommand(config: Config, words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...words], allowPositionals: true,
    options: { as: { type: 'string' }, matter: { type: 'string' }, type: { type: 'string' }, format: { type: 'string', default: 'csv' }, out: { type: 'string' } },
  });
  const [what] = positionals;
  if (what === undefined || values.as === undefined || positionals.length > 1) throw new HubError('BAD_INPUT', `Usage: ${usage}`);
  if (!(exportFormats as readonly string[]).includes(values.format)) throw new HubError('BAD_INPUT', `--format is one of ${exportFormats.join(', ')}.`);
  const hub = await openHub(config, { ...systemParts, process: 'export' });
  try {
    await exportTo(hub, what, values.type, values.as, values.matter ?? null, values.format as ExportFormat, values.out);
  } finally {
    await hub.close();
  }
}

async function exportTo(hub: Hub, what: string, word: string | undefined, consumer: string, matter: string | null, format: ExportFormat, out: string | undefined): Promise<void> {
  const types = typesOf(knownOf(hub), what, word);
  const [file] = types;
  if (file === undefined || types.length > 1) throw new HubError('BAD_INPUT', `${what} has several record types; name one: ${types.map(({ type }) => type.name).join(', ')}.`);
  const { today, now } = hub.writing();
  const about = { consumer, department: hub.standing.current.consumer(consumer)?.department ?? '', ...(matter === null ? {} : { matter }), mode: 'BATCH', roots: ['export', file.type.name] };
  const record = new CommandRecord(hub.audit, about, hub.standing.current.version);
  let scope: Scope | undefined;
  // Under another name until it is whole: half an export must not look like one.
  const partial = out === undefined ? undefined : `${out}.part`;
  const stream: Writable = partial === undefined ? process.stdout : createWriteStream(partial, { mode: 0o600 });
  try {
    const rows = await record.around(() => exportRecords({
      type: file.type, consumer, format, contract: hub.schema.contract, standing: hub.standing.current, matter, database: hub.database, today, now,
      write: async (text) => {
        if (text !== '' && !stream.write(text)) await once(stream, 'drain');
      },
      onWithheld: (withheld) => {
        for (const { at, because } of withheld) process.stderr.write(`Withheld ${at}: ${because}\n`);
      },
      onPage: ({ rows: count, subjects, reference, items, withheld }) => {
        scope ??= new Scope({ kind: 'COMMAND', ...about, items, delivered: { [file.type.name]: items }, withheld: withheld.map(({ at, item, because }) => ({ at, item, because })) });
        return record.write('DELIVERED', { rows: count, subjects, reference: reference.length === 0 ? '' : hub.audit.digest(asLines(reference)) }, scope);
      },
    }), (count) => ({ rows: count }));
    if (partial !== undefined && out !== undefined) {
      stream.end();
      await once(stream, 'close');
      renameSync(partial, out);
    }
    process.stderr.write(`${rows} records of ${file.type.name}${out === undefined ? '' : ` in ${out}`}.\n`);
  } catch (error) {
    if (partial !== undefined) {
      stream.destroy();
      rmSync(partial, { force: true });
    }
    throw error;
  }
}
