/**
 * What a server takes through its ways before it serves: large documents all the way to a statement, and without a database.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { warmUp } from '../../src/graphql/warm.ts';
import { sharedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await sharedHub();
});
afterAll(() => hub.close());

test('documents as wide, as deep and as aliased as may be are compiled, in each of a dozen rounds', () => {
  const before = hub.database.lists.statements + hub.database.points.statements;
  const compiled = warmUp(hub.schema, hub.standing.catalog);
  expect(compiled % 12).toBe(0);
  expect(compiled / 12).toBeGreaterThanOrEqual(3);
  expect(hub.database.lists.statements + hub.database.points.statements).toBe(before);
});
