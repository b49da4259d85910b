/**
 * `GET /schema.graphql`, over HTTP: whose contract it is, and the whole one on request.
 */
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyOf } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

let hub: ServedHub;
let url = '';

beforeAll(async () => {
  hub = await servedHub();
  ({ url } = hub);
});
afterAll(() => hub?.close());

async function get(caller: CallerName | AdministratorName | null, search = ''): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(`${url}/schema.graphql${search}`, caller === null ? {} : { headers: { authorization: `Bearer ${keyOf(caller)}` } });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

it('strangers get none', async () => {
  for (const search of ['', '?all=1']) {
    const { status, text } = await get(null, search);
    expect([status, text.includes('UNAUTHENTICATED'), text.includes('Person')]).toEqual([401, true, false]);
  }
});

it('each caller gets its own, as a valid schema', async () => {
  const [market, police, system] = await Promise.all([get('market'), get('police'), get('system')]);
  for (const { status, type, text } of [market, police, system]) {
    expect([status, type]).toEqual([200, 'application/graphql; charset=utf-8']);
    buildSchema(text);
  }
  expect(police.text).toContain('registeredAddress');
  expect(market.text).not.toContain('registeredAddress');
  expect(system.text).toContain('issueKey');
  expect(system.text).not.toContain('type Person');
});

it('whoever is registered may read the whole one, with what to apply for', async () => {
  const { status, text } = await get('market', '?all=1');
  expect(status).toBe(200);
  expect(buildSchema(text).getType('DisabilityRecord')).toBeDefined();
  expect(text).toContain('RK-0017 shared on condition');
});
