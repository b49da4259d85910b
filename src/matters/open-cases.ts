/**
 * Open cases at hand: whom each of them covers, in memory, so that asking under a case takes no look at its tables.
 *
 * A case that is not at hand is read when it is first asked under. Whoever would be refused is looked for once more, so a refusal
 * is always of now; that a case was closed, or covers others, is heard of from whichever process did it (drizzle/0017_case_triggers.sql),
 * within the time in which policy is. Of more than fit in, those that came first are let go. It never opens or closes
 * one, and knows nothing of who may ask.
 */
import type postgres from 'postgres';
import { Watch } from '../db/watch.ts';
import type { CoveredBy } from '../query/run.ts';

/** What asking under a case takes. */
export interface OpenCases {
  /**
   * The keys of everybody whom the open case covers, as an array literal of PostgreSQL. Null: no such case is open on this civil
   * date, or somebody of `asked` (keys of persons and entities) is none of them. A promise only where it has to be read.
   */
  covering(matter: string, caseNo: string, today: string, asked: readonly string[]): string | null | Promise<string | null>;
  /** The version of its matter's definition under which the open case was begun; null: none was published then. Undefined: no such case is open. */
  versionUnder(matter: string, caseNo: string, today: string): number | null | undefined | Promise<number | null | undefined>;
  /** Takes what has changed; what was opened or closed before the call is known here when it ends. */
  look(): Promise<void>;
}

/** Whom the open case of a request covers, as statements ask it. */
export function coveredBy(cases: OpenCases): CoveredBy {
  return ({ matter, caseNo }, today, asked) => cases.covering(matter ?? '', caseNo ?? '', today, asked);
}

/** An open case, as far as asking under it goes. */
interface Cover {
  readonly matter: string;
  /** The last civil day on which it can be asked under. */
  readonly deadline: string;
  /** An array literal, every key in quotation marks: no key holds one. */
  readonly keys: string;
  readonly version: number | null;
}

/** A cover that is kept, and others of the same number, of other matters. */
interface Kept extends Cover {
  readonly next: Kept | null;
}

/** A case as it is; `since` says how far the look went, in a row of its own where it found no case. */
interface CaseRow {
  readonly matter: string | null;
  readonly caseNo: string;
  readonly deadline: string;
  /** Null: it is closed. */
  readonly keys: string | null;
  readonly version: number | null;
  readonly since: string;
}

/** The columns of a cover; without keys where the case is closed. */
const columns = (sql: postgres.Sql) => sql`c.matter_code as matter, c.case_no as "caseNo", c.deadline::text as deadline, c.matter_version as version,
  case when c.closed_at is null then (select coalesce('{"' || string_agg(s.subject_key, '","' order by s.subject_key) || '"}', '{}') from case_subject s where s.case_id = c.id) end as keys`;

/** Bytes that are kept at most unless told, and cases that are loaded at the start: of four persons about 400 bytes each. */
const [keptSize, loaded] = [50_000_000, 120_000];
const sizeOf = (caseNo: string, { matter, keys }: Cover): number => 200 + matter.length + caseNo.length + keys.length;

function passes(cover: Cover | undefined, today: string, asked: readonly string[]): cover is Cover {
  return cover !== undefined && today <= cover.deadline && asked.every((key) => !key.includes('"') && cover.keys.includes(`"${key}"`));
}

/** The open case of a number, read now. */
async function readCase(sql: postgres.Sql, matter: string, caseNo: string): Promise<Cover | undefined> {
  const [row] = await sql<CaseRow[]>`select ${columns(sql)} from service_case c where c.matter_code = ${matter} and c.case_no = ${caseNo} and c.closed_at is null`;
  return row === undefined || row.keys === null ? undefined : { matter, deadline: row.deadline, keys: row.keys, version: row.version };
}

/** Nothing is kept: every case is read whenever it is asked under. */
export function readOpenCases(sql: postgres.Sql): OpenCases {
  return {
    covering: async (matter, caseNo, today, asked) => {
      const cover = await readCase(sql, matter, caseNo);
      return passes(cover, today, asked) ? cover.keys : null;
    },
    versionUnder: async (matter, caseNo, today) => {
      const cover = await readCase(sql, matter, caseNo);
      return passes(cover, today, []) ? cover.version : undefined;
    },
    look: () => Promise.resolve(),
  };
}

/** See the head of this file. */
export class CasesAtHand implements OpenCases {
  readonly #sql: postgres.Sql;
  /** By number, in the order in which they came: a text made of matter and number would be made, and hashed, for each request. Few matters share a number. */
  readonly #kept = new Map<string, Kept>();
  /** One text of each matter and deadline: of a hundred thousand covers, those of its own that each one has are read from far memory. */
  readonly #texts = new Map<string, string>();
  #size = 0;
  readonly #watch = new Watch(() => this.#take());
  /** Every transaction before this one had ended when the last look was made. */
  #since = '0';
  /** How often something was taken: what was read before may be older than that. */
  #taken = 0;

