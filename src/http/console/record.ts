/**
 * What is written down of sessions: each that begins, ends, is locked or goes on, and each change of a password or a code, before it is
 * answered; and what was tried in vain, counted together (`refusals.ts`), but for the try that locks an account, which stands alone. Names
 * that nobody has are never written down: people type their passwords there.
 */
import { randomUUID } from 'node:crypto';
import { Scope } from '../../audit/record.ts';
import type { ScopeFacts } from '../../audit/record.ts';
import type { Audit } from '../../audit/writer.ts';
import { HubError } from '../../errors.ts';
import type { ErrorCode } from '../../errors.ts';
import { log } from '../../log.ts';
import type { Administrator } from '../../sharing/terms.ts';
import type { Refusals } from '../refusals.ts';

/** What somebody did with his session. */
export type SessionAct = 'sign in' | 'sign in at issuer' | 'sign out' | 'lock' | 'unlock' | 'change password' | 'begin code' | 'confirm code' | 'take off code';

/** What writing it down takes. */
export interface SessionRecordParts {
  readonly audit: Pick<Audit, 'write'> | undefined;
  readonly refusals: Refusals | null;
  readonly now: () => Date;
  readonly policy: () => string;
  readonly administrator: (code: string) => Administrator | undefined;
}

/** See the head of this file. */
export class SessionRecord {
  readonly #parts: SessionRecordParts;

  constructor(parts: SessionRecordParts) {
    this.#parts = parts;
  }

  /** Writes down what is about to be done; throws `AUDIT_UNAVAILABLE` where that cannot be, and then it is not done. */
  async done(administrator: string, act: SessionAct): Promise<void> {
    await this.#write(this.#scopeOf(administrator, act), 'OK', '');
  }

  /** Does something between two records. */
  async around<T>(administrator: string, act: SessionAct, work: () => Promise<T>): Promise<T> {
    const scope = this.#scopeOf(administrator, act);
    await this.#write(scope, 'BEGUN', '');
    try {
      const result = await work();
      await this.#write(scope, 'OK', '');
      return result;
    } catch (error) {
      await this.#write(scope, error instanceof HubError ? error.code : 'INTERNAL', '');
      throw error;
    }
  }

  /** A try in vain. Nobody waits for it. */
  refused(code: ErrorCode, administrator: string | null, lockedNow: boolean): void {
    const scope = this.#scopeOf(administrator, 'sign in');
    if (lockedNow) this.#write(scope, code, 'The account was locked: too many tries in vain.').catch(() => log.error('a locked account could not be written down'));
    else this.#parts.refusals?.tell(scope, code, 'tries to sign in were in vain');
  }

  #scopeOf(administrator: string | null, act: SessionAct): Scope {
    const own = administrator === null ? undefined : this.#parts.administrator(administrator);
    const facts: ScopeFacts = { kind: 'SESSION', ...(administrator === null ? {} : { administrator }), ...(own === undefined ? {} : { department: own.department }), roots: ['session', act] };
    return new Scope(facts);
  }

  async #write(scope: Scope, outcome: string, reason: string): Promise<void> {
    await this.#parts.audit?.write({ at: this.#parts.now().getTime(), request: randomUUID(), scope, operator: '', caseNo: '', variables: '', outcome, reason, rows: 0, reference: '', policy: this.#parts.policy(), micros: 0, subjects: [] });
  }
}
