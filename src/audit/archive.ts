/**
 * A month of the audit as a file: its chains whole, record by record, with the scopes that they name and the seals that have sealed their
 * ends, so that it can be verified by itself and by whoever has the public key.
 *
 * Lines of JSON, gzip. First `{"audit":1,"month":202211}`; then scopes `{"scope":[number,digest,body]}`, seals `{"seal":{…,"heads":[…]}}`, and each chain
 * `{"chain":{…}}` with its records behind it, `[seq,scope,line,hash]`, where `line` is the text that is hashed (`record.ts`); at last `{"end":{…}}` with their
 * counts and a signature over all lines before: what is left out of a file as a whole (a chain, and whatever counts it) is missed, too.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import type postgres from 'postgres';
import { between, sealHash, sm3 } from './record.ts';
import type { Chain, Head, Seal } from './record.ts';
import { ChainWalk, Scopes } from './walk.ts';
import type { Problem, SealedHead } from './walk.ts';

/** Rows that are taken from the database at a time. */
const atOnce = 1000;

type SealLine = Seal & { readonly hash: string; readonly signature: string };

/** Who signs, with which key. */
export interface Signing {
  readonly keyVersion: number;
  readonly sign: (text: string) => string;
}

/** Writes the chains of a month into a new file, and has them on the disk when it resolves. `tx` sees one state of the database. */
export async function writeArchive(tx: postgres.TransactionSql, month: number, chains: readonly Chain[], file: string, signing: Signing): Promise<void> {
  await pipeline(Readable.from(signed(textOf(tx, month, chains), month, signing)), createGzip(), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  const written = await open(file, 'r+');
  await written.sync();
  await written.close();
}

/** The lines, and an end that signs them. */
async function* signed(lines: AsyncIterable<readonly unknown[]>, month: number, { keyVersion, sign }: Signing): AsyncGenerator<string> {
  const all = createHash('sm3');
  let [chains, records] = [0, 0];
  for await (const some of lines) {
    const text = some.map((line) => `${JSON.stringify(line)}\n`).join('');
    all.update(text);
    for (const line of some) {
      if (Array.isArray(line)) records += 1;
      else if ((line as Line).chain !== undefined) chains += 1;
    }
    yield text;
  }
  const end = { chains, records, hash: all.digest('base64url'), keyVersion };
  yield `${JSON.stringify({ end: { ...end, signature: sign(endHash(month, end)) } })}\n`;
}

type End = Omit<NonNullable<Line['end']>, 'signature'>;

function endHash(month: number, { chains, records, hash, keyVersion }: End): string {
  return sm3(['archive', month, chains, records, hash, keyVersion].join(between));
}

async function* textOf(tx: postgres.TransactionSql, month: number, chains: readonly Chain[]): AsyncGenerator<readonly unknown[]> {
  yield [{ audit: 1, month }];
  const writers = chains.map(({ writer }) => writer);
  const scopes = tx<{ id: string; digest: string; body: string }[]>`select id::text, digest, body from audit_scope where id in (select scope from audit_record where month = ${month}) order by audit_scope.id`.cursor(atOnce);
  for await (const rows of scopes) yield rows.map(({ id, digest, body }) => ({ scope: [id, digest, body] }));
  // A seal binds all ends of its moment, those of other months' chains among them.
  const seals = await tx<{ n: string; at: string; previous: string; version: number; hash: string; signature: string; heads: string }[]>`
    select n::text, (extract(epoch from at) * 1000)::bigint::text as at, previous, key_version as version, hash, signature,
      (select jsonb_agg(jsonb_build_object('writer', h.writer::text, 'seq', h.seq::text, 'hash', h.hash, 'closed', h.closed) order by h.writer)::text from audit_head h where h.seal = s.n) as heads
    from audit_seal s where n in (select seal from audit_head where writer = any(${writers}::bigint[]) and closed) order by s.n`;
  for (const { n, at, previous, version, hash, signature, heads } of seals) {
    const seal: SealLine = { n, at: Number(at), previous, keyVersion: version, heads: JSON.parse(heads) as Head[], hash, signature };
    yield [{ seal }];
  }
  for (const chain of chains) {
    yield [{ chain }];
    const rows = tx<{ seq: string; scope: string; line: string; hash: string }[]>`
      select seq::text, scope::text,
        concat_ws(e'\\x1f', (extract(epoch from at) * 1000)::bigint, request, operator, case_no, variables, outcome, reason, rows, reference, policy, micros, array_to_string(subjects, ','), certificates) as line, hash
      from audit_record where month = ${month} and writer = ${chain.writer} order by audit_record.seq`.cursor(atOnce);
    for await (const some of rows) yield some.map(({ seq, scope, line, hash }) => [seq, scope, line, hash]);
  }
}

/** A file that was verified. */
export interface VerifiedArchive {
  /** YYYYMM; 0: it does not say. */
  readonly month: number;
  readonly records: number;
  /** Its chains with their ends, in the order of the file. */
  readonly chains: readonly { readonly writer: string; readonly seq: number; readonly hash: string }[];
  readonly seals: number;
  readonly problems: readonly Problem[];
  /** SM3 of its bytes, base64url. */
  readonly digest: string;
}

/** Problems that are named; beyond that it is clear enough. */
const mostProblems = 200;

/** Verifies a file by itself; what cannot be read is a problem, and a file that is not there an error. */
export async function verifyArchive(file: string, isSignature: (text: string, signature: string, keyVersion: number) => boolean): Promise<VerifiedArchive> {
  const bytes = createHash('sm3');
  for await (const chunk of createReadStream(file)) bytes.update(chunk as Buffer);
  const verification = new Verification(isSignature);
  const [raw, gunzip] = [createReadStream(file), createGunzip()];
  raw.once('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    for await (const line of linesOf(gunzip)) verification.take(line);
  } catch (error) {
    verification.broken(error);
  } finally {
    raw.destroy();
  }
  return { ...verification.done(), digest: bytes.digest('base64url') };
}

/** Lines end with a line feed and with nothing else. */
async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

interface Line {
  readonly audit?: number;
  readonly month?: number;
  readonly scope?: readonly [id: string, digest: string, body: string];
  readonly seal?: SealLine;
  readonly chain?: Chain;
  readonly end?: { readonly chains: number; readonly records: number; readonly hash: string; readonly keyVersion: number; readonly signature: string };
}

class Verification {
  readonly #isSignature: (text: string, signature: string, keyVersion: number) => boolean;
  readonly #problems: Problem[] = [];
  readonly #scopes = new Scopes();
  readonly #heads = new Map<string, SealedHead>();
  readonly #chains: { writer: string; seq: number; hash: string }[] = [];
  #month = 0;
  #records = 0;
  #seals = 0;
  #walk: ChainWalk | null = null;
  #ended = false;
  readonly #all = createHash('sm3');

  constructor(isSignature: (text: string, signature: string, keyVersion: number) => boolean) {
    this.#isSignature = isSignature;
  }

  take(text: string): void {
    const line = JSON.parse(text) as Line | readonly [string, string, string, string];
    if (this.#ended) this.#found('file', 'goes on behind its end');
    if (Array.isArray(line)) this.#record(line as readonly [string, string, string, string]);
    else this.#other(line as Line);
    if (!this.#ended) this.#all.update(`${text}\n`);
  }

  broken(error: unknown): void {
    this.#found('file', `cannot be read to its end: ${error instanceof Error ? error.name : 'it is broken'}`);
    this.#ended = true;
  }

  done(): Omit<VerifiedArchive, 'digest'> {
    if (!this.#ended) this.#found('file', 'has no end: what was behind is gone');
    return { month: this.#month, records: this.#records, chains: this.#chains, seals: this.#seals, problems: this.#problems };
  }

  #found(where: string, says: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push({ where, says });
  }

  #record([seq, scope, line, hash]: readonly [string, string, string, string]): void {
    this.#records += 1;
    const chain = this.#chains.at(-1);
    if (this.#walk === null || chain === undefined) {
      this.#found('file', 'has records before it has a chain');
      return;
    }
    this.#walk.take([seq, scope, line, hash, line.split(between)[5] ?? '']);
    [chain.seq, chain.hash] = [Number(seq), hash];
  }

  #other({ audit, month, scope, seal, chain, end }: Line): void {
    if (audit !== undefined) this.#month = month ?? 0;
    else if (scope !== undefined) this.#scope(scope);
    else if (seal !== undefined) this.#seal(seal);
    else if (chain !== undefined) this.#chain(chain);
    else if (end !== undefined) {
      this.#walk?.finish();
      this.#ended = true;
      if (end.chains !== this.#chains.length || end.records !== this.#records) this.#found('file', `says that it holds ${end.records} records in ${end.chains} chains, and holds ${this.#records} in ${this.#chains.length}`);
      if (end.hash !== this.#all.digest('base64url') || !this.#isSignature(endHash(this.#month, end), end.signature, end.keyVersion)) this.#found('file', 'is not as this hub has signed it');
    } else this.#found('file', 'holds a line that is nothing of an audit');
  }

  #scope([id, digest, body]: readonly [string, string, string]): void {
    const real = sm3(body);
    if (real !== digest) this.#found(`scope ${id}`, 'has been changed');
    this.#scopes.set(id, real);
  }

  #seal(seal: SealLine): void {
    this.#seals += 1;
    if (sealHash(seal) !== seal.hash) this.#found(`seal ${seal.n}`, 'has been changed: it is not what its hash says');
    if (!this.#isSignature(seal.hash, seal.signature, seal.keyVersion)) this.#found(`seal ${seal.n}`, 'is not signed by this hub');
    for (const { writer, seq, hash, closed } of seal.heads) if (closed) this.#heads.set(writer, { seal: seal.n, seq: Number(seq), hash, closed });
  }

  #chain(chain: Chain): void {
    this.#walk?.finish();
    const head = this.#heads.get(chain.writer);
    if (head === undefined) this.#found(`chain ${chain.writer}`, 'has no seal that has sealed its end');
    if (chain.month !== this.#month) this.#found(`chain ${chain.writer}`, `is of month ${chain.month}, and the file of ${this.#month}`);
    this.#walk = new ChainWalk(chain, head === undefined ? [] : [head], this.#scopes, (where, says) => this.#found(where, says));
    this.#chains.push({ writer: chain.writer, seq: 0, hash: '' });
  }
}
