/**
 * What a predicate's names mean, and whether it makes sense: every name is resolved against the contract, every comparison is of two
 * values of one type. What is refused is refused at its place, with what to write instead.
 */
import type { Contract, LeafField, RecordType, RelationField } from '../../registries/contract.ts';
import type { ColumnKind } from '../../registries/columns.ts';
import { fault } from './fault.ts';
import type { Spot } from './fault.ts';
import { farType, openLook, stepFrom } from './look.ts';
import type { OpenLook } from './look.ts';
import type { Syntax } from './syntax.ts';
import type { Claims, Expression, Many, Place, Shift, ValueType, Variable } from './terms.ts';

/** Names that stand for something everywhere. */
const reserved: ReadonlySet<string> = new Set(['claim', 'has', 'today', 'date', 'years', 'months', 'days']);

/** Edges to one record in a row; lists within lists; values of a list at most. */
const longestPath = 6;
const deepestLists = 3;
const mostValues = 200;

/** How far a date is moved at most: 200 years. */
const mostOf = { years: 200, months: 2400, days: 73_050 } as const;

const typeOfKind: Readonly<Partial<Record<ColumnKind, ValueType>>> = { text: 'text', textList: 'texts', date: 'date', instant: 'date', decimal: 'number', integer: 'number', flag: 'boolean' };

const typeOfClaim = { String: 'text', Int: 'number', Date: 'date' } as const;

const words: Readonly<Record<ValueType, string>> = { text: 'a text', number: 'a number', date: 'a date', boolean: 'a yes or no', texts: 'a list of texts' };

/** A variable while it is read. */
interface OpenVariable extends Variable {
  readonly look: OpenLook | null;
  readonly read: Map<string, LeafField>;
}

/** What a path leads to: a record, several of them, or a value. */
type Reached =
  | { readonly kind: 'record'; readonly place: Place; readonly look: OpenLook }
  | { readonly kind: 'many'; readonly over: Many; readonly look: OpenLook }
  | { readonly kind: 'value'; readonly expression: Expression };

/** A question about a record of this type, checked. */
export interface Checked {
  readonly subject: Variable;
  readonly look: OpenLook;
  readonly expression: Expression;
}

/** Checks what was read. Throws `BAD_INPUT` with line, column and what to write instead. */
export function checked(contract: Contract, type: RecordType, syntax: Syntax, claims: Claims): Checked {
  const look = openLook(type);
  const subject: OpenVariable = { name: null, look, read: new Map() };
  const expression = new Checker(contract, claims).question(syntax, [subject]);
  return { subject, look, expression };
}

class Checker {
  readonly #contract: Contract;
  readonly #claims: Claims;

  constructor(contract: Contract, claims: Claims) {
    this.#contract = contract;
    this.#claims = claims;
  }

  /** What is answered by yes, no or unknown. */
  question(node: Syntax, scope: readonly OpenVariable[]): Expression {
    const read = this.#value(node, scope);
    if (read.type !== 'boolean') throw fault(node.at, `this is ${words[read.type]}, and a yes or no is wanted. Compare it with something.`);
    return read;
  }

  #value(node: Syntax, scope: readonly OpenVariable[]): Expression {
    switch (node.kind) {
      case 'text': return { kind: 'literal', type: 'text', value: node.value };
      case 'number': return { kind: 'literal', type: 'number', value: node.value };
      case 'constant': return { kind: 'literal', type: 'boolean', value: node.value };
      case 'list': throw fault(node.at, 'a list of values stands behind "in" only, as in: status in ["01", "02"]');
      case 'not': return { kind: 'not', type: 'boolean', of: this.question(node.of, scope) };
      case 'minus': return { kind: 'minus', type: 'number', of: this.#typed(node.of, scope, 'number') };
      case 'and':
      case 'or': return { kind: node.kind, type: 'boolean', of: node.of.map((one) => this.question(one, scope)) };
      case 'sum': return this.#sum(node, scope);
      case 'compare': return node.op === 'in' ? this.#in(node, scope) : this.#compared(node, node.op, scope);
      case 'call': return this.#call(node, scope);
      case 'method': return this.#method(node, scope);
      case 'name':
      case 'member': {
        const reached = this.#reached(node, scope);
        if (reached.kind === 'value') return reached.expression;
        if (reached.kind === 'record') throw fault(node.at, 'this is a record and no value. Name one of its fields behind a dot, or ask whether there is one with has(…).');
        throw fault(node.at, 'these are several records. Ask of them with .exists(x, …), .all(x, …), .filter(x, …).size() or .size().');
      }
    }
  }

