/**
 * Claims in queries (`nameMatches(value:)` and their like), counted as those of `verify` are, so that nobody guesses by asking often: with
 * the keys of whom it is about (subjects.ts) a row tells how many claims about it were made, and how many are not met. Whoever was asked for
 * by his key and is not there is somebody of whom nothing is true.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Compilation, Source } from './rows.ts';
import type { RootNode, Run } from './tree.ts';

/** What was claimed of one subject: by a person's key, a record's natural key, or else its id. */
export interface ClaimedOf {
  readonly subject: string;
  readonly claims: number;
  readonly unmet: number;
}

/** Claims about the record that a root looks up by its key. */
export interface ClaimedAtRoot {
  /** The number under which its rows tell of them. */
  readonly n: number;
  readonly claims: number;
  readonly asked: (run: Run) => readonly string[];
}

const mark = '?';

/** What a row tells of claims about it; `answers`: true, where one is met. */
export function claimsOfRow(compilation: Compilation, { type: { model }, columns }: Source, answers: readonly SQL[]): SQL {
  const n = compilation.counted.push(answers.length) - 1;
  const column = columns[model.type === 'Person' ? 'personKey' : model.key ?? 'id'] ?? columns['id'];
  const unmet = sql.join(answers.map((answer) => sql`case when ${answer} then 0 else 1 end`), sql` + `);
  return sql`${sql.raw(`'${mark}${n} ${answers.length} '`)} || (${unmet}) || ' ' || coalesce(${column}::text, ${columns['id']}::text)`;
}

/** Whom a root asks for by key; null: nobody. */
export function askedBy(root: RootNode): ((run: Run) => readonly string[]) | null {
  if (root.by !== 'KEY' && root.by !== 'KEYS') return null;
  const isPerson = root.record.type.name === 'Person';
  const keys = root.by === 'KEY' ? (run: Run): readonly string[] => [root.key(run) as string] : (run: Run): readonly string[] => root.keys(run) as readonly string[];
  return isPerson ? (run) => keys(run).map((key) => run.personKey(key)) : keys;
}

/** What was claimed, by subject: as rows tell, and of whom was asked for and is not there. */
export function claimedIn(texts: readonly unknown[], roots: readonly ClaimedAtRoot[], run: Run): readonly ClaimedOf[] {
  const all = new Map<string, { claims: number; unmet: number }>();
  const told = new Set<string>();
  const add = (subject: string, claims: number, unmet: number): void => {
    const own = all.get(subject) ?? { claims: 0, unmet: 0 };
    all.set(subject, { claims: own.claims + claims, unmet: own.unmet + unmet });
  };
  for (const text of texts) {
    if (typeof text !== 'string') continue;
    for (const one of text.split('\u001f')) {
      if (!one.startsWith(mark) || told.has(one)) continue;
      told.add(one);
      const [n = '', claims = '0', unmet = '0', ...key] = one.slice(mark.length).split(' ');
      told.add(`${n} ${key.join(' ')}`);
      add(key.join(' '), Number(claims), Number(unmet));
    }
  }
  for (const { n, claims, asked } of roots) for (const subject of new Set(asked(run))) if (!told.has(`${n} ${subject}`)) add(subject, claims, claims);
  return [...all].map(([subject, own]) => ({ subject, ...own }));
}
