/**
 * A predicate as an SQL expression: a Boolean, or null where it is not known, in the one statement of its operation.
 *
 * SQL's own logic is Kleene's, so nothing is decided twice: `and`, `or`, `not` and comparisons are what they are, and a quantifier is
 * `true = any (…)` over what is behind an edge. Behind an edge are the records that the caller may know of: in his territory, about nobody
 * sealed, on the rows of the edge's verdict. Where a field of a record may not be verified, all that is asked of that record is null:
 * else "there is none" would be told of what is only hidden.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { HubError } from '../../errors.ts';
import type { LeafField } from '../../registries/contract.ts';
import { both, isNowhere } from '../../sharing/rows.ts';
import type { Rows } from '../../sharing/rows.ts';
import type { Plan } from '../../sharing/plan.ts';
import { normalizedSql } from '../normal.ts';
import { where } from '../rows.ts';
import type { Compilation, Source } from '../rows.ts';
import { ofAll, subjectsOf, together } from '../subjects.ts';
import type { Run, Slot } from '../tree.ts';
import { isDay } from './check.ts';
import type { ClaimType, Expression, Many, Place, Predicate, Look, Step, Variable } from './terms.ts';

/** Does the plan withhold any item of it? Then it is not in the statement, and null. */
export function isWithheld({ asks }: Predicate, plan: Plan): boolean {
  return asks.some(({ at }) => isNowhere(plan.rows(at, 'verify')));
}

/** The answer to a predicate on a row of `source`; it must not be withheld. */
export function predicateValue(compilation: Compilation, source: Source, { subject, expression }: Predicate): SQL {
  return new Writer(compilation).asked(subject, source, expression);
}

/** The keys of everybody whose records a predicate looks at beyond the row of `source`, and may see there. */
export function lookedAt(compilation: Compilation, source: Source, predicate: Predicate): SQL[] {
  return compilation.tellsSubjects ? beyond(compilation, source, predicate, predicate.look) : [];
}

function beyond(compilation: Compilation, source: Source, predicate: Predicate, look: Look): SQL[] {
  return [...look.over.values()].flatMap(({ field, look: far }): SQL[] => {
    const target = reachedBy(compilation, source, { field, type: far.type });
    const own: Predicate = { ...predicate, look: far };
    const keys = together([...subjectsOf(compilation, target.source, [{ kind: 'predicate', as: '', predicate: own }], { link: field.link, from: source }), ...beyond(compilation, target.source, predicate, far)]);
    return keys === null ? [] : [sql`(select ${ofAll(keys)} from ${target.source.from}${target.found})`];
  });
}

/** Records behind an edge, and the condition that they are those. */
function reachedBy(compilation: Compilation, from: Source, { field, type }: Step): { readonly source: Source; readonly found: SQL } {
  const rows = compilation.plan.rows(`${from.type.name}.${field.name}`, 'verify');
  const source = compilation.source(type, { reached: { link: field.link, from }, rows: [rows] });
  return { source, found: where([compilation.linked(field.link, from, source), ...compilation.visible(source)]) };
}

const operators = { '==': sql`=`, '!=': sql`<>`, '<': sql`<`, '<=': sql`<=`, '>': sql`>`, '>=': sql`>=` } as const;
const sqlTypes = { text: 'text', number: 'numeric', date: 'date', boolean: 'boolean', texts: 'text[]' } as const;

