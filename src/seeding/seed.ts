/**
 * Fills a hub: reference data, then a synthetic county through the same writer that real data comes through.
 *
 * The same people and seed give the same rows on every database and on every day: the county stands still on a day of its
 * own unless one is named. It may run again: what is there already is found to be there.
 */
import { writeClaims } from '../records/write.ts';
import type { WriteContext } from '../records/write.ts';
import { syntheticCounty } from './county.ts';
import { atLevel } from './level.ts';
import type { HubLevel } from './level.ts';
import { syntheticId } from './random.ts';
import { loadReference } from './reference.ts';

/** What to load. */
export interface SeedOptions {
  /** How many people; 0 loads reference data only. */
  readonly people: number;
  readonly seed: string;
  /** The day on which the synthetic county is as it is; `countyDay` unless told. Never later than the context's today. */
  readonly today?: string;
  /** A county's hub unless told. */
  readonly level?: HubLevel;
}

/** The day on which a synthetic county stands still unless another is named. */
export const countyDay = '2026-01-01';

/** Loads; `onProgress` hears what is being loaded and how many claims are in. */
export async function seedCounty(context: WriteContext, options: SeedOptions, onProgress?: (what: string, loaded: number) => void): Promise<void> {
  const { people, seed, level = 'county' } = options;
  const seeded: WriteContext = { ...context, newId: (type, _source, key) => syntheticId(seed, type, key) };
  // The divisions are real and the same in every county, so their ids do not hang on the seed.
  const { divisions } = await loadReference(context.sql, { ...context, newId: (type, _source, key) => syntheticId('reference', type, key) }, level);
  onProgress?.('reference data', divisions);
  if (people === 0) return;
  const named = options.today ?? countyDay;
  let loaded = divisions;
  for (const { model, source, claims } of syntheticCounty({ people, seed, level, today: named < context.today ? named : context.today })) {
    await writeClaims(seeded, model, atLevel(level, source), claims);
    loaded += claims.length;
    onProgress?.(model.type, loaded);
  }
}
