/**
 * Verifies the audit: recomputes every record, chain and seal from what the database holds, and names what does not fit.
 *
 * What stands in the database is believed in nothing but the seals' signatures, whose key is not there. Found are records changed, taken
 * out, put in, put elsewhere or written twice, chains cut off or gone, scopes changed or gone, seals changed, replaced, gone or
 * made with another key. What nobody can tell from the database alone is that all of it is an older state: for that, the last seal's
 * number and hash are kept elsewhere and given here (`expect`).
 */
import type postgres from 'postgres';
import { linkOf, sm3 } from './record.ts';
import type { Chain } from './record.ts';
import { mayRetire, readRetirements, retirementHash } from './retired.ts';
import type { Retirement } from './retired.ts';
import { sealProblems } from './sealed.ts';
import type { IsSignature } from './sealed.ts';
import { ChainWalk, Scopes } from './walk.ts';
import type { Problem, SealedHead, WalkedRow } from './walk.ts';

/** What was verified, and what was found. */
export interface Verified {
  readonly records: number;
  readonly chains: number;
  readonly seals: number;
  readonly problems: readonly Problem[];
  /** Months that are in files and no longer in the database, the oldest first; their chains are among `chains`, their records not among `records`. */
  readonly retired: readonly Retirement[];
  /** The last seal, to be kept elsewhere; null: there is none. */
  readonly last: { readonly n: string; readonly hash: string } | null;
}

/** What verifying takes. */
export interface Verifying {
  readonly sql: postgres.Sql;
  readonly isSignature: IsSignature;
  /** A seal that is known from elsewhere. */
  readonly expect?: { readonly n: string; readonly hash: string };
  /** Signatures that are verified, the newest; of older ones the links to these tell. Default: 100. */
  readonly signatures?: number;
  readonly onProgress?: (records: number) => void;
}

/** Problems that are named; beyond that it is clear enough. */
const mostProblems = 200;
const recordsAtOnce = 5000;

/** See the head of this file. Of months that were retired (`retire.ts`) only what stayed is verified; of the rest their files tell. */
export async function verifyAudit(verifying: Verifying): Promise<Verified> {
  return new Verification(verifying).run();
}

class Verification {
  readonly #verifying: Verifying;
  readonly #problems: Problem[] = [];
  readonly #scopes = new Scopes();
  /** The month that a chain has gone with. */
  readonly #retired = new Map<string, Retirement>();
  readonly #links = new Map<string, string>([['0', '']]);
  readonly #heads = new Map<string, SealedHead[]>();
  #records = 0;

  constructor(verifying: Verifying) {
    this.#verifying = verifying;
  }

