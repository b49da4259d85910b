/**
 * What a matter asks for (事项要素): its subjects by role, what the clerk types in, and a list of facts, each with the paper that it
 * replaces and how it is asked. Plain data, edited by the data authority; this file says what may be written, and what cannot be told
 * without the contract is told by `query/facts.ts`.
 */
import { z } from 'zod';
import { code, line, readForm, refused } from '../identity/form.ts';
import type { Problem } from '../identity/form.ts';

/**
 * VALUE: values of the subject's record · VERIFY: what the clerk typed in, compared · PREDICATE: yes, no or unknown · CERTIFICATE: a valid
 * certificate of a type · DESK: no register tells, a department answers by hand.
 */
export const factForms = ['VALUE', 'VERIFY', 'PREDICATE', 'CERTIFICATE', 'DESK'] as const;
export type FactForm = (typeof factForms)[number];

/** Names travel in GraphQL response names and in predicates. */
const name = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'is a name of 1 to 40 letters and digits that begins with a small letter');

const role = z.strictObject({
  role: name, name: line(50), type: z.string().regex(/^[A-Z][A-Za-z]{1,60}$/, 'names a record type'),
  many: z.boolean().default(false), optional: z.boolean().default(false),
});

const claim = z.strictObject({ name, title: line(50), type: z.enum(['String', 'Int', 'Date']).default('String') });

const common = { code: name, name: line(100), paper: line(100).nullable().default(null), of: name };
const fact = z.discriminatedUnion('form', [
  z.strictObject({ ...common, form: z.literal('VALUE'), select: line(2000) }),
  z.strictObject({ ...common, form: z.literal('VERIFY'), ask: line(2000) }),
  z.strictObject({ ...common, form: z.literal('PREDICATE'), ask: line(2000) }),
  z.strictObject({ ...common, form: z.literal('CERTIFICATE'), certificateType: z.string().regex(/^[0-9A-Z]{21}$/, 'is a certificate type of 21 characters (GB/T 36902-2018)') }),
  z.strictObject({ ...common, form: z.literal('DESK'), department: code, workingDays: z.number().int().min(1).max(60).nullable().default(null) }),
]);

const form = z.strictObject({
  implementationCode: z.string().regex(/^[0-9A-Z]{31}$/, 'has 31 characters (实施编码)').nullable().default(null),
  legalBasis: line(1000),
  /** Days after a look-up for which changes of its facts are told, though the case is closed: of a matter that goes on, such as an allowance. Absent: while the case is open. */
  followedDays: z.number().int().min(1).max(1830).optional(),
  subjects: z.array(role).min(1).max(8),
  claims: z.array(claim).max(30).default([]),
  facts: z.array(fact).min(1).max(60),
});

/** What a matter asks for. */
export type Definition = z.infer<typeof form>;
/** A role in which somebody, or something, is looked up; `many`: several may be named; `optional`: none may. */
export type Role = Definition['subjects'][number];
/** What the clerk types in, for facts to be compared with. */
export type ClaimField = Definition['claims'][number];
/** One fact; `paper`: the material that the citizen need not bring; `of`: the role that it is about. */
export type Fact = Definition['facts'][number];

/** Reads a definition; throws `BAD_INPUT` naming every place that is wrong. */
export function readDefinition(given: unknown): Definition {
  const definition = readForm(form, given, 'The definition');
  const { subjects, claims, facts } = definition;
  const roles = new Set(subjects.map((one) => one.role));
  const problems: Problem[] = [
    ...doubled(subjects.map((one) => one.role), 'subjects', 'role'), ...doubled(claims.map((one) => one.name), 'claims', 'name'), ...doubled(facts.map((one) => one.code), 'facts', 'code'),
    ...facts.flatMap((one, index) => (roles.has(one.of) ? [] : [{ at: `facts[${index}].of`, says: `names no role of the subjects (${[...roles].join(', ')})` }])),
  ];
  if (problems.length > 0) throw refused('The definition', problems);
  return definition;
}

function doubled(names: readonly string[], list: string, field: string): readonly Problem[] {
  return names.flatMap((one, index) => (names.indexOf(one) === index ? [] : [{ at: `${list}[${index}].${field}`, says: `is there twice (${one})` }]));
}
