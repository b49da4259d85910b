/**
 * Mutants of a source file: the file with one small change that a careless hand could have made. What is type only is left alone.
 *
 * The changes: comparisons and logic turned or cut to one side, conditions always or never true, Booleans, numbers and texts changed,
 * elements, properties, arguments, statements and calls in a chain left out, results replaced by null, marks of a regular expression left out.
 */
import { parseAst } from 'vitest/node';

/** One change of a file. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** The line as it stands, trimmed. */
  readonly text: string;
  /** What stands there, and what the mutant has instead. */
  readonly was: string;
  readonly becomes: string;
  /** The whole file, changed. */
  readonly source: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [name: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && typeof (value as Node).start === 'number';
const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** What each operator is taken for. */
const operators: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='], '!==': ['==='], '<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'], '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['*'], '&&': ['||'], '||': ['&&'], '??': [],
};

/** Calls that are taken for another, or left out of their chain. */
const calls: Readonly<Record<string, string>> = { some: 'every', every: 'some', min: 'max', max: 'min', flatMap: 'map', startsWith: 'endsWith' };
const leftOut: ReadonlySet<string> = new Set(['filter', 'sort', 'slice', 'reverse', 'toSorted', 'concat', 'trim', 'toLowerCase', 'padStart']);

/** All mutants of a file. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const found = new Map<string, Mutant>();
  const change = (start: number, end: number, becomes: string): void => {
    const was = source.slice(start, end);
    if (was === becomes) return;
    const line = source.slice(0, start).split('\n').length;
    const text = (source.split('\n')[line - 1] ?? '').trim();
    found.set(`${start} ${end} ${becomes}`, { file, line, text, was, becomes, source: source.slice(0, start) + becomes + source.slice(end) });
  };
  walk(parseAst(source, { lang: 'ts' }) as unknown as Node, source, change, null);
  return [...found.values()];
}

type Change = (start: number, end: number, becomes: string) => void;

function walk(node: Node, source: string, change: Change, parent: Node | null): void {
  // Types do nothing when they run; what wraps an expression is looked through.
  if (node.type.startsWith('TS') && !/^TS(?:As|Satisfies|NonNull)/.test(node.type)) return;
  if (/^(?:Import|ExportAll)/.test(node.type)) return;
  mutate(node, source, change, parent);
  for (const [name, value] of Object.entries(node)) {
    if (name === 'typeAnnotation' || name === 'returnType' || (name === 'key' && node['computed'] !== true)) continue;
    for (const child of isNode(value) ? [value] : nodes(value)) walk(child, source, change, node);
  }
}

function mutate(node: Node, source: string, change: Change, parent: Node | null): void {
  const code = (one: Node): string => source.slice(one.start, one.end);
  const leaveOut = (some: readonly Node[]): void => some.forEach((one, place) => {
    const next = some[place + 1];
    const before = some[place - 1];
    if (next !== undefined) change(one.start, next.start, '');
    else change(before === undefined ? one.start : before.end, one.end, '');
  });
  const child = (name: string): Node => node[name] as Node;
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const [left, right] = [child('left'), child('right')];
      const operator = String(node['operator']);
      const at = source.indexOf(operator, left.end);
      for (const other of operators[operator] ?? []) change(at, at + operator.length, other);
      if (node.type === 'LogicalExpression') for (const side of [left, right]) change(node.start, node.end, code(side));
      break;
    }
    case 'UnaryExpression':
      if (node['operator'] === '!' || node['operator'] === '-') change(node.start, node.end, code(child('argument')));
      break;
    case 'IfStatement':
    case 'ConditionalExpression': {
      const test = child('test');
      for (const always of ['true', 'false']) change(test.start, test.end, always);
      break;
    }
    case 'Literal': {
      const { value } = node as Node & { readonly value: unknown };
      if (typeof value === 'boolean') change(node.start, node.end, String(!value));
      else if (typeof value === 'number') for (const other of [value + 1, value - 1]) change(node.start, node.end, `(${other})`);
      else if (typeof value === 'string') change(node.start, node.end, value === '' ? "'mutant'" : "''");
      if (isRegex(node)) for (const other of lesserPatterns(code(node))) change(node.start, node.end, other);
      break;
    }
    case 'TemplateLiteral':
      change(node.start, node.end, '``');
      for (const quasi of nodes(node['quasis'])) for (const other of lesserPatterns(code(quasi))) if (/new RegExp/.test(source.slice(Math.max(0, node.start - 12), node.start))) change(quasi.start, quasi.end, other);
      break;
    case 'ArrayExpression': leaveOut(nodes(node['elements'])); break;
    case 'ObjectExpression': leaveOut(nodes(node['properties'])); break;
    case 'ReturnStatement': if (isNode(node['argument'])) change(child('argument').start, child('argument').end, 'null'); break;
    case 'ArrowFunctionExpression': if (child('body').type !== 'BlockStatement') change(child('body').start, child('body').end, 'null'); break;
    case 'ExpressionStatement':
    case 'ContinueStatement':
    case 'BreakStatement':
    case 'ThrowStatement': change(node.start, node.end, ';'); break;
    case 'CallExpression': {
      const callee = child('callee');
      leaveOut(nodes(node['arguments']));
      if (callee.type !== 'MemberExpression') break;
      const { object, property } = callee as Node & { readonly object: Node; readonly property: Node };
      const other = calls[code(property)];
      if (other !== undefined) change(property.start, property.end, other);
      if (leftOut.has(code(property)) && parent?.type !== 'ExpressionStatement') change(node.start, node.end, code(object));
      break;
    }
    case 'SpreadElement': change(node.start, node.end, ''); break;
  }
}

function isRegex(node: Node): boolean {
  return typeof node['regex'] === 'object' && node['regex'] !== null;
}

/** A pattern with one mark less, or with one more or less of what it counts. */
function lesserPatterns(pattern: string): readonly string[] {
  const without = [...pattern.matchAll(/(?<!\\|\[)[\^$?+]|\(\?[=!][^)]*\)/g)].map(({ index, 0: mark }) => pattern.slice(0, index) + pattern.slice(index + mark.length));
  const counted = [...pattern.matchAll(/\{(\d+)(?:,(\d+))?\}/g)].flatMap(({ index, 0: mark, 1: least, 2: most }) => {
    const [low, high] = [Number(least), most === undefined ? null : Number(most)];
    const others = high === null ? [`{${low + 1}}`] : [`{${low + 1},${high}}`, `{${low},${high + 1}}`, `{${low},${high - 1}}`];
    return others.map((other) => pattern.slice(0, index) + other + pattern.slice(index + mark.length));
  });
  return [...without, ...counted];
}
