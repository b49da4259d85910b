/**
 * A matter's definition as questions to the records: what each fact asks, which of it one caller may have, and the one operation of what
 * he may. A fact is told whole or not at all: where any of its items is withheld, nothing of it is in the statement.
 */
import type { GraphQLError } from 'graphql';
import { HubError } from '../errors.ts';
import type { Problem } from '../identity/form.ts';
import { circumstancesOf } from '../identity/purpose.ts';
import { toldCode } from '../matters/answer.ts';
import type { Definition, Fact, Role } from '../matters/definition.ts';
import { asksOfRole, factsDocument, readFacts, withChecks } from '../query/facts.ts';
import type { FactQuestion, FactRole } from '../query/facts.ts';
import type { Reading } from '../query/asks.ts';
import { readPredicate } from '../query/predicate.ts';
import type { CheckedField } from '../query/tree.ts';
import type { Standpoint } from '../sharing/verdict.ts';
import { decide } from '../sharing/verdict.ts';
import type { Ask, Verdict } from '../sharing/terms.ts';
import type { Withheld } from '../sharing/plan.ts';
import { withoutSuggestion } from './gate.ts';
import type { Asking } from './resolvers/records.ts';
import type { HubSchema } from './schema.ts';
import { validation } from './validation.ts';

/** What a fact of the registers asks. Of a desk's there is nothing to ask. */
interface Question {
  readonly fact: Fact;
  readonly asked: FactQuestion;
  readonly asks: readonly Ask[];
}

/** A definition, read against the contract. */
export interface MatterFacts {
  readonly definition: Definition;
  readonly questions: readonly Question[];
  /** What looking for the record of a role asks. */
  readonly roles: ReadonlyMap<string, { readonly role: Role; readonly asks: readonly Ask[] }>;
}

/** What one caller may have of a definition's facts, for the roles that are named. */
export interface FactsForCaller {
  /** The operation of what he may; null: nothing. */
  readonly reading: Reading | null;
  /** Fields of the subject's own record that a fact asks, by its code. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Types of records behind edges that tell when they were told last. */
  readonly told: readonly string[];
  /** Codes of the facts in it. */
  readonly codes: readonly string[];
  /** Roles whose records it looks up. */
  readonly asked: ReadonlySet<string>;
  /** Why a fact is withheld, by its code. */
  readonly withheld: ReadonlyMap<string, string>;
  readonly entries: readonly Withheld[];
  /** The rules that let a fact be told, with the approvals behind them; or the one that withholds it. */
  readonly rules: ReadonlyMap<string, string>;
  /** Departments whose items a fact asks. */
  readonly departments: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds since the epoch at which this may no longer be so. */
  readonly until: number;
}

/** What a certificate's fact selects: the identifier, and whether it is valid on the day. */
const certificateOf = (typeCode: string): string => `{ certificates(where: { typeCode: { eq: "${typeCode}" } }) { nodes { certificateIdentifier isValidToday } } }`;

const factRole = ({ role, type, many }: Role): FactRole => ({ role, type, many });

/** Reads a definition against the contract; throws `BAD_INPUT` naming every fact that does not fit, and why. */
export function matterFactsOf({ schema, contract }: HubSchema, definition: Definition): MatterFacts {
  const roles = new Map(definition.subjects.map((role) => [role.role, { role, asks: asksOfRole(schema, contract, factRole(role)) }]));
  const problems: Problem[] = [];
  const questions = definition.facts.flatMap((fact, index): readonly Question[] => {
    if (fact.form === 'DESK') return [];
    try {
      return [questionOf({ schema, contract }, definition, fact, roles.get(fact.of))];
    } catch (error) {
      if (!(error instanceof HubError) || error.code !== 'BAD_INPUT') throw error;
      problems.push({ at: `facts[${index}].${placeOf[fact.form]}`, says: error.message });
      return [];
    }
  });
  if (problems.length > 0) throw new HubError('BAD_INPUT', problems.map(({ says }) => says).join(' '), { problems });
  return { definition, questions, roles };
}

