/**
 * A random predicate before it is written: what `predicate-random.ts` draws, and how its text is written. It knows nothing of how a
 * text is read.
 */

/** The subject (null), a record behind an edge, or one text of a list (without a type). */
export interface Var {
  readonly name: string | null;
  readonly type: string | null;
  /** Where it stands: the same for all variables that stand for the same records. */
  readonly at: string;
}

export type Kind = 'text' | 'number' | 'date' | 'boolean';

/** Edges to one record from a variable. */
export interface Where {
  readonly on: Var;
  readonly path: readonly string[];
}

export type Question =
  | { readonly k: 'literal'; readonly kind: Kind; readonly value: string | boolean | null }
  | { readonly k: 'typed'; readonly kind: Kind; readonly name: string; readonly value: string | number | null }
  | { readonly k: 'today' }
  | Where & { readonly k: 'field' | 'has' | 'hasOne'; readonly name: string }
  | { readonly k: 'element'; readonly on: Var }
  | { readonly k: 'not' | 'minus'; readonly of: Question }
  | { readonly k: 'and' | 'or'; readonly of: readonly Question[] }
  | { readonly k: 'compare'; readonly op: '==' | '!=' | '<' | '<=' | '>' | '>='; readonly a: Question; readonly b: Question }
  | { readonly k: 'among'; readonly a: Question; readonly of: readonly Question[] }
  | Where & { readonly k: 'contained'; readonly a: Question; readonly name: string }
  | { readonly k: 'startsWith'; readonly a: Question; readonly b: Question }
  | { readonly k: 'sum'; readonly first: Question; readonly rest: readonly { readonly sign: '+' | '-'; readonly of: Question }[] }
  | { readonly k: 'shift'; readonly first: Question; readonly by: readonly { readonly sign: '+' | '-'; readonly unit: 'years' | 'months' | 'days'; readonly count: number }[] }
  /** Over records behind an edge, or the texts of a list. */
  | Where & { readonly k: 'exists' | 'all' | 'count'; readonly name: string; readonly each: Var; readonly body: Question }
  | Where & { readonly k: 'size'; readonly name: string };

/** The text of a question. */
export function written(question: Question): string {
  switch (question.k) {
    case 'literal': return question.kind === 'text' ? quoted(String(question.value)) : question.kind === 'date' ? `date("${question.value}")` : String(question.value);
    case 'typed': return `claim.${question.name}`;
    case 'today': return 'today()';
    case 'field': return named(question, question.name);
    case 'has':
    case 'hasOne': return `has(${named(question, question.name)})`;
    case 'element': return String(question.on.name);
    case 'not': return `!(${written(question.of)})`;
    case 'minus': return `-${inside(question.of)}`;
    // By precedence: && before ||, comparisons before both.
    case 'and': return question.of.map((one) => (one.k === 'and' || one.k === 'or' ? `(${written(one)})` : written(one))).join(' && ');
    case 'or': return question.of.map((one) => (one.k === 'or' ? `(${written(one)})` : written(one))).join('\n || ');
    case 'compare': return `${operand(question.a)} ${question.op} ${operand(question.b)}`;
    case 'among': return `${operand(question.a)} in [${question.of.map(written).join(', ')}]`;
    case 'contained': return `${operand(question.a)} in ${named(question, question.name)}`;
    case 'startsWith': return `${inside(question.a)}.startsWith(${written(question.b)})`;
    case 'sum': return `${inside(question.first)}${question.rest.map(({ sign, of }) => ` ${sign} ${inside(of)}`).join('')}`;
    case 'shift': return `${inside(question.first)}${question.by.map(({ sign, unit, count }) => `${sign}${unit}(${count})`).join('')}`;
    case 'exists':
    case 'all': return `${named(question, question.name)}.${question.k}(${question.each.name}, ${written(question.body)})`;
    case 'count': return `${named(question, question.name)}.filter(${question.each.name}, ${written(question.body)}).size()`;
    case 'size': return `${named(question, question.name)}.size()`;
  }
}

function named({ on, path }: Where, name: string): string {
  return [...(on.name === null ? [] : [on.name]), ...path, name].join('.');
}

/** Whatever is no sum of its own stands in a comparison as it is. */
function operand(question: Question): string {
  return ['and', 'or', 'compare', 'among', 'contained'].includes(question.k) ? `(${written(question)})` : written(question);
}

function inside(question: Question): string {
  return ['sum', 'shift', 'minus', 'and', 'or', 'compare', 'among', 'contained'].includes(question.k) ? `(${written(question)})` : written(question);
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
}

/** The question and all that it is made of. */
export function eachPart(question: Question, see: (part: Question) => void): void {
  see(question);
  switch (question.k) {
    case 'not':
    case 'minus': return eachPart(question.of, see);
    case 'and':
    case 'or': return question.of.forEach((one) => eachPart(one, see));
    case 'compare':
    case 'startsWith': return [question.a, question.b].forEach((one) => eachPart(one, see));
    case 'among':
    case 'contained': return eachPart(question.a, see);
    case 'sum': return [question.first, ...question.rest.map(({ of }) => of)].forEach((one) => eachPart(one, see));
    case 'shift': return eachPart(question.first, see);
    case 'exists':
    case 'all':
    case 'count': return eachPart(question.body, see);
    default: return undefined;
  }
}
