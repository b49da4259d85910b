/**
 * The limit's audit: the record that the hub writes, by the hub's own writer, with what of it can be known before made before.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAudit } from '../../../src/audit/open.ts';
import { Scope } from '../../../src/audit/record.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { openKeyFile } from '../../../src/identity/key-provider.ts';
import { testKeys } from '../../world/keys.ts';
import { workloads } from '../workloads.ts';
import type { WorkloadName } from '../workloads.ts';

/** Writes down one answer. */
export type WriteDown = (name: WorkloadName, value: string, text: string | Buffer, told: { readonly keys: string | null; readonly certificates?: string | null; readonly rows: number }) => Promise<void>;

/** What of an answer is no person's. */
const reference: ReadonlySet<WorkloadName> = new Set(['W4']);

/** Opens it. `points`: look-ups that are being read. */
export async function limitAudit(databaseUrl: string, points: { readonly running: number }): Promise<WriteDown> {
  const database = await openDatabase({ databaseUrl, dataDir: '' });
  const file = join(mkdtempSync(join(tmpdir(), 'limit-audit-')), 'keys.json');
  writeFileSync(file, JSON.stringify(testKeys), { mode: 0o600 });
  const audit = openAudit({ database: { ...database, points }, keys: openKeyFile(file), now: () => new Date(), process: 'bench limit', grace: 0, onFailure: (error) => console.error(error) });
  const scopes = new Map(Object.entries(workloads).map(([name, { query }]) => [name, new Scope({ kind: 'QUERY', consumer: 'bench', document: query, items: ['RK-0001'] })]));
  return (name, value, text, { keys, certificates = null, rows }) => {
    const began = performance.now();
    return audit.write({
      at: Date.now(), request: randomUUID(), scope: scopes.get(name) as Scope, operator: '', caseNo: '', variables: audit.digest(value), outcome: 'OK', reason: '', rows, reference: reference.has(name) ? audit.digest(text) : '',
      policy: '1', micros: Math.round((performance.now() - began) * 1000), subjects: keys === null || keys === '' ? [] : keys.split('\u001f'), ...(certificates === null || certificates === '' ? {} : { certificates: [certificates] }),
    });
  };
}
