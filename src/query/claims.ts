/**
 * Claims about subjects, compiled: many subjects with a value for each claim beside each key, in one statement that says yes or no.
 *
 * They are verify fields of the records (see compile.ts), under a plan as any other: what may not be verified is not in the statement, bounds,
 * territory and seals hold. Nothing stored leaves the database, not even masked. A caller who may only verify reads nothing, so here a
 * record exists for him where one of his claims may be verified on it.
 *
 * The statement does as much for nobody as for somebody: the claims are verified on the first record from the key on, whoever's it is, and
 * only then it is asked whether it has the key and is one that the caller may ask about (test/soak/verification.soak.ts).
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Contract, RecordType } from '../registries/contract.ts';
import { parameterType } from '../registries/columns.ts';
import { planOf } from '../sharing/plan.ts';
import type { Plan } from '../sharing/plan.ts';
import { certain, either, given, isNowhere, nowhere } from '../sharing/rows.ts';
import type { Rows } from '../sharing/rows.ts';
import type { Ask } from '../sharing/terms.ts';
import type { Standpoint } from '../sharing/verdict.ts';
import type { Claim, Compared } from './claimed.ts';
import { finished, isUnderCase, recordJson } from './compile.ts';
import type { Statement } from './compile.ts';
import { copyOf, keyedRoot } from './copies.ts';
import type { KeyedRoot } from './copies.ts';
import { keyFieldOf } from './passed-on.ts';
import { Compilation } from './rows.ts';
import type { CompileOptions, Source } from './rows.ts';
import { keysIn, tracedIn } from './subjects.ts';
import type { Output, RootNode, Run, Tree } from './tree.ts';

/** The values that a statement of claims is run with, as `variables` of the request. */
export interface Claiming {
  /** Keys of the subjects, each in its one form. */
  readonly keys: readonly string[];
  /** For each output of each claim that may be verified, in their order, its values by subject; null: it is not claimed of that one. */
  readonly values: readonly (readonly (Compared | null)[])[];
}

/** Claims about subjects of one type, as they are asked at a root. */
export interface ClaimsQuestion {
  readonly type: RecordType;
  /** The coordinate of the root. */
  readonly at: string;
  readonly claims: readonly Claim[];
}

/** What was verified of one subject: by claim, null where nothing was claimed of it. */
export interface Verified {
  /** Is there such a record for this caller? */
  readonly found: boolean;
  /** By claim of the statement: is it met? */
  readonly met: readonly boolean[];
  /** `person_key`s of whom it is about. */
  readonly subjects: readonly string[];
  /** Ids of the certificates that it was verified by. */
  readonly traced: readonly string[];
  /** Where it is a copy of another hub's record: see copies.ts. */
  readonly copy: unknown;
}

/** The verdicts about a question, before anybody is looked for. */
export interface ClaimsPlan {
  readonly plan: Plan;
  readonly tree: Tree;
  /** Claims that may be verified, on some rows at least. */
  readonly allowed: readonly Claim[];
  /** May the caller be told that there is nobody, wherever he may verify anything? Else nobody is as somebody of whom nothing is true. */
  readonly tellsOfNobody: boolean;
}

/** A statement of claims. */
export interface ClaimsStatement extends Pick<Statement, 'parameters' | 'inCase'> {
  readonly text: string;
  /** Its rows, one for each subject, as they were asked for. */
  readonly read: (rows: readonly Readonly<Record<string, unknown>>[]) => readonly Verified[];
  /** The look-up that another hub may be asked for; null: this hub keeps no copies. */
  readonly keyed: KeyedRoot | null;
}

const keyAt = (at: string): string => `${at}(subject)`;

/** Everything that a question asks. */
export function asksOfClaims({ type, at, claims }: ClaimsQuestion): readonly Ask[] {
  return [
    { item: type.existsItem, use: 'exist', at },
    ...keyFieldOf(type).items.map((item): Ask => ({ item, use: 'key', at: keyAt(at) })),
    ...claims.flatMap((claim) => claim.items.map((item): Ask => ({ item, use: 'verify', at: claim.at }))),
  ];
}

/** Judges a question. */
export function planClaims(question: ClaimsQuestion, standpoint: Standpoint, contract: Contract): ClaimsPlan {
  const { type, at, claims } = question;
  const judged = planOf(asksOfClaims(question), standpoint, contract.itemsOfTypes, contract.weaker);
  const allowed = claims.filter((claim) => !isNowhere(judged.rows(claim.at, 'verify')));
  const verifiable = allowed.reduce<Rows>((rows, claim) => either(rows, judged.rows(claim.at, 'verify')), nowhere);
  const { masked, refused, territory, seals, until } = judged;
  const plan: Plan = {
    masked, refused, territory, seals, until,
    rows: (place, use) => (place === at && use === 'exist' ? 'all' : judged.rows(place, use)),
    existence: (name) => (name === type.name ? verifiable : judged.existence(name)),
    shown: (place) => judged.shown(place), quotas: (place) => judged.quotas(place), withheld: (place) => judged.withheld(place),
  };
  // Where it may be told that there is a record on some rows only, the silence about all others would tell of these.
  const sure = [...certain(verifiable), ...certain(judged.rows(keyAt(at), 'key'))];
  return { plan, tree: treeOf(question, allowed), allowed, tellsOfNobody: given(judged.rows(at, 'exist'), sure) === 'all' };
}

