/**
 * GraphQL over HTTP: every audit of the reference suite (`graphql-http`) against the real listener with its real settings, asked as a
 * registered consumer who sends the preflight header.
 */
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyOf } from '../world/callers.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

let hub: ServedHub;
let url = '';

beforeAll(async () => {
  hub = await servedHub();
  ({ url } = hub);
}, 60_000);

afterAll(() => hub?.close());

const asConsumer: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${keyOf('police')}`);
  headers.set('apollo-require-preflight', 'true');
  return fetch(input, { ...init, headers });
};

const audits = serverAudits({ url: () => `${url}/graphql`, fetchFn: asConsumer });

it('has all the audits', () => {
  expect(audits.length).toBe(61);
});

it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
  const result = await audit.fn();
  expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
});
