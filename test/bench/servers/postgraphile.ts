/**
 * The peer PostGraphile 5 (Grafast), in production mode, over the same tables.
 *
 * It makes its schema from the database. What the database does not tell it, it is told the way its manual says: smart tags
 * for keys and edges, functions for what is neither (certificates by a list of holders, the batch by keys).
 */
import { createServer } from 'node:http';
import { client, databaseUrl, endWithParent, peer, ready } from './child.ts';

endWithParent();
const sql = client(1, 'functions');
await sql.unsafe(`
  comment on table person is E'@unique id_number\\n@unique person_key\\n@foreignKey (household_no) references household (household_no)|@fieldName household|@foreignFieldName members';
  comment on table household is E'@unique household_no';
  comment on table credit_permit is E'@foreignKey (counterparty_person_key) references person (person_key)|@fieldName person|@foreignFieldName creditPermits';
  create or replace function person_certificates(p person) returns setof certificate language sql stable as 'select c.* from (select * from certificate where holder_person_keys @> array[p.person_key] offset 0) c order by c.id';
  create or replace function persons_by_id_numbers(id_numbers text[]) returns setof person language sql stable as 'select p.* from unnest(id_numbers) with ordinality k(key, n) join person p on p.id_number = k.key order by k.n';
  comment on function persons_by_id_numbers(text[]) is '@behavior +queryField:resource:list -queryField:resource:connection';
`);
await sql.end();

interface Amber { readonly PostGraphileAmberPreset: object }
interface Adaptor { makePgService(options: { connectionString: string; schemas: string[]; pubsub: boolean; poolConfig: object }): object }
interface PostGraphile { postgraphile(preset: object): { createServ(grafserv: unknown): { addTo(server: unknown): Promise<void> } } }

const { PostGraphileAmberPreset } = await peer<Amber>('postgraphile/presets/amber');
const { makePgService } = await peer<Adaptor>('postgraphile/adaptors/pg');
const { postgraphile } = await peer<PostGraphile>('postgraphile');
const { grafserv } = await peer<{ grafserv: unknown }>('postgraphile/grafserv/node');

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: databaseUrl, schemas: ['public'], pubsub: false, poolConfig: { max: 8, application_name: 'bench postgraphile' } })],
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false },
  schema: { dontSwallowErrors: false },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port));
