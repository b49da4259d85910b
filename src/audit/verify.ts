/**
 * Verifies the audit: recomputes every record, chain and seal from what the database holds, and names what does not fit.
 *
 * What stands in the database is believed in nothing but the seals' signatures, whose key is not there. Found are records changed, taken
 * out, put in, put elsewhere or written twice, chains cut off or gone, scopes changed or gone, seals changed, replaced, gone or
 * made with another key. What nobody can tell from the database alone is that all of it is an older state: for that, the last seal's
 * number and hash are kept elsewhere and given here (`expect`).
 */
import type postgres from 'postgres';
import { ends } from './chain.ts';
import { hashOf, linkOf, rootOf, sealHash, sm3 } from './record.ts';
import type { Chain } from './record.ts';

/** Something that does not fit. */
export interface Problem {
  /** What it is about: `record 7/120` (writer/number), `chain 7`, `seal 33`, `scope 12`. */
  readonly where: string;
  readonly says: string;
}

/** What was verified, and what was found. */
export interface Verified {
  readonly records: number;
  readonly chains: number;
  readonly seals: number;
  readonly problems: readonly Problem[];
  /** The last seal, to be kept elsewhere; null: there is none. */
  readonly last: { readonly n: string; readonly hash: string } | null;
}

/** What verifying takes. */
export interface Verifying {
  readonly sql: postgres.Sql;
  /** Is it a signature of this text under the key of this version? */
  readonly isSignature: (text: string, signature: string, keyVersion: number) => boolean;
  /** A seal that is known from elsewhere. */
  readonly expect?: { readonly n: string; readonly hash: string };
  /** Signatures that are verified, the newest; of older ones the links to these tell. Default: 100. */
  readonly signatures?: number;
  readonly onProgress?: (records: number) => void;
}

/** Problems that are named; beyond that it is clear enough. */
const mostProblems = 200;
const recordsAtOnce = 5000;

/** See the head of this file. */
export async function verifyAudit(verifying: Verifying): Promise<Verified> {
  return new Verification(verifying).run();
}

interface SealedHead {
  readonly seal: string;
  readonly seq: number;
  readonly hash: string;
  readonly closed: boolean;
}

class Verification {
  readonly #verifying: Verifying;
  readonly #problems: Problem[] = [];
  readonly #scopes = new Map<string, string>();
  /** Scopes that were asked for and are not there. */
  readonly #gone = new Set<string>();
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
    for (const { writer, month, process, opened, seal, link } of chains) await this.#verifyChain({ writer, month, process, openedAt: Number(opened), seal, sealLink: link });
    for (const [writer, heads] of this.#heads) if (!known.has(writer)) this.#found(`chain ${writer}`, `is gone; seal ${heads.at(-1)?.seal} has sealed ${heads.at(-1)?.seq} records of it`);
    await this.#verifyPlaces(known);
    return { records: this.#records, chains: chains.length, seals, problems: this.#problems, last };
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
      const where = `seal ${n}`;
      if (BigInt(n) !== expected) this.#found(where, `follows seal ${expected - 1n}: what was between is gone`);
      else if (previous !== link) this.#found(where, n === '1' ? 'is the first and hangs on something' : `does not hang on seal ${expected - 1n} as that one is`);
      const own = bySeal.get(n) ?? [];
      if (sealHash({ n, at: Number(at), previous, keyVersion: version, heads: own }) !== hash) this.#found(where, 'has been changed: it is not what its hash says');
      if (index >= signed && !this.#verifying.isSignature(hash, signature, version)) this.#found(where, 'is not signed by this hub');
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

  async #verifyChain(chain: Chain): Promise<void> {
    const { writer } = chain;
    if (this.#links.get(chain.seal) !== chain.sealLink) this.#found(`chain ${writer}`, `was begun after seal ${chain.seal}, which is another one now`);
    const heads = [...(this.#heads.get(writer) ?? [])].reverse();
    let previous = rootOf(chain);
    let seq = 0;
    let ended = false;
    for (;;) {
      const rows = await this.#rows(chain, seq);
      for (const [text, scope, line, hash, outcome] of rows) {
        const number = Number(text);
        const where = `record ${writer}/${number}`;
        if (number > seq + 1) this.#found(where, `follows record ${seq}: ${number - seq - 1} between them ${number - seq === 2 ? 'is' : 'are'} gone`);
        if (number <= seq) this.#found(where, 'stands there twice');
        if (ended) this.#found(where, 'was put behind the end of its chain');
        const digest = this.#scopes.get(scope);
        if (digest === undefined && !this.#gone.has(scope)) {
          this.#gone.add(scope);
          this.#found(`scope ${scope}`, `is gone; ${where} needs it`);
        }
        // Behind a gap nobody knows what the record hung on.
        if (number === seq + 1 && digest !== undefined && hashOf(previous, digest, line) !== hash) this.#found(where, seq === 0 ? 'or the beginning of its chain has been changed' : 'or the one before it has been changed or replaced');
        while (heads.length > 0 && (heads.at(-1) as SealedHead).seq <= number) this.#compare(where, heads.pop() as SealedHead, number, hash, outcome);
        ended = ends.has(outcome);
        previous = hash;
        seq = number;
      }
      this.#records += rows.length;
      this.#verifying.onProgress?.(this.#records);
      if (rows.length < recordsAtOnce) break;
    }
    const [last] = heads;
    if (last !== undefined) this.#found(`record ${writer}/${seq + 1}`, `is gone and all behind it: the chain ends at ${seq}, and seal ${last.seal} has sealed ${last.seq} records of it`);
  }

  #compare(where: string, head: SealedHead, number: number, hash: string, outcome: string): void {
    if (head.seq < number) this.#found(where, `stands where seal ${head.seal} has sealed record ${head.seq}, which is gone`);
    else if (head.hash !== hash) this.#found(where, `is another one than seal ${head.seal} has sealed`);
    else if (head.closed !== ends.has(outcome)) this.#found(where, `was ${head.closed ? '' : 'not '}the end of its chain when seal ${head.seal} was made`);
  }

  /** Records of a chain behind a place: number, scope, line as it is hashed, hash, outcome. */
  async #rows({ month, writer }: Chain, seq: number): Promise<readonly (readonly [string, string, string, string, string])[]> {
    return await this.#verifying.sql`
      select seq::text, scope::text,
        concat_ws(e'\\x1f', (extract(epoch from at) * 1000)::bigint, request, operator, case_no, variables, outcome, reason, rows, reference, policy, micros, array_to_string(subjects, ',')), hash, outcome
      from audit_record where month = ${month} and writer = ${writer} and seq > ${seq} order by audit_record.seq limit ${recordsAtOnce}`.values() as never;
  }

  /** Records that lie where no chain is. */
  async #verifyPlaces(known: ReadonlyMap<string, number>): Promise<void> {
    const places = await this.#verifying.sql<{ month: number; writer: string; first: string }[]>`select month, writer::text, min(seq)::text as first from audit_record group by month, audit_record.writer`;
    for (const { month, writer, first } of places) {
      const own = known.get(writer);
      if (own === undefined) this.#found(`record ${writer}/${first}`, `is of a chain that nobody has begun, or whose beginning is gone`);
      else if (own !== month) this.#found(`record ${writer}/${first}`, `lies in month ${month} beside its chain, which lies in ${own}: the chain is forked`);
    }
  }
}