  async run(): Promise<Verified> {
    await this.#readScopes();
    const { seals, last } = await this.#verifySeals();
    const chains = await this.#verifying.sql<{ writer: string; month: number; process: string; opened: string; seal: string; link: string }[]>`
      select writer::text, month, process, (extract(epoch from opened_at) * 1000)::bigint::text as opened, seal::text, seal_link as link from audit_chain order by audit_chain.writer`;
    const known = new Map(chains.map(({ writer, month }) => [writer, month]));
    const begun = new Map(chains.map(({ writer, month, process, opened, seal, link }): [string, Chain] => [writer, { writer, month, process, openedAt: Number(opened), seal, sealLink: link }]));
    const retired = await readRetirements(this.#verifying.sql);
    for (const retirement of retired) this.#verifyRetirement(retirement, begun);
    for (const chain of begun.values()) await this.#verifyChain(chain);
    for (const [writer, heads] of this.#heads) if (!known.has(writer)) this.#found(`chain ${writer}`, `is gone; seal ${heads.at(-1)?.seal} has sealed ${heads.at(-1)?.seq} records of it`);
    await this.#verifyPlaces(known);
    return { records: this.#records, chains: chains.length, seals, problems: this.#problems, retired, last };
  }

  #found(where: string, says: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push({ where, says });
  }

  async #readScopes(): Promise<void> {
    const scopes = this.#verifying.sql<{ id: string; digest: string; body: string }[]>`select id::text, digest, body from audit_scope`.cursor(1000);
    for await (const rows of scopes) {
      for (const { id, digest, body } of rows) {
        const real = sm3(body);
        if (real !== digest) this.#found(`scope ${id}`, 'has been changed');
        this.#scopes.set(id, real);
      }
    }
  }

  async #verifySeals(): Promise<{ seals: number; last: Verified['last'] }> {
    const rows = await this.#verifying.sql<{ n: string; at: string; previous: string; version: number; hash: string; signature: string }[]>`
      select n::text, (extract(epoch from at) * 1000)::bigint::text as at, previous, key_version as version, hash, signature from audit_seal order by audit_seal.n`;
    const heads = await this.#verifying.sql<{ seal: string; writer: string; seq: string; hash: string; closed: boolean }[]>`
      select seal::text, writer::text, seq::text, hash, closed from audit_head order by audit_head.seal, audit_head.writer`;
    const bySeal = Map.groupBy(heads, ({ seal }) => seal);
    const signed = rows.length - (this.#verifying.signatures ?? 100);
    let expected = 1n;
    let link = '';
    for (const [index, { n, at, previous, version, hash, signature }] of rows.entries()) {
      const own = bySeal.get(n) ?? [];
      for (const says of sealProblems({ n, at: Number(at), previous, keyVersion: version, heads: own, hash, signature }, { n: expected - 1n, link }, index >= signed ? this.#verifying.isSignature : null)) this.#found(`seal ${n}`, says);
      for (const head of own) {
        const before = this.#heads.get(head.writer) ?? [];
        this.#heads.set(head.writer, before);
        before.push({ seal: n, seq: Number(head.seq), hash: head.hash, closed: head.closed });
      }
      link = linkOf({ hash, signature });
      this.#links.set(n, link);
      expected = BigInt(n) + 1n;
    }
    const { expect } = this.#verifying;
    if (expect !== undefined) {
      const there = rows.find(({ n }) => n === expect.n);
      if (there === undefined) this.#found(`seal ${expect.n}`, 'is gone; it is known from elsewhere');
      else if (there.hash !== expect.hash) this.#found(`seal ${expect.n}`, 'is another one than is known from elsewhere');
    }
    const last = rows.at(-1);
    return { seals: rows.length, last: last === undefined ? null : { n: last.n, hash: last.hash } };
  }

  #verifyRetirement(retirement: Retirement, begun: ReadonlyMap<string, Chain>): void {
    const where = `month ${retirement.month}`;
    const gone = retirement.writers.map((writer) => ({ writer, chain: begun.get(writer), head: this.#heads.get(writer)?.at(-1) }));
    // Without a word that was signed a month has not been retired, it has been taken away.
    if (!this.#verifying.isSignature(retirementHash(retirement, gone), retirement.signature, retirement.keyVersion)) {
      this.#found(where, 'was not retired so by this hub: what it says, or one of its chains or their ends, has been changed');
      return;
    }
    if (!mayRetire(retirement.month, retirement.at)) this.#found(where, 'was retired before three years had passed');
    for (const { writer, head } of gone) {
      if (head?.closed === true) this.#retired.set(writer, retirement);
      else this.#found(`chain ${writer}`, `was retired, and no seal has sealed its end`);
    }
  }

  async #verifyChain(chain: Chain): Promise<void> {
    const { writer } = chain;
    if (this.#links.get(chain.seal) !== chain.sealLink) this.#found(`chain ${writer}`, `was begun after seal ${chain.seal}, which is another one now`);
    if (this.#retired.has(writer)) return;
    const walk = new ChainWalk(chain, this.#heads.get(writer) ?? [], this.#scopes, (where, says) => this.#found(where, says));
    for (;;) {
      const rows = await this.#rows(chain, walk.seq);
      for (const row of rows) walk.take(row);
      this.#records += rows.length;
      this.#verifying.onProgress?.(this.#records);
      if (rows.length < recordsAtOnce) break;
    }
    walk.finish();
  }

  /** Records of a chain behind a place. */
  async #rows({ month, writer }: Chain, seq: number): Promise<readonly WalkedRow[]> {
    return await this.#verifying.sql`
      select seq::text, scope::text,
        concat_ws(e'\\x1f', (extract(epoch from at) * 1000)::bigint, request, operator, case_no, variables, outcome, reason, rows, reference, policy, micros, array_to_string(subjects, ','), certificates), hash, outcome
      from audit_record where month = ${month} and writer = ${writer} and seq > ${seq} order by audit_record.seq limit ${recordsAtOnce}`.values() as never;
  }

  /** Records that lie where no chain is. */
  async #verifyPlaces(known: ReadonlyMap<string, number>): Promise<void> {
    const places = await this.#verifying.sql<{ month: number; writer: string; first: string }[]>`select month, writer::text, min(seq)::text as first from audit_record group by month, audit_record.writer`;
    for (const { month, writer, first } of places) {
      const own = known.get(writer);
      if (this.#retired.has(writer)) this.#found(`record ${writer}/${first}`, `is of a chain that was retired with month ${this.#retired.get(writer)?.month}`);
      else if (own === undefined) this.#found(`record ${writer}/${first}`, `is of a chain that nobody has begun, or whose beginning is gone`);
      else if (own !== month) this.#found(`record ${writer}/${first}`, `lies in month ${month} beside its chain, which lies in ${own}: the chain is forked`);
    }
  }
}
