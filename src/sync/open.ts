/**
 * The pull as a hub has it: the adapter that its configuration names, and the worker that follows it. Only where the configuration names
 * an upper hub.
 */
import { readFileSync } from 'node:fs';
import type { CityConfig } from '../config.ts';
import type { Database } from '../db/open.ts';
import { HubError } from '../errors.ts';
import type { WriteContext } from '../records/write.ts';
import type { RecordType } from '../registries/contract.ts';
import type { Catalog } from '../sharing/catalog.ts';
import { CityHttp } from './city-http.ts';
import type { PullParts } from './pull.ts';
import { passReportsUp, takeAnswers } from './checks/pass-up.ts';
import { pushStep } from './push.ts';
import { ReconcileKeeper } from './reconcile-keeper.ts';
import { SyncWorker } from './worker.ts';
import type { WorkerParts } from './worker.ts';
import { passUp } from './up.ts';
import { passQueriesUp, passUsesUp } from './uses-up.ts';

/** What opening it takes of the hub. */
export interface SyncNeeds {
  readonly city: CityConfig;
  readonly division: string;
  readonly database: Database;
  readonly types: ReadonlyMap<string, RecordType>;
  readonly writing: () => WriteContext;
  /** As it is now. */
  readonly catalog: () => Catalog;
  readonly tell: WorkerParts['tell'];
}

/** The way to the upper hub, and all that pulling needs. */
export function pullParts({ city, division, types, writing }: Omit<SyncNeeds, 'database' | 'tell' | 'catalog'>): PullParts & { readonly city: CityHttp } {
  const http = new CityHttp({ url: city.url, key: keyOf(city), matter: city.matter, timeoutMs: city.timeout * 1000 });
  return { city: http, writing, types, division, breaker: () => http.breaker };
}

/** An open pull. */
export interface OpenSync {
  readonly city: CityHttp;
  start(): void;
  stop(): Promise<void>;
}

/** Looks at its feeds that go by before answers to reports are asked for again: days are what they take. */
const pollsOfAnswers = 10;

const nothing = { changes: 0, refused: 0, more: false };

/** Passes up what is told here, a step at a time, and now and then takes what has become of what was reported. */
function pushOf({ city }: Pick<OpenSync, 'city'>, needs: SyncNeeds): NonNullable<WorkerParts['push']> {
  const { sql } = needs.database;
  let place: string | null = null;
  let askedAt = -Infinity;
  return async (fence) => {
    const context = { sql, city, checks: city, uses: city, division: needs.division, types: needs.types, catalog: needs.catalog(), now: needs.writing().now, fence };
    const answers = async (): Promise<typeof nothing> => {
      if (place === null && performance.now() - askedAt <= pollsOfAnswers * needs.city.pollMs) return nothing;
      askedAt = performance.now();
      place = await takeAnswers(context, place);
      return nothing;
    };
    return passUp([() => pushStep(context), () => passReportsUp(context), () => passUsesUp(context), () => passQueriesUp(context), answers]);
  };
}

/** Opens it; `start` begins to pull. */
export function openSync(needs: SyncNeeds): OpenSync {
  const parts = pullParts(needs);
  const { sql } = needs.database;
  const worker = new SyncWorker({
    ...parts, sql, pollMs: needs.city.pollMs, tell: needs.tell,
    push: pushOf(parts, needs),
  });
  const keeper = new ReconcileKeeper({ city: parts.city, writing: parts.writing, types: parts.types, division: parts.division, sql, tell: needs.tell });
  return {
    city: parts.city,
    start: () => {
      worker.start();
      keeper.start();
    },
    stop: async () => {
      const stopped = Promise.all([worker.stop(), keeper.stop()]);
      // What is on its way to the upper hub is not waited for.
      await parts.city.close();
      await stopped;
    },
  };
}

function keyOf({ key }: CityConfig): string {
  if ('text' in key) return key.text;
  try {
    const text = readFileSync(key.file, 'utf8').trim();
    if (text !== '') return text;
  } catch {
    throw new HubError('CONFIG_INVALID', `The file of HUB_CITY_KEY_FILE cannot be read: ${key.file}. Put this hub's key at the upper hub into it.`);
  }
  throw new HubError('CONFIG_INVALID', `The file of HUB_CITY_KEY_FILE is empty: ${key.file}. Put this hub's key at the upper hub into it.`);
}
