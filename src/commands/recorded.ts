/**
 * What the command line does is in the audit as everything else is: that it begins, before it does, and what became of it.
 */
import { randomUUID } from 'node:crypto';
import { openAudit } from '../audit/open.ts';
import type { OpenAudit } from '../audit/open.ts';
import { Scope } from '../audit/record.ts';
import type { Entry, ScopeFacts } from '../audit/record.ts';
import type { Audit } from '../audit/writer.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { openKeyFile } from '../identity/key-provider.ts';
import { log } from '../log.ts';

/** The audit for a command that opens no hub. The command closes it. */
export function auditOf(config: Config, database: Database, command: string): OpenAudit {
  return openAudit({ database, keys: openKeyFile(config.keyFile), now: () => new Date(), process: command, grace: 0, onFailure: (error, what) => log.error({ error: error instanceof Error ? error.name : typeof error }, what) });
}

/** What is told of a piece of work beside its beginning and end. */
export interface Told {
  readonly rows?: number;
  readonly subjects?: readonly string[];
  readonly reference?: string;
}

/** Writes records of one command. */
export class CommandRecord {
  readonly #audit: Audit;
  readonly #scope: Scope;
  readonly #policy: string;
  readonly #request = randomUUID();
  readonly #began = performance.now();

  constructor(audit: Audit, facts: Omit<ScopeFacts, 'kind'>, policy = '0') {
    this.#audit = audit;
    this.#scope = new Scope({ kind: 'COMMAND', ...facts });
    this.#policy = policy;
  }

  /** Writes one record; `scope` where it is about more than the command as it was given. */
  write(outcome: string, { rows = 0, subjects = [], reference = '' }: Told = {}, scope: Scope = this.#scope): Promise<void> {
    const entry: Entry = {
      at: Date.now(), request: this.#request, scope, operator: '', caseNo: '', variables: '', outcome, reason: '', rows, reference, policy: this.#policy,
      micros: Math.round((performance.now() - this.#began) * 1000), subjects,
    };
    return this.#audit.write(entry);
  }

  /** Does the work between two records; `told` says of its result what the second one holds. */
  async around<T>(work: () => Promise<T>, told: (result: T) => Told = () => ({})): Promise<T> {
    await this.write('BEGUN');
    let result: T;
    try {
      result = await work();
    } catch (error) {
      await this.write(error instanceof HubError ? error.code : 'INTERNAL');
      throw error;
    }
    await this.write('OK', told(result));
    return result;
  }
}