class Writer {
  readonly #compilation: Compilation;
  readonly #sources = new Map<Variable, Source>();
  readonly #elements = new Map<Variable, SQL>();
  readonly #claims = new Map<string, Slot>();

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
  }

  /** What is asked of one record; null where a field of it that is read may not be verified. */
  asked(variable: Variable, source: Source, body: Expression): SQL {
    this.#sources.set(variable, source);
    return this.#within(source, [...variable.read.values()], this.#write(body));
  }

  #within(source: Source, fields: readonly LeafField[], value: SQL): SQL {
    const { plan } = this.#compilation;
    const rows = this.#compilation.left(source, fields.reduce<Rows>((all, { name }) => both(all, plan.rows(`${source.type.name}.${name}`, 'verify')), 'all'));
    return rows === 'all' ? value : sql`case when ${this.#compilation.inside(source, rows)} then ${value} end`;
  }

  #write(expression: Expression): SQL {
    switch (expression.kind) {
      case 'literal': return expression.value === null ? sql`null::boolean` : typeof expression.value === 'boolean' ? sql.raw(String(expression.value)) : sql`${expression.value}::${sql.raw(sqlTypes[expression.type])}`;
      case 'claim': return this.#compilation.value(this.#claim(expression.name, expression.type), sqlTypes[expression.type]);
      case 'today': return this.#compilation.today;
      case 'value': return this.#along(expression.of, (source) => this.#at(expression.of, source, expression.field, this.#field(source, expression.field)));
      case 'element': return this.#elements.get(expression.variable) ?? unreachable();
      case 'has': return this.#has(expression);
      case 'not': return sql`(not ${this.#write(expression.of)})`;
      case 'minus': return sql`(- ${this.#write(expression.of)})`;
      case 'and': return sql`(${sql.join(expression.of.map((one) => this.#write(one)), sql` and `)})`;
      case 'or': return sql`(${sql.join(expression.of.map((one) => this.#write(one)), sql` or `)})`;
      case 'compare': return this.#compared(expression);
      case 'among': return sql`(${this.#ordered(expression.value)} = any(${arrayOf(expression.of)}::${sql.raw(sqlTypes[expression.value.type])}[]))`;
      case 'contained': return sql`(${this.#write(expression.value)} = any((${this.#write(expression.list)})::text[]))`;
      case 'startsWith': return sql`starts_with(${this.#write(expression.value)}, ${this.#write(expression.start)})`;
      case 'sum': return sql`(${this.#write(expression.first)}${sql.join(expression.rest.map(({ sign, of }) => sql` ${sql.raw(sign)} ${this.#write(of)}`), sql``)})`;
      // Moved as a moment without a zone: between two shifts the end of a month stays what the first has made of it.
      case 'shift': return sql`(${this.#write(expression.first)}::timestamp${sql.join(expression.by.map(({ sign, unit, count }) => sql` ${sql.raw(sign)} make_interval(${sql.raw(unit)} => ${sql.raw(String(count))})`), sql``)})::date`;
      case 'exists': return this.#quantified(expression, sql`any`);
      case 'all': return this.#quantified(expression, sql`all`);
      case 'size': return this.#size(expression);
    }
  }

  /** What was typed in is what is stored where both are the same in their normal form: nobody types the width of a blank. */
  #compared({ op, left, right }: Extract<Expression, { kind: 'compare' }>): SQL {
    const typedIn = left.type === 'text' && [left, right].some(({ kind }) => kind === 'claim') && (op === '==' || op === '!=');
    const side = (of: Expression): SQL => (typedIn ? normalizedSql(this.#write(of), 'text') : this.#ordered(of));
    return sql`(${side(left)} ${operators[op]} ${side(right)})`;
  }

  /** Texts are ordered by bytes, whatever they are. */
  #ordered(expression: Expression): SQL {
    const value = this.#write(expression);
    return expression.type === 'text' ? sql`${value} collate "C"` : value;
  }

  /** A field's value as a predicate takes it: numbers are one, moments are civil days. */
  #field(source: Source, field: LeafField): SQL {
    return this.#compilation.expression(source, field, (value) => {
      switch (field.columnKind) {
        case 'integer': return sql`(${value})::numeric`;
        case 'instant': return sql`(${value} at time zone interval '8 hours')::date`;
        default: return value;
      }
    });
  }

  /** A value at the end of a path: the verdict of the field is looked at there. What is read of the variable itself is looked at once. */
  #at({ path }: Place, source: Source, field: LeafField, value: SQL): SQL {
    return path.length === 0 ? value : this.#within(source, [field], value);
  }

  #along({ variable, path }: Place, inner: (source: Source) => SQL): SQL {
    const follow = (from: Source, left: readonly Step[]): SQL => {
      const [step, ...rest] = left;
      if (step === undefined) return inner(from);
      const { source, found } = reachedBy(this.#compilation, from, step);
      return sql`(select ${follow(source, rest)} from ${source.from}${found} limit 1)`;
    };
    return follow(this.#sources.get(variable) ?? unreachable(), path);
  }

  #has({ of, what }: Extract<Expression, { kind: 'has' }>): SQL {
    return this.#along(of, (from) => {
      if ('columnKind' in what) return this.#at(of, from, what, sql`(${this.#compilation.expression(from, what)} is not null)`);
      const { source, found } = reachedBy(this.#compilation, from, what);
      return sql`exists (select from ${source.from}${found})`;
    });
  }

  #quantified({ over, variable, body }: Extract<Expression, { kind: 'exists' | 'all' }>, which: SQL): SQL {
    return this.#rows(over, variable, body, (rows) => sql`(true = ${which} (${rows}))`);
  }

  #size({ over, each }: Extract<Expression, { kind: 'size' }>): SQL {
    const variable = each?.variable ?? nobody;
    const body: Expression = each?.body ?? { kind: 'literal', type: 'boolean', value: true };
    const name = this.#compilation.fresh('q');
    // Of how many it is true is known where it is known of each.
    return this.#rows(over, variable, body, (rows) => sql`(select case when bool_or(${name}.b is null) then null else count(*) filter (where ${name}.b) end::numeric from (${rows}) ${name})`);
  }

  /** `select … as b`: what is asked, of each record behind an edge or text of a list. Of a list that is not known nothing is. */
  #rows(over: Many, variable: Variable, body: Expression, make: (rows: SQL) => SQL): SQL {
    return this.#along(over.of, (from) => {
      if (over.kind === 'records') {
        const { source, found } = reachedBy(this.#compilation, from, over.step);
        return make(sql`select ${this.asked(variable, source, body)} as b from ${source.from}${found}`);
      }
      const list = this.#field(from, over.field);
      const name = this.#compilation.fresh('q');
      this.#elements.set(variable, sql`${name}.v`);
      return this.#at(over.of, from, over.field, sql`(case when ${list} is not null then ${make(sql`select ${this.#write(body)} as b from unnest(${list}) ${name}(v)`)} end)`);
    });
  }

  #claim(name: string, type: Expression['type']): Slot {
    const known = this.#claims.get(name) ?? claimSlot(name, type === 'text' ? 'String' : type === 'number' ? 'Int' : 'Date');
    this.#claims.set(name, known);
    return known;
  }
}

/** Of what is only counted nothing is read. */
const nobody: Variable = { name: null, look: null, read: new Map() };

/** The variable of a request that holds what was typed in, by name. */
export const claimsVariable = 'claims';

/** Reads what was typed in; what was left out is unknown. */
function claimSlot(name: string, type: ClaimType): Slot {
  return ({ variables }: Run) => {
    const value = (variables[claimsVariable] as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (value === undefined || value === null) return null;
    switch (type) {
      case 'String':
        if (typeof value === 'string' && !value.includes('\0')) return value;
        break;
      case 'Int':
        if (Number.isSafeInteger(value)) return value;
        break;
      case 'Date':
        if (typeof value === 'string' && isDay(value)) return value;
        break;
    }
    throw new HubError('BAD_INPUT', `${name} must be ${type === 'String' ? 'a text' : type === 'Int' ? 'a whole number' : 'a day, written as 2026-01-31'}.`, { claim: name });
  };
}

/** Values as an array literal. */
function arrayOf(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join()}}`;
}

function unreachable(): never {
  throw new Error('A predicate names what it does not stand in.');
}