function treeOf({ type, at }: ClaimsQuestion, allowed: readonly Claim[]): Tree {
  const places = allowed.flatMap((claim) => claim.outputs.map((field) => ({ claim, field })));
  const outputs = places.map(({ claim, field }, place): Output => ({ kind: 'verify', as: `c${place}`, at: claim.at, field, value: (run) => of(run).values[place] }));
  const root: RootNode = { by: 'KEY', as: 'verify', at, lookup: { root: at, by: 'KEY', type: type.name, argument: 'subject' }, keyAt: keyAt(at), key: (run) => of(run).keys[0], record: { type, outputs } };
  return { roots: [root], lenses: { asOf: null, knownAt: null }, cost: () => places.length };
}

const of = (run: Run): Claiming => run.variables as unknown as Claiming;
const keys = (run: Run): readonly string[] => of(run).keys;

/** Compiles what may be verified of a question; there has to be something. */
export function compileClaims({ type, at }: ClaimsQuestion, { plan, tree, allowed }: ClaimsPlan, options: CompileOptions): ClaimsStatement {
  const compilation = new Compilation(plan, tree.lenses, { ...options, subjects: true });
  const [root] = tree.roots as readonly [Extract<RootNode, { by: 'KEY' }>];
  const { outputs } = root.record;
  const row = compilation.fresh('q');
  const source = compilation.source(type, { reached: null, rows: [plan.rows(keyAt(at), 'key')] });
  const names = outputs.map((output, place) => {
    if (output.kind !== 'verify') throw new Error('Claims are verified.');
    const kind = parameterOf(output);
    const name = sql.identifier(`v${place}`);
    const values = compilation.value(output.value, `${kind}[]`);
    compilation.readFrom(output.value, sql`${row}.${name}`);
    return { name, values };
  });
  const { json, joins, told } = recordJson(compilation, source, root.record, []);
  const copies = compilation.home === null ? null : keyedRoot(tree, root, 0, plan);
  const columns = [sql`${json} as j`, sql`${isIt(compilation, source, sql`${row}.key`)} as ok`, ...(told === null ? [] : [sql`${told} as s`]), ...(copies === null || compilation.home === null ? [] : [sql`${copyOf(source, compilation.home)} as f`])];
  const shown = [sql`f.ok`, sql`case when f.ok then f.j end::text as j`, ...(told === null ? [] : [sql`case when f.ok then f.s end as s`]), ...(copies === null ? [] : [sql`case when f.ok then f.f end as f`])];
  const arrays = [compilation.value(keys, 'text[]'), ...names.map(({ values }) => values)];
  const select = sql`select ${sql.join(shown, sql`, `)} from unnest(${sql.join(arrays, sql`, `)}) with ordinality ${row}(key, ${sql.join([...names.map(({ name }) => sql`${name}`), sql`n`], sql`, `)})
    left join lateral (select ${sql.join(columns, sql`, `)} from ${nearest(source, sql`${row}.key`)}${joins} offset 0) f on true order by ${row}.n`;
  const statement = finished(compilation, select);
  const underCase = type.model.type === compilation.person.type && isUnderCase(plan.rows(keyAt(at), 'key'));
  return {
    ...statement,
    inCase: underCase ? (run) => keys(run).map((key) => run.personKey(key)) : compilation.asksUnderCase ? () => [] : null,
    read: (rows) => rows.map((one): Verified => ({ found: one['ok'] === true, met: metBy(allowed, one['j']), subjects: keysIn([one['s']]), traced: tracedIn([one['s']]), copy: one['f'] })),
    keyed: copies,
  };
}

function parameterOf({ field: { by, of: { columnKind } } }: Extract<Output, { kind: 'verify' }>): string {
  return by === 'AMONG' ? 'text' : parameterType[columnKind];
}

/** The first record from a key on; behind the last one the first of all. So there is one, whatever is asked for. */
function nearest({ name, from, type, columns }: Source, key: SQL): SQL {
  const own = sql`${columns[type.model.key ?? '']}`;
  return sql`(select u.* from ((select ${name}.* from ${from} where ${own} >= ${key} order by ${own} limit 1) union all (select ${name}.* from ${from} where ${own} is not null order by ${own} limit 1)) u limit 1) ${name}`;
}

/** Is it the record that was asked for, and one that the caller may ask about? Asked last of what, so that the rest is done for anybody. */
function isIt(compilation: Compilation, source: Source, key: SQL): SQL {
  const own = sql`${source.columns[source.type.model.key ?? '']}`;
  const conditions = sql.join([...compilation.placed(source), sql`${own} = ${key}`], sql` and `);
  const seals = compilation.open(source);
  return seals.length === 0 ? sql`(${conditions})` : sql`case when ${sql.join(seals, sql` and `)} then ${conditions} end`;
}

function metBy(allowed: readonly Claim[], json: unknown): readonly boolean[] {
  if (typeof json !== 'string') return allowed.map(() => false);
  const answers = Object.values(JSON.parse(json) as Record<string, boolean | null>);
  let place = 0;
  return allowed.map(({ outputs, isMet }) => {
    place += outputs.length;
    return isMet(answers.slice(place - outputs.length, place));
  });
}
