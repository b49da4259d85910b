/**
 * The contract's scalars: what is accepted as one, and nothing that only looks like one.
 */
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import type { ValueNode } from 'graphql';

type Read = (value: unknown) => unknown;

function textScalar(name: string, read: (text: string) => string | null, expected: string) {
  const parse: Read = (value) => {
    const result = typeof value === 'string' ? read(value) : null;
    if (result === null) throw new GraphQLError(`${name} must be ${expected}.`);
    return result;
  };
  return { name, parseValue: parse, parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined) };
}

/** A real calendar date, 0001-01-01 to 9999-12-31. */
export function calendarDate(text: string): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const real = year >= 1 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? text : null;
}

/** A moment with an offset, to the millisecond, in UTC. */
function moment(text: string): string | null {
  const parts = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (!parts || calendarDate(parts[1] as string) === null) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** A moment as answers write it: +08:00, to the millisecond, as PostgreSQL writes those of records. */
export function civilMoment(value: unknown): string {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new GraphQLError('A moment that is none.');
  return new Date(time + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
}

/** Parsing functions by scalar name. */
export const scalars: readonly { name: string; parseValue: Read; parseLiteral: (node: ValueNode, variables?: Readonly<Record<string, unknown>> | null) => unknown }[] = [
  textScalar('Date', calendarDate, 'a real calendar date, YYYY-MM-DD'),
  textScalar('DateTime', moment, 'a moment with its offset, such as 2026-01-31T09:30:00+08:00'),
  textScalar('Decimal', (text) => (/^[+-]?\d{1,30}(\.\d{1,20})?$/.test(text) ? text : null), 'a decimal number written as a string'),
  textScalar('BigInt', (text) => (/^-?\d{1,19}$/.test(text) ? text : null), 'a whole number written as a string'),
  // What a GeoJSON value must be is said by registries/spatial/geometry, when the statement is run.
  { name: 'GeoJSON', parseValue: (value) => value, parseLiteral: (node, variables) => valueFromASTUntyped(node, variables) },
];

/** Puts the parsing functions on the schema's scalars. */
export function attachScalars(typeNamed: (name: string) => unknown): void {
  for (const { name, parseValue, parseLiteral } of scalars) {
    const type = typeNamed(name);
    if (!(type instanceof GraphQLScalarType)) continue;
    type.parseValue = parseValue;
    type.parseLiteral = parseLiteral;
    if (name === 'DateTime') type.serialize = civilMoment;
  }
}