  #typed(node: Syntax, scope: readonly OpenVariable[], type: ValueType): Expression {
    const read = this.#value(node, scope);
    if (read.type !== type) throw fault(node.at, `this is ${words[read.type]}, and ${words[type]} is wanted here.`);
    return read;
  }

  #sum({ first: firstNode, rest }: Extract<Syntax, { kind: 'sum' }>, scope: readonly OpenVariable[]): Expression {
    const first = this.#value(firstNode, scope);
    if (first.type === 'date') return { kind: 'shift', type: 'date', first, by: rest.map(({ sign, of }) => shiftOf(sign, of)) };
    if (first.type !== 'number') throw fault(firstNode.at, `this is ${words[first.type]}; + and - are for numbers, and for a date and a time span, as in: today() - years(5)`);
    return { kind: 'sum', type: 'number', first, rest: rest.map(({ sign, of }) => ({ sign, of: this.#typed(of, scope, 'number') })) };
  }

  #compared({ left: leftNode, right: rightNode, at }: Extract<Syntax, { kind: 'compare' }>, op: '==' | '!=' | '<' | '<=' | '>' | '>=', scope: readonly OpenVariable[]): Expression {
    const unknown = [leftNode, rightNode].find((node) => node.kind === 'constant' && node.value === null);
    if (unknown !== undefined) throw fault(unknown.at, 'nothing is equal to null: what is not known is compared with nothing. Ask has(field), or !has(field).');
    const [left, right] = [this.#value(leftNode, scope), this.#value(rightNode, scope)];
    if (left.type !== right.type) throw fault(at, `${words[left.type]} is compared with ${words[right.type]}. ${adviceFor(left.type, right.type)}`);
    if (left.type === 'texts') throw fault(at, 'lists are not compared. Ask whether a text is in one: "…" in list');
    if (left.type === 'boolean' && op !== '==' && op !== '!=') throw fault(at, `a yes or no has no order. Write ==, !=, or leave the comparison out.`);
    return { kind: 'compare', type: 'boolean', op, left, right };
  }

  #in({ left, right, at }: Extract<Syntax, { kind: 'compare' }>, scope: readonly OpenVariable[]): Expression {
    const value = this.#value(left, scope);
    if (right.kind === 'list') {
      if (value.type !== 'text' && value.type !== 'number' && value.type !== 'date') throw fault(left.at, `${words[value.type]} is in no list of values. Write a text, a number or a date before "in".`);
      if (right.items.length === 0) throw fault(right.at, 'nothing is in an empty list. Name the values.');
      if (right.items.length > mostValues) throw fault(right.at, `a list has ${mostValues} values at most.`);
      return { kind: 'among', type: 'boolean', value, of: right.items.map((item) => this.#listed(item, value.type)) };
    }
    const list = this.#value(right, scope);
    if (list.type !== 'texts') throw fault(right.at, `this is ${words[list.type]}; behind "in" stands a list in brackets, or a field that is a list.`);
    if (value.type !== 'text') throw fault(at, `${words[value.type]} is in no list of texts.`);
    return { kind: 'contained', type: 'boolean', value, list };
  }

  /** A value that is written down in a list. */
  #listed(node: Syntax, type: ValueType): string {
    const [sign, bare] = node.kind === 'minus' ? ['-', node.of] : ['', node];
    const written = bare.kind === 'number' || (sign === '' && (bare.kind === 'text' || (bare.kind === 'call' && bare.name === 'date')));
    const read = written ? this.#value(bare, []) : null;
    if (read?.kind !== 'literal' || typeof read.value !== 'string') throw fault(node.at, 'a list holds values that are written down: texts, numbers, date("…").');
    if (read.type !== type) throw fault(node.at, `this is ${words[read.type]}, and it is looked for ${words[type]}.`);
    return `${sign}${read.value}`;
  }

  #call({ name, given, at }: Extract<Syntax, { kind: 'call' }>, scope: readonly OpenVariable[]): Expression {
    switch (name) {
      case 'today':
        if (given.length > 0) throw fault(at, 'today() takes nothing. It is the day that the question is about.');
        return { kind: 'today', type: 'date' };
      case 'date': {
        const [day] = given;
        if (given.length !== 1 || day?.kind !== 'text' || !isDay(day.value)) throw fault(day?.at ?? at, 'date("…") takes one day of the calendar, written as "2026-01-31".');
        return { kind: 'literal', type: 'date', value: day.value };
      }
      case 'has': return this.#has(given, at, scope);
      case 'years':
      case 'months':
      case 'days': throw fault(at, `${name}(…) is a time span: it is added to a date or taken from one, as in: today() - ${name}(5)`);
      default: throw fault(at, `there is no ${name}(…). There are today(), date("…"), years(…), months(…), days(…) and has(…); of a list .exists(x, …), .all(x, …), .filter(x, …), .size(); of a text .startsWith("…").`);
    }
  }

  #has(given: readonly Syntax[], at: Spot, scope: readonly OpenVariable[]): Expression {
    const [node] = given;
    if (given.length !== 1 || node === undefined || (node.kind !== 'name' && node.kind !== 'member')) throw fault(node?.at ?? at, 'has(…) takes one field, as in: has(deathDate)');
    const reached = this.#reached(node, scope);
    if (reached.kind === 'many') throw fault(node.at, 'has(…) is for a value or one record. Of several ask .size() > 0, or .exists(x, …).');
    if (reached.kind === 'value') {
      const { expression } = reached;
      if (expression.kind !== 'value') throw fault(node.at, 'has(…) is for fields. What a clerk types in is unknown where it is left out.');
      return { kind: 'has', type: 'boolean', of: expression.of, what: expression.field };
    }
    const { variable, path } = reached.place;
    const last = path.at(-1);
    if (last === undefined) throw fault(node.at, 'this record is there: it is what is asked about. Ask for one of its fields.');
    return { kind: 'has', type: 'boolean', of: { variable, path: path.slice(0, -1) }, what: last };
  }

  #method(node: Extract<Syntax, { kind: 'method' }>, scope: readonly OpenVariable[]): Expression {
    const { name, given, of, at } = node;
    switch (name) {
      case 'exists':
      case 'all': {
        const over = this.#many(of, scope, name);
        return { kind: name, type: 'boolean', over: over.over, ...this.#each(node, over, scope) };
      }
      case 'size': {
        if (given.length > 0) throw fault(at, '.size() takes nothing. What is to be counted is said by .filter(x, …) before it.');
        if (of.kind !== 'method' || of.name !== 'filter') return { kind: 'size', type: 'number', over: this.#many(of, scope, name).over, each: null };
        const over = this.#many(of.of, scope, 'filter');
        return { kind: 'size', type: 'number', over: over.over, each: this.#each(of, over, scope) };
      }
      case 'filter': throw fault(at, '.filter(x, …) is followed by .size(). Whether there is one is asked by .exists(x, …).');
      case 'startsWith': {
        const [start] = given;
        if (given.length !== 1 || start === undefined) throw fault(at, '.startsWith(…) takes one text, as in: registeredDivisionCode.startsWith("620623")');
        return { kind: 'startsWith', type: 'boolean', value: this.#typed(of, scope, 'text'), start: this.#typed(start, scope, 'text') };
      }
      default: throw fault(at, `there is no .${name}(…). Of a list there are .exists(x, …), .all(x, …), .filter(x, …) and .size(); of a text .startsWith("…").`);
    }
  }

  /** The name and the question of `.exists(x, …)`. */
  #each({ name, given, at }: Extract<Syntax, { kind: 'method' }>, { look }: { readonly look: OpenLook | null }, scope: readonly OpenVariable[]): { readonly variable: Variable; readonly body: Expression } {
    const [named, body] = given;
    if (given.length !== 2 || named?.kind !== 'name' || body === undefined) throw fault(at, `.${name}(…) takes a name and a question about it, as in: certificates.${name}(c, c.isValidToday)`);
    if (scope.length > deepestLists) throw fault(at, `lists within lists are ${deepestLists} deep at most. Make several facts of it.`);
    if (reserved.has(named.name) || scope.some((one) => one.name === named.name || one.look?.type.fields.has(named.name) === true)) throw fault(named.at, `${named.name} is the name of something else already. Give each of them a name of its own, such as ${named.name === 'x' ? 'y' : 'x'}.`);
    const variable: OpenVariable = { name: named.name, look, read: new Map() };
    return { variable, body: this.question(body, [...scope, variable]) };
  }

  #many(node: Syntax, scope: readonly OpenVariable[], name: string): { readonly over: Many; readonly look: OpenLook | null } {
    if (node.kind === 'name' || node.kind === 'member') {
      const reached = this.#reached(node, scope);
      if (reached.kind === 'many') return reached;
      if (reached.kind === 'value' && reached.expression.kind === 'value' && reached.expression.type === 'texts') {
        const { of, field } = reached.expression;
        return { over: { kind: 'texts', of, field }, look: null };
      }
    }
    throw fault(node.at, `.${name}(…) is asked of several records, or of a field that is a list. This is neither.`);
  }

  #reached(node: Syntax, scope: readonly OpenVariable[]): Reached {
    const [subject] = scope as readonly [OpenVariable];
    if (node.kind === 'name') {
      const variable = scope.find(({ name }) => name === node.name);
      if (variable?.look === null) return { kind: 'value', expression: { kind: 'element', type: 'text', variable } };
      if (variable !== undefined) return { kind: 'record', place: { variable, path: [] }, look: variable.look };
      if (node.name === 'claim') throw fault(node.at, `name what is typed in behind a dot: claim.NAME. ${this.#claimsKnown()}`);
      return this.#field({ variable: subject, path: [] }, subject.look as OpenLook, node.name, node.at);
    }
    if (node.kind !== 'member') throw fault(node.at, 'a dot stands behind a record only.');
    if (node.of.kind === 'name' && node.of.name === 'claim' && !scope.some(({ name }) => name === 'claim')) return this.#claim(node.name, node.at);
    const from = node.of.kind === 'name' || node.of.kind === 'member' ? this.#reached(node.of, scope) : null;
    if (from?.kind === 'record') return this.#field(from.place, from.look, node.name, node.at);
    if (from?.kind === 'many') throw fault(node.at, `these are several records. Ask of them with .exists(x, x.${node.name} …) or .all(x, x.${node.name} …).`);
    throw fault(node.at, `a value has no field ${node.name}. A dot stands behind a record only.`);
  }

  #claim(name: string, at: Spot): Reached {
    const type = Object.hasOwn(this.#claims, name) ? this.#claims[name] : undefined;
    if (type === undefined) throw fault(at, `no ${name} is typed in. ${this.#claimsKnown()}`);
    return { kind: 'value', expression: { kind: 'claim', type: typeOfClaim[type], name } };
  }

  #claimsKnown(): string {
    const known = Object.keys(this.#claims);
    return known.length === 0 ? 'Declare it among the claims of the fact first.' : `There are: ${known.join(', ')}.`;
  }

  #field(place: Place, look: OpenLook, name: string, at: Spot): Reached {
    const { type } = look;
    const field = type.fields.get(name);
    if (field === undefined) throw fault(at, `${type.name} has no field ${name}. ${near(type, name)}`);
    if (field.kind === 'verify') throw fault(at, `${type.name}.${name} is a question of its own. Compare the field itself: ${field.of.name} ${field.by === 'EQUAL' ? '==' : '>='} …`);
    if (field.kind === 'relation') return this.#edge(place, look, field, at);
    const kind = typeOfKind[field.columnKind];
    if (kind === undefined) throw fault(at, `${type.name}.${name} is a ${field.columnKind === 'json' ? 'table of the certificate\'s face' : 'shape'}, which no question here is asked of. Choose another field.`);
    look.fields.set(name, field);
    if (place.path.length === 0) (place.variable as OpenVariable).read.set(name, field);
    return { kind: 'value', expression: { kind: 'value', type: kind, of: place, field } };
  }

  #edge(place: Place, look: OpenLook, field: RelationField, at: Spot): Reached {
    const type = farType(this.#contract, field);
    if (type === undefined) throw fault(at, `${field.name} leads nowhere in this contract.`);
    const step = { field, type };
    const beyond = stepFrom(look, step);
    if (field.many) return { kind: 'many', over: { kind: 'records', of: place, step }, look: beyond };
    if (place.path.length >= longestPath) throw fault(at, `this path is longer than ${longestPath} edges. Begin nearer to what is asked.`);
    return { kind: 'record', place: { variable: place.variable, path: [...place.path, step] }, look: beyond };
  }
}