/** Where in a fact stands what it asks. */
const placeOf = { VALUE: 'select', VERIFY: 'ask', PREDICATE: 'ask', CERTIFICATE: 'certificateType' } as const;

type RegisterFact = Exclude<Fact, { form: 'DESK' }>;

function questionOf({ schema, contract }: Pick<HubSchema, 'schema' | 'contract'>, definition: Definition, fact: RegisterFact, found: { readonly role: Role; readonly asks: readonly Ask[] } | undefined): Question {
  if (found === undefined) throw new HubError('BAD_INPUT', `Fact ${fact.code} is of ${fact.of}, which is no role of the subjects.`);
  const asked = askedBy(fact, found.role, definition, contract);
  const [wrong] = errorsOf(schema, factsDocument(contract, [factRole(found.role)], [asked]));
  if (wrong !== undefined) throw new HubError('BAD_INPUT', `Fact ${fact.code} does not fit the contract: ${withoutSuggestion(wrong.message)}`);
  const { asks } = readFacts(schema, contract, [factRole(found.role)], [asked]);
  return { fact, asked, asks: asks.filter((ask) => !found.asks.some((own) => own.at === ask.at && own.use === ask.use && own.item === ask.item)) };
}

function askedBy(fact: RegisterFact, { type }: Role, { claims }: Definition, contract: HubSchema['contract']): FactQuestion {
  const { code, of } = fact;
  switch (fact.form) {
    case 'VALUE': return { code, of, select: fact.select };
    case 'CERTIFICATE': return { code, of, select: certificateOf(fact.certificateType) };
    case 'VERIFY':
    case 'PREDICATE':
      try {
        return { code, of, predicate: readPredicate(contract, type, fact.ask, Object.fromEntries(claims.map((claim) => [claim.name, claim.type]))) };
      } catch (error) {
        throw error instanceof HubError ? new HubError(error.code, `Fact ${code} cannot be asked: ${error.message}`, error.details) : error;
      }
  }
}

