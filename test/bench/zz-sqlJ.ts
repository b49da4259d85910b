import { workloads, picker, workloadNames } from '/work/main/test/bench/workloads.ts';
import { benchKey, readFacts } from '/work/main/test/bench/county.ts';
const T = process.env.TREE ?? '/work/main';
const { openDatabase } = await import(`${T}/src/db/open.ts`);
const { buildSchema } = await import(`${T}/src/graphql/schema.ts`);
const { buildServer } = await import(`${T}/src/graphql/server.ts`);
const { loadStanding } = await import(`${T}/src/identity/standing.ts`);
const { contextOf } = await import(`${T}/src/graphql/context.ts`);
import { HeaderMap } from '@apollo/server';
const url = process.env.DB ?? 'postgres://postgres@127.0.0.1:5511/hub_bench_200000';
const db = await openDatabase({ databaseUrl: url, dataDir: '' });
const facts = await readFacts(db.sql);
const standing = await loadStanding(db.sql);
const schema = buildSchema((c: string) => standing.catalog.item(c) !== undefined);
let seen: any[] = [];
const w = (lane: any) => ({ query: (t: string, p: any[]) => { seen.push([t, p]); return Promise.resolve([{}]); } });
const apollo = buildServer(schema, { points: w(db.points), lists: w(db.lists) }, (_: any, e: any) => console.error(e));
await apollo.start();
for (const name of (process.argv[2] ?? 'W1,W2,W3,W4').split(',') as any[]) {
  const wl = (workloads as any)[name];
  seen = [];
  await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: { method: 'POST', headers: new HeaderMap([['content-type', 'application/json']]), body: { query: process.env.QUERY ?? wl.query, variables: wl.variables(facts, picker(5)) }, search: '' }, context: async () => contextOf({ authorization: `Bearer ${benchKey}` }, standing, new Date()) });
  for (const [t, p] of seen) {
    console.log(`--- ${name}\n${t}`);
    if (process.argv[3]) {
      await db.sql.unsafe("set statement_timeout = '60s'");
      const mode = process.argv[3] === 'generic' ? 'force_generic_plan' : 'force_custom_plan';
      const r = await db.sql.begin(async (tx: any) => {
        await tx.unsafe(`set local plan_cache_mode = ${mode}`);
        await tx.unsafe(`prepare q as ${t}`);
        const args = p.map((x: any) => x === null ? 'null' : `'${String(x).replaceAll("'", "''")}'`).join(',');
        await tx.unsafe(`execute q${args ? `(${args})` : ''}`);
        const out = await tx.unsafe(`explain (analyze, buffers) execute q${args ? `(${args})` : ''}`);
        await tx.unsafe('deallocate q');
        return out;
      });
      console.log(r.map((x: any) => x['QUERY PLAN']).join('\n'));
    }
  }
}
await db.close();
process.exit(0);