/** A time span that a date is moved by. */
function shiftOf(sign: '+' | '-', node: Syntax): Shift {
  const name = node.kind === 'call' ? node.name : '';
  if (node.kind !== 'call' || (name !== 'years' && name !== 'months' && name !== 'days')) throw fault(node.at, 'to a date a time span is added, or taken from it: years(…), months(…) or days(…). Two dates are compared, as in: issuedOn >= today() - years(5)');
  const [count] = node.given;
  const most = mostOf[name];
  if (node.given.length !== 1 || count?.kind !== 'number' || !/^\d{1,6}$/.test(count.value) || Number(count.value) > most) throw fault(count?.at ?? node.at, `${name}(…) takes a whole number that is written down, ${most} at most.`);
  return { sign, unit: name, count: Number(count.value) };
}

function adviceFor(left: ValueType, right: ValueType): string {
  const types = [left, right];
  if (types.includes('date') && types.includes('text')) return 'Write a date as date("2026-01-31").';
  if (types.includes('number') && types.includes('text')) return 'Codes are texts: put them in quotes. Numbers stand without quotes.';
  if (types.includes('texts')) return 'Ask whether a text is in a list: "…" in list';
  return 'Compare values of one kind.';
}

/** Fields whose names are like this one. */
function near({ name: type, fields }: RecordType, name: string): string {
  const start = name.slice(0, 3).toLowerCase();
  const like = [...fields.keys()].filter((field) => field.toLowerCase().includes(start)).slice(0, 5);
  return like.length === 0 ? `Its fields are listed in the contract under ${type}.` : `Is one of these meant: ${like.join(', ')}?`;
}

/** Is a text a day of the calendar, written as GB/T 7408 has it? */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001-01-01') return false;
  const day = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
