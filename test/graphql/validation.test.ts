/**
 * Validation in steps says the same as graphql-js' own, error for error, of documents that are right, wrong in any way, hostile and random.
 */
import { parse, specifiedRules, validate } from 'graphql';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildSchema } from '../../src/graphql/schema.ts';
import { halting } from '../../src/graphql/turns.ts';
import { validation } from '../../src/graphql/validation.ts';

const { schema } = buildSchema(() => true);

/** Errors and steps. */
function inSteps(text: string) {
  const walk = validation(schema, parse(text));
  for (let steps = 0; ; steps += 1) {
    const { done, value } = walk.next();
    if (done === true) return { errors: value.map((error) => error.toJSON()), steps };
  }
}
const atOnce = (text: string) => validate(schema, parse(text), specifiedRules, { maxErrors: 20 }).map((error) => error.toJSON());
const times = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ');
const division = 'administrativeDivision(divisionCode: "620623000000")';

const documents: readonly [what: string, text: string][] = [
  ['valid, with variables, fragments, directives and literals', `query Q($n: Int = 3, $ids: [String!]!, $yes: Boolean!) { persons(idNumbers: $ids) { ...P @include(if: $yes) } legalEntities(first: $n, where: { name: { in: ["a", "b"] } }) { nodes { ... on LegalEntity { name } } } } fragment P on Person { id name }`],
  ['unknown fields, more than are told', `{ ${times(40, (index) => `nothing${index}`)} }`],
  ['unknown arguments, types, directives, variables', `query ($a: Nothing, $b: Int, $b: String) { ${division} @nowhere(x: 1) { name(no: $c) ...F ... on Nowhere { name } } person { name } } fragment F on Strange { x } fragment F on Person { id }`],
  ['values of wrong types', `{ legalEntities(first: "many", where: { name: { eq: [1], none: { a: 1, a: 2 } } }) { nodes { name } } person(idNumber: null) { id { x } } }`],
  ['fragments that spread each other', `{ ${division} { ...A } } fragment A on AdministrativeDivision { ...B } fragment B on AdministrativeDivision { ...A name } fragment C on Person { id }`],
  ['fields that conflict', `{ a: ${division} { x: name } a: ${division} { x: id } me { name name: kind } }`],
  ['operations without names and of the same name', 'query A { me { name } } query A { me { name } } { me { name } } subscription { a b }'],
  ['no leaf, and a leaf with a selection', `{ ${division} me { name { x } } }`],
  ['types', 'type A { b: Int } extend schema @x { query: A } { me { name } }'],
  ['as wide as may be', `{ ${division} { ${times(799, (index) => `x${index}: name`)} } }`],
  ['deep', `{ ${division} { ${'parent { '.repeat(300)}name${' }'.repeat(300)} } }`],
];

test.each(documents)('%s', (_what, text) => {
  expect(inSteps(text).errors).toEqual(atOnce(text));
});

test('a large document takes many steps', () => {
  const [, text] = documents.find(([what]) => what === 'as wide as may be') as [string, string];
  expect(inSteps(text).steps).toBeGreaterThan(30);
});

test('random documents', () => {
  const name = fc.constantFrom('name', 'id', 'parent', 'nodes', 'persons', 'person', 'me', 'legalEntities', 'administrativeDivision', '__typename', 'nothing');
  const value = fc.constantFrom('1', '"x"', '$a', '$b', 'null', '[1, "x"]', '{ eq: "x" }', '{ eq: { eq: $a } }', 'ENUM');
  const args = fc.option(fc.array(fc.tuple(fc.constantFrom('divisionCode', 'first', 'where', 'idNumber', 'if'), value), { minLength: 1, maxLength: 2 }), { nil: [] }).map((given) => (given.length === 0 ? '' : `(${given.map(([own, what]) => `${own}: ${what}`).join(', ')})`));
  const directive = fc.constantFrom('', '', '@include(if: $a)', '@skip(if: true) @skip(if: 1)', '@none');
  const { selection } = fc.letrec<{ selection: string; set: string }>((tie) => ({
    set: fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((all) => `{ ${all.join(' ')} }`),
    selection: fc.oneof({ maxDepth: 4, depthSize: 'small' },
      fc.tuple(fc.constantFrom('', 'a: ', 'b: '), name, args, directive).map((all) => all.join('')),
      fc.constantFrom('...F', '...G', '...H'),
      fc.tuple(fc.constantFrom('', 'a: '), name, args, directive, tie('set')).map((all) => all.join(' ')),
      fc.tuple(fc.constantFrom('...', '... on Person', '... on AdministrativeDivision', '... on Nowhere'), directive, tie('set')).map((all) => all.join(' ')),
    ),
  }));
  const document = fc.tuple(fc.constantFrom('query ($a: Boolean!, $b: [Int] = [1])', 'query Q($a: None)', '', 'mutation'), fc.array(selection, { minLength: 1, maxLength: 5 }), fc.array(fc.tuple(fc.constantFrom('F', 'G'), fc.constantFrom('Query', 'Person', 'AdministrativeDivision', 'String'), selection), { maxLength: 3 }))
    .map(([head, roots, fragments]) => `${head} { ${roots.join(' ')} } ${fragments.map(([own, on, inner]) => `fragment ${own} on ${on} { ${inner} }`).join(' ')}`);
  fc.assert(fc.property(document, (text) => {
    expect(inSteps(text).errors).toEqual(atOnce(text));
  }), { numRuns: 400 });
});

test('work that has gone on for long lets others go first; alone it only looks whether there are any', async () => {
  const passes = async (others: boolean): Promise<{ immediates: number; rested: number }> => {
    const halt = halting(() => others);
    let immediates = 0;
    const began = performance.now();
    for (const until = began + 4; performance.now() < until;);
    const worked = performance.now() - began;
    setImmediate(() => { immediates += 1; });
    await halt();
    const rested = (performance.now() - began - worked) / worked;
    // Having just rested, it goes on at once.
    await halt();
    return { immediates, rested };
  };
  expect((await passes(false)).immediates).toBe(1);
  const crowded = await passes(true);
  expect(crowded.immediates).toBe(1);
  expect(crowded.rested).toBeGreaterThan(1);
});