  readonly #most: number;

  private constructor(sql: postgres.Sql, most: number) {
    this.#sql = sql;
    this.#most = most;
  }

  /** Loads the cases that are open on this civil date, and begins to watch. `listen`: the database can tell of changes. `most`: bytes that are kept. */
  static async start(sql: postgres.Sql, today: string, everyMs: number, listen: boolean, onError: (error: unknown) => void, most = keptSize): Promise<CasesAtHand> {
    const cases = new CasesAtHand(sql, most);
    await cases.#load(today);
    await cases.#watch.start({ sql, channel: listen ? 'hub_case' : null, everyMs, onError });
    return cases;
  }

  covering(matter: string, caseNo: string, today: string, asked: readonly string[]): string | null | Promise<string | null> {
    const cover = this.#find(matter, caseNo);
    return passes(cover, today, asked) ? cover.keys : this.#read(matter, caseNo, today, asked);
  }

  versionUnder(matter: string, caseNo: string, today: string): number | null | undefined | Promise<number | null | undefined> {
    const cover = this.#find(matter, caseNo);
    return passes(cover, today, []) ? cover.version : this.#readCover(matter, caseNo).then((read) => (passes(read, today, []) ? read.version : undefined));
  }

  look(): Promise<void> {
    return this.#watch.look();
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  async #read(matter: string, caseNo: string, today: string, asked: readonly string[]): Promise<string | null> {
    const cover = await this.#readCover(matter, caseNo);
    return passes(cover, today, asked) ? cover.keys : null;
  }

  async #readCover(matter: string, caseNo: string): Promise<Cover | undefined> {
    const taken = this.#taken;
    const cover = await readCase(this.#sql, matter, caseNo);
    if (cover !== undefined && taken === this.#taken) this.#put(caseNo, cover);
    return cover;
  }

  /** Those that were opened last, as many as are kept. */
  async #load(today: string): Promise<void> {
    const rows = await this.#sql<CaseRow[]>`
      select pg_snapshot_xmin(pg_current_snapshot())::text as since, ${columns(this.#sql)} from (select 1) one
      left join (select * from service_case where closed_at is null and deadline >= ${today} order by opened_at desc limit ${loaded}) c on true order by c.opened_at`;
    this.#keep(rows);
  }

  /** What changed in transactions that had not ended at the last look. It may be told more than once, always as it is now. */
  async #take(): Promise<void> {
    const rows = await this.#sql<CaseRow[]>`
      select pg_snapshot_xmin(pg_current_snapshot())::text as since, ${columns(this.#sql)} from (select 1) one left join service_case c on c.changed >= ${this.#since}::xid8
      order by c.closed_at nulls last`;
    this.#keep(rows);
  }

  /** One number may name several cases, of which at most one is open: it comes last. */
  #keep(rows: readonly CaseRow[]): void {
    this.#since = rows[0]?.since ?? this.#since;
    for (const { matter, caseNo, deadline, keys, version } of rows) {
      if (matter === null) continue;
      this.#taken += 1;
      if (keys === null) this.#drop(matter, caseNo);
      else this.#put(caseNo, { matter, deadline, keys, version });
    }
  }

  #find(matter: string, caseNo: string): Kept | undefined {
    for (let kept = this.#kept.get(caseNo) ?? null; kept !== null; kept = kept.next) if (kept.matter === matter) return kept;
    return undefined;
  }

  #put(caseNo: string, { matter, deadline, keys, version }: Cover): void {
    this.#drop(matter, caseNo);
    const kept: Kept = { matter: this.#one(matter), deadline: this.#one(deadline), keys, version, next: this.#kept.get(caseNo) ?? null };
    this.#kept.delete(caseNo);
    this.#kept.set(caseNo, kept);
    this.#size += sizeOf(caseNo, kept);
    for (const [oldest, first] of this.#kept) {
      if (this.#size <= this.#most) break;
      for (let one: Kept | null = first; one !== null; one = one.next) this.#drop(one.matter, oldest);
    }
  }

  #drop(matter: string, caseNo: string): void {
    const dropped = this.#find(matter, caseNo);
    if (dropped === undefined) return;
    const others = without(dropped, this.#kept.get(caseNo) ?? null);
    if (others === null) this.#kept.delete(caseNo);
    else this.#kept.set(caseNo, others);
    this.#size -= sizeOf(caseNo, dropped);
  }

  #one(text: string): string {
    const one = this.#texts.get(text) ?? text;
    this.#texts.set(text, one);
    return one;
  }
}

/** Those of one number but one of them. */
function without(dropped: Kept, first: Kept | null): Kept | null {
  return first === null ? null : first === dropped ? first.next : { ...first, next: without(dropped, first.next) };
}
