/**
 * What the hub knows of its callers and its catalog, held in memory: loaded once, reloaded when its version moves.
 *
 * A standing never changes; a reload makes a new one, so no answer mixes old and new. An unknown, expired or revoked
 * key makes a stranger, never an exception.
 */
import type postgres from 'postgres';
import { Catalog } from '../sharing/catalog.ts';
import type { CatalogItem } from '../sharing/catalog.ts';
import type { Caller } from '../sharing/terms.ts';
import { apiKeyDigest } from './api-key.ts';

type Consumer = Extract<Caller, { kind: 'consumer' }>;

interface KeyHolder {
  readonly caller: Consumer;
  /** Milliseconds since the epoch; infinity for a key without end. */
  readonly until: number;
}

/** One state of catalog and consumers. */
export class Standing {
  readonly version: string;
  readonly catalog: Catalog;
  readonly #holders: ReadonlyMap<string, KeyHolder>;

  constructor(version: string, catalog: Catalog, holders: ReadonlyMap<string, KeyHolder>) {
    this.version = version;
    this.catalog = catalog;
    this.#holders = holders;
  }

  /** Who holds this key at this moment. */
  callerOf(key: string | null, now: Date): Caller {
    const holder = key === null ? undefined : this.#holders.get(apiKeyDigest(key));
    return holder !== undefined && now.getTime() < holder.until ? holder.caller : { kind: 'stranger' };
  }
}

/** Reads the standing in one consistent look at the database. */
export async function loadStanding(sql: postgres.Sql): Promise<Standing> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    const [version] = await tx<{ version: string }[]>`select version::text from hub_version where name = 'standing'`;
    const items = await tx<CatalogItem[]>`
      select code, name, owner_department as "ownerDepartment", kind, share_type as "shareType", condition, key_share_type as "keyShareType",
             sensitivity, mask, update_cycle as "updateCycle", open, standard from catalog_item`;
    const keys = await tx<{ digest: string; consumer: string; name: string; department: string; departmentName: string; until: string | null }[]>`
      select k.digest, c.code as consumer, c.name, d.code as department, d.name as "departmentName",
             (extract(epoch from least(k.expires_at, k.revoked_at)) * 1000)::bigint::text as until
      from api_key k join consumer c on c.code = k.consumer_code join department d on d.code = c.department_code`;
    const holders = new Map(keys.map(({ digest, until, consumer, name, department, departmentName }): [string, KeyHolder] =>
      [digest, { caller: { kind: 'consumer', consumer, name, department, departmentName }, until: until === null ? Infinity : Number(until) }]));
    return new Standing(version?.version ?? '0', new Catalog(items), holders);
  });
}

/** Tells every process that catalog, consumers or keys have changed. Call it in the transaction of the change. */
export async function moveStanding(tx: postgres.TransactionSql | postgres.Sql): Promise<void> {
  await tx`insert into hub_version (name, version) values ('standing', 1) on conflict (name) do update set version = hub_version.version + 1`;
}

/** Keeps a standing up to date by looking at its version every second. */
export class StandingWatch {
  readonly #sql: postgres.Sql;
  readonly #onError: (error: unknown) => void;
  #standing: Standing;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  private constructor(sql: postgres.Sql, standing: Standing, onError: (error: unknown) => void) {
    this.#sql = sql;
    this.#standing = standing;
    this.#onError = onError;
  }

  /** Loads the standing and begins to watch it. */
  static async start(sql: postgres.Sql, everyMs: number, onError: (error: unknown) => void): Promise<StandingWatch> {
    const watch = new StandingWatch(sql, await loadStanding(sql), onError);
    watch.#timer = setInterval(() => {
      watch.#looking ??= watch.look().catch(onError).finally(() => { watch.#looking = undefined; });
    }, everyMs);
    watch.#timer.unref();
    return watch;
  }

  get current(): Standing {
    return this.#standing;
  }

  /** Looks now, and reloads if anything has changed. */
  async look(): Promise<void> {
    const [row] = await this.#sql<{ version: string }[]>`select version::text from hub_version where name = 'standing'`;
    if ((row?.version ?? '0') !== this.#standing.version) this.#standing = await loadStanding(this.#sql);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking?.catch(this.#onError);
  }
}
