/**
 * The audit of one process: its writer, and the seals that it makes while it runs and when it ends.
 */
import type { Database } from '../db/open.ts';
import type { KeyProvider } from '../identity/key-provider.ts';
import { isSm2Signature } from '../identity/sm2.ts';
import { seal, sealEveryMs } from './seal.ts';
import type { Sealing } from './seal.ts';
import { verifyAudit } from './verify.ts';
import type { IsSignature } from './sealed.ts';
import type { Verified, Verifying } from './verify.ts';
import { AuditWriter } from './writer.ts';
import type { Audit, AuditLoad } from './writer.ts';

/** What it is opened with. */
export interface AuditParts {
  readonly database: Pick<Database, 'sql' | 'kind' | 'connect'> & { /** Where look-ups are read. */ readonly points: { /** How many, at this moment. */ readonly running: number } };
  readonly keys: KeyProvider;
  readonly now: () => Date;
  /** What the process does: `serve`, `import` … */
  readonly process: string;
  /** Seconds for which open reference data is answered while nothing can be written. */
  readonly grace: number;
  /** For how long an answer waits for its record, in milliseconds; 5000 unless told. */
  readonly patienceMs?: number;
  readonly onFailure: (error: unknown, what: string) => void;
}

/** An audit that is open. Nothing is connected or begun before the first record. */
export interface OpenAudit extends Audit {
  /** Makes the next seal now; its number, or null where there is nothing to seal. */
  seal(): Promise<string | null>;
  /** What it has to do at this moment. */
  readonly load: AuditLoad;
  /** Seals every minute from now on. */
  watch(): void;
  /** Ends the chain and seals its end. */
  close(): Promise<void>;
}

/** What is said before everything that is digested here. */
const about = 'audit\u001f';
const aboutBytes = Buffer.from(about);

/** A batch that takes longer waits for something that does not come. */
const timeoutMs = 10_000;

/** Opens it. */
export function openAudit({ database, keys, now, process, grace, patienceMs, onFailure }: AuditParts): OpenAudit {
  const server = database.kind === 'server';
  const writer = new AuditWriter({
    connect: () => database.connect({ name: 'audit', max: 1, statementTimeoutMs: timeoutMs, stays: true }), server, process, now,
    digest: (text) => keys.hmacSm3(typeof text === 'string' ? `${about}${text}` : Buffer.concat([aboutBytes, text])).toString('base64url'), graceMs: grace * 1000, ...(patienceMs === undefined ? {} : { patienceMs }), coming: () => database.points.running,
    onFailure: (error) => onFailure(error, 'the audit takes no records: everything is refused until it does'),
  });
  const sealing: Sealing = { sql: database.sql, server, now, keyVersion: keys.current, sign: (text) => keys.signSm2(text), own: () => writer.chain?.writer };
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const inTurn = (always: boolean): Promise<string | null> => {
    const next = running.then(() => seal(sealing, always));
    running = next.catch(() => undefined);
    return next;
  };
  return {
    digest: (text) => writer.digest(text),
    write: (entry) => writer.write(entry),
    seal: () => inTurn(true),
    get load() { return writer.load; },
    watch: () => {
      timer ??= setInterval(() => void inTurn(false).catch((error: unknown) => onFailure(error, 'the audit could not be sealed')), sealEveryMs);
      timer.unref();
    },
    close: async () => {
      clearInterval(timer);
      await writer.close();
      if (writer.chain !== undefined) await inTurn(true).catch((error: unknown) => onFailure(error, 'the audit could not be sealed'));
      await running;
    },
  };
}

/** Verifies the audit of a database with the keys of its hub. */
export function verifyWith(keys: KeyProvider, verifying: Omit<Verifying, 'isSignature'>): Promise<Verified> {
  return verifyAudit({ ...verifying, isSignature: isSignatureOf(keys) });
}

/** Tells whether something was signed by a hub. */
export function isSignatureOf(keys: KeyProvider): IsSignature {
  const publicKeys = new Map(keys.versions.map((version) => [version, keys.publicSm2(version)]));
  return (text, signature, version) => isSm2Signature(text, signature, publicKeys.get(version) ?? '');
}