function errorsOf(schema: HubSchema['schema'], document: Parameters<typeof validation>[1]): readonly GraphQLError[] {
  const steps = validation(schema, document);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Everything that facts of these roles ask: what a grant for the matter has to hold. */
export function asksOfMatter({ questions, roles }: MatterFacts): readonly Ask[] {
  return [...[...roles.values()].flatMap(({ asks }) => asks), ...questions.flatMap(({ asks }) => asks)];
}

/** Judges the facts of the roles that are named, for one caller. */
export function factsFor({ schema, contract }: HubSchema, facts: MatterFacts, named: ReadonlySet<string>, { caller, standing, purpose, now }: Asking): FactsForCaller {
  const standpoint: Standpoint = { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances: circumstancesOf(purpose, now) };
  let until = Infinity;
  const verdictsOf = (asks: readonly Ask[]): readonly (readonly [Ask, Verdict])[] => asks.map((ask) => {
    const verdict = decide(ask, standpoint);
    if (verdict.until !== null) until = Math.min(until, Date.parse(verdict.until));
    return [ask, verdict];
  });
  const roles = new Map([...facts.roles].map(([name, { asks }]) => [name, verdictsOf(asks)]));
  const judged = facts.questions.filter(({ fact }) => named.has(fact.of)).map((question) => {
    const verdicts = [...(roles.get(question.fact.of) ?? []), ...verdictsOf(question.asks)];
    return { question, verdicts, refused: verdicts.find(([, { allowed }]) => !allowed) };
  });
  const allowed = judged.filter(({ refused }) => refused === undefined).map(({ question }) => question);
  const lookedUp = new Set(allowed.map(({ fact }) => fact.of));
  const told = [...lookedUp].flatMap((role) => toldSelection(contract, facts, role, verdictsOf));
  const behind = toldBehind(contract, allowed, verdictsOf);
  const own = [...facts.roles.values()].flatMap(({ role }) => (lookedUp.has(role.role) ? [factRole(role)] : []));
  return {
    reading: lookedUp.size === 0 ? null : withChecks(readFacts(schema, contract, own, [...allowed.map(({ asked: question }) => ('select' in question ? { ...question, told: behind } : question)), ...told]), checkedOf(facts, allowed)),
    fields: new Map(allowed.map((question) => [question.fact.code, fieldsOf(facts, question).map(({ name }) => name)])),
    asked: lookedUp,
    told: [...told.map(({ of }) => of), ...behind].sort(),
    codes: allowed.map(({ fact }) => fact.code),
    withheld: new Map(judged.flatMap(({ question: { fact }, refused }) => (refused === undefined ? [] : [[fact.code, refused[1].because] as const]))),
    entries: judged.flatMap(({ refused }) => (refused === undefined ? [] : [{ at: refused[0].at, item: refused[0].item, because: refused[1].because, apply: refused[1].apply }])),
    rules: new Map(judged.map(({ question: { fact }, verdicts, refused }) => [fact.code, refused === undefined ? rulesOf(verdicts) : refused[1].rule])),
    departments: new Map(judged.map(({ question: { fact, asks } }) => [fact.code, distinct(asks.flatMap(({ item }) => standing.catalog.item(item)?.ownerDepartment ?? []))])),
    until,
  };
}

/** The fields of the subject's own record that a fact reads. */
function fieldsOf({ roles }: MatterFacts, { fact, asks }: Question): readonly CheckedField[] {
  const type = `${roles.get(fact.of)?.role.type ?? ''}.`;
  return asks.flatMap(({ at, use }) => (at.startsWith(type) && (use === 'read' || use === 'verify') ? [{ name: at.slice(type.length), at, use }] : []));
}

function checkedOf(facts: MatterFacts, questions: readonly Question[]): ReadonlyMap<string, readonly CheckedField[]> {
  return new Map([...Map.groupBy(questions, ({ fact }) => fact.of)].map(([role, own]) => [role, [...new Map(own.flatMap((question) => fieldsOf(facts, question)).map((field) => [`${field.use} ${field.at}`, field])).values()]]));
}

/** When the source told the record last, where this caller may know it. */
function toldSelection(contract: HubSchema['contract'], facts: MatterFacts, role: string, verdictsOf: (asks: readonly Ask[]) => readonly (readonly [Ask, Verdict])[]): readonly FactQuestion[] {
  const type = facts.roles.get(role)?.role.type ?? '';
  const field = contract.types.get(type)?.fields.get('sourceUpdatedAt');
  if (field?.kind !== 'leaf') return [];
  const asks = field.items.map((item): Ask => ({ item, use: 'read', at: `${type}.sourceUpdatedAt` }));
  return verdictsOf(asks).every(([, { allowed }]) => allowed) ? [{ code: toldCode, of: role, select: '{ sourceUpdatedAt }' }] : [];
}

/** Types of records to which edges of these facts lead, and of which this caller may know when they were told. */
function toldBehind({ types }: HubSchema['contract'], questions: readonly Question[], verdictsOf: (asks: readonly Ask[]) => readonly (readonly [Ask, Verdict])[]): ReadonlySet<string> {
  const reached = new Set(questions.flatMap(({ asked, asks }) => ('select' in asked ? asks : [])).flatMap(({ at }) => {
    const [type = '', name = ''] = at.split('.');
    const field = types.get(type)?.fields.get(name);
    return field?.kind === 'relation' ? [field.link.toType] : [];
  }));
  return new Set([...reached].filter((name) => {
    const field = types.get(name)?.fields.get('sourceUpdatedAt');
    return field?.kind === 'leaf' && verdictsOf(field.items.map((item): Ask => ({ item, use: 'read', at: `${name}.sourceUpdatedAt` }))).every(([, { allowed }]) => allowed);
  }));
}

function rulesOf(verdicts: readonly (readonly [Ask, Verdict])[]): string {
  return distinct(verdicts.map(([, { rule, ways }]) => [rule, ...distinct(ways.flatMap(({ approvalNo }) => approvalNo ?? []))].join(' '))).toSorted().join('; ');
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
