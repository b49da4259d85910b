/**
 * A flat list is written here and everything else by PostgreSQL; a client cannot tell which: the same page with and
 * without a count beside it, of every type that pages, reads the same to the byte.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSchema } from '../../src/graphql/schema.ts';
import { clonedHub, shared, sharedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

const { contract } = buildSchema(() => true);
const pages = [...contract.lookups.values()].filter(({ by }) => by === 'PAGE');

let open: TestHub;
let strict: TestHub;
beforeAll(async () => {
  open = await sharedHub({ item: shared });
  strict = await sharedHub();
});
afterAll(() => Promise.all([open.close(), strict.close()]));

describe('a flat list', () => {
  test.each(pages.map(({ root, type }) => [root, type] as const))('%s', async (root, typeName) => {
    const type = contract.types.get(typeName);
    const leaves = [...(type?.fields.values() ?? [])].filter((field) => field.kind === 'leaf' && field.columnKind !== 'geometry').map(({ name }) => name);
    const ordered = [...(type?.fields.values() ?? [])].find((field) => field.kind === 'leaf' && field.find.has('ORDER'))?.name;
    const nodes = `nodes { __typename id ${leaves.join(' ')} again: id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor __typename } __typename`;
    for (const hub of [open, strict]) {
      for (const caller of ['police', 'naturalResources'] as const) {
        for (const page of ['first: 7', 'first: 0', 'first: 1000', ...(ordered ? [`first: 5, orderBy: [{ field: ${ordered}, direction: DESC }]`] : []), 'first: 3, asOf: "2025-06-01"']) {
          const flat = await hub.ask(caller, `{ ${root}(${page}) { ${nodes} } }`);
          const built = await hub.ask(caller, `{ ${root}(${page}) { ${nodes} totalCount } }`);
          expect(hub.failures).toEqual([]);
          expect(flat.sql.join()).not.toContain('json_agg');
          expect(built.sql.join()).toContain('json_agg');
          const { totalCount: _, ...rest } = built.data[root] as unknown as Record<string, unknown>;
          expect(JSON.stringify(flat.data[root])).toBe(JSON.stringify(rest));
          expect(flat.errors).toEqual(built.errors);
          const after = (rest['pageInfo'] as { endCursor: string | null }).endCursor;
          if (page !== 'first: 7' || after === null) continue;
          const next = await Promise.all(['', ' totalCount'].map((more) => hub.ask(caller, `{ ${root}(${page}, after: "${after}") { ${nodes}${more} } }`)));
          expect(next[0]?.data[root]?.['nodes']).toEqual(next[1]?.data[root]?.['nodes']);
          expect(next[0]?.data[root]?.['pageInfo']).toEqual(next[1]?.data[root]?.['pageInfo']);
        }
      }
    }
  });

  test.each(['\u001f', 'a\u001fb', 'a\u001e'])('a text that holds a mark of the rows is not guessed at: %j', async (name) => {
    const hub = await clonedHub({ item: shared });
    await hub.database.sql.unsafe('update legal_entity set name = $1 where id = (select min(id::text)::uuid from legal_entity)', [name]);
    const flat = await hub.ask('police', '{ legalEntities(first: 5) { nodes { id name remarks: legalRepName } pageInfo { endCursor hasNextPage } } }');
    const built = await hub.ask('police', '{ legalEntities(first: 5) { nodes { id name remarks: legalRepName } pageInfo { endCursor hasNextPage } totalCount } }');
    const { totalCount: _, ...rest } = built.data['legalEntities'] as unknown as Record<string, unknown>;
    expect(flat.data['legalEntities']).toEqual(rest);
    await hub.close();
  });

  test('a row of more cells than a function of PostgreSQL takes arguments', async () => {
    const type = contract.types.get('LegalEntity');
    const leaves = [...(type?.fields.values() ?? [])].filter((field) => field.kind === 'leaf' && field.columnKind !== 'geometry').map(({ name }) => name);
    const cells = Array.from({ length: 230 }, (_, index) => `a${index}: ${leaves[index % leaves.length]}`).join(' ');
    const ask = (more: string) => open.ask('police', `{ legalEntities(first: 5) { nodes { ${cells} }${more} } }`);
    const [flat, built] = [await ask(''), await ask(' totalCount')];
    expect(open.failures).toEqual([]);
    expect(flat.sql.join()).not.toContain('json_agg');
    expect(flat.data['legalEntities']?.['nodes']).toEqual(built.data['legalEntities']?.['nodes']);
  });

  test('there are types that page', () => {
    expect(pages.length).toBeGreaterThan(5);
  });
});
