/**
 * `serve`: opens the hub, fills a new embedded database, prints how to ask it, and closes cleanly on Ctrl-C.
 */
import type { Config } from '../config.ts';
import { tidy } from '../files/memory.ts';
import { warmUp } from '../graphql/warm.ts';
import { openHub } from '../hub.ts';
import type { Hub } from '../hub.ts';
import { seedCounty } from '../seeding/seed.ts';
import { hasDemo, introduction, makeDemo } from './demo.ts';
import { progressLine } from './progress.ts';

/** Serves until the process is told to stop. */
export async function serve(config: Config): Promise<void> {
  const began = performance.now();
  let fresh = false;
  const hub = await openHub(config, undefined, async ({ database, writing }) => {
    // Demo data and demo callers exist in the embedded database only, never on a server.
    if (database.kind !== 'embedded' || await hasDemo(database.sql)) return;
    fresh = true;
    process.stdout.write(`New database in ${config.dataDir}: loading reference data and a synthetic county of ${config.seedPeople} people.\n`);
    await seedCounty(writing(), { people: config.seedPeople, seed: 'tianzhu', level: config.level }, progressLine());
  });
  const stop = stopOnSignals(hub);
  const demo = fresh ? await makeDemo(hub) : null;
  warmUp(hub.schema, hub.standing.current.catalog);
  tidy();
  const { url } = await hub.serve();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`Console  ${url}/\nGraphQL  ${url}/graphql\nHealth   ${url}/health\nReady in ${seconds} s. Stop with Ctrl-C.\n`);
  if (demo !== null) process.stdout.write(introduction(demo, url));
  await stop;
}

function stopOnSignals(hub: Hub): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const stop = () => {
      // A second signal is somebody in a hurry: the database still closes, requests are not waited for any longer.
      if (stopping) process.exit(130);
      stopping = true;
      process.stdout.write('\nStopping: running requests end first.\n');
      hub.close().then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    void hub.database.lost.then((error) => hub.close().finally(() => reject(error)));
  });
}
