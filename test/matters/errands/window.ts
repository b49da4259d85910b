/**
 * A service window (政务服务窗口) as these stories go through it: the right to look up is applied for and granted, a case is opened,
 * looked up under, answered by desks, and closed. Every step is a request that a department's application or steward sends.
 */
import { expect } from 'vitest';
import { checkReceipt } from '../../../src/receipts/check.ts';
import { registerOther } from '../../world/callers.ts';
import type { OtherName } from '../../world/callers.ts';
import type { TestHub } from '../../world/hub.ts';
import { applications, handlerOf } from './departments.ts';
import type { Department } from './departments.ts';
import type { Subject } from './errand.ts';

/** An application as its parties see it. */
interface ApplicationJson {
  readonly number: string;
  readonly state: string;
  readonly version: number;
  readonly lines: readonly { readonly line: number; readonly item: string; readonly reviewedBy: string | null }[];
  readonly reviews: readonly { readonly departmentCode: string; readonly version: number }[];
}

/** One fact as it was answered. */
interface FactJson {
  readonly code: string;
  readonly index: number;
  readonly status: string;
  readonly value: unknown;
  readonly because: string | null;
  readonly departmentCodes: readonly string[];
  readonly certificateIdentifier: string | null;
}

/** A look-up as the clerk sees it. */
export interface Looked {
  readonly version: number;
  readonly facts: readonly FactJson[];
  readonly papers: { readonly asked: readonly string[]; readonly saved: readonly string[]; readonly pending: readonly string[]; readonly toBring: readonly { readonly paper: string }[] };
  readonly receipt: { readonly id: string; readonly document: string; readonly signed: string; readonly signature: string; readonly keyId: string };
  readonly salt: string;
  readonly question: unknown;
  readonly answer: unknown;
}

const shown = '{ number state version lines { line item reviewedBy } reviews { departmentCode version } }';
const document = `query ($subjects: [LookupSubjectInput!]!, $claims: [LookupClaimInput!]!) { lookup(subjects: $subjects, claims: $claims) {
  version facts { code index status value because departmentCodes certificateIdentifier } papers { asked saved pending toBring { paper } } receipt { id document signed signature keyId } salt question answer } }`;

/** The steward of a department, whom these stories register. */
const stewardOf = (department: string): OtherName => `other-steward-${department}`;

/** See the head of this file. */
export class Window {
  readonly #hub: TestHub;
  readonly #matter: string;
  readonly #caseNo: string;

  constructor(hub: TestHub, matter: string, caseNo: string) {
    [this.#hub, this.#matter, this.#caseNo] = [hub, matter, caseNo];
  }

  /** Stewards of all departments, so that somebody is there to decide. */
  static async stewards(hub: TestHub): Promise<void> {
    const departments = await hub.database.sql<{ code: string }[]>`select code from department where code like '620623-%' and code <> '620623-ZS'`;
    for (const { code } of [...departments, { code: '620623-ZS' }]) await registerOther(hub.database, stewardOf(code), code, 'STEWARD');
  }

  async #must<T>(who: Parameters<TestHub['ask']>[0], query: string, variables: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = { 'hub-matter': this.#matter }): Promise<T> {
    const answer = await this.#hub.ask(who, query, { variables, headers });
    expect(answer.errors).toEqual([]);
    return Object.values(answer.data)[0] as T;
  }

  /** What the application lacks of the matter, by item. */
  async lacks(): Promise<readonly string[]> {
    const needed = await this.#must<readonly { readonly item: string; readonly lacking: readonly string[] }[]>(handlerOf(this.#matter), 'query ($matter: String!) { itemsNeededByMatter(matter: $matter) { item lacking } }', { matter: this.#matter });
    return needed.filter(({ lacking }) => lacking.length > 0).map(({ item }) => item);
  }

  /** Applies for what the matter takes and the application lacks, and has it decided by whoever has to. */
  async obtains(legalBasis: string): Promise<{ readonly state: string; readonly items: readonly string[]; readonly reviewedBy: readonly string[] }> {
    const clerk = handlerOf(this.#matter);
    const drafted = await this.#must<ApplicationJson>(clerk, `mutation ($matter: String!, $application: OperationApplicationInput!) { applyForMatter(matter: $matter, application: $application) ${shown} }`, {
      matter: this.#matter, application: { matters: [this.#matter], legalBasis, scenario: '政务服务窗口收件', purpose: '核对申请材料，免予提交', validTo: '2027-12-31', underCase: true },
    });
    const submitted = await this.#must<ApplicationJson>(clerk, `mutation ($number: ID!, $version: Int!) { submitApplication(number: $number, version: $version) ${shown} }`, drafted as never);
    let application = await this.#must<ApplicationJson>(stewardOf('620623-ZS'), `mutation ($number: ID!, $version: Int!) { passApplication(number: $number, version: $version, words: "依据明确") ${shown} }`, submitted as never);
    for (const { departmentCode, version } of application.reviews) {
      const own = application.lines.filter(({ reviewedBy }) => reviewedBy === departmentCode);
      application = await this.#must(stewardOf(departmentCode), `mutation ($number: ID!, $version: Int!, $decisions: [LineDecisionInput!]!) { reviewApplication(number: $number, version: $version, decisions: $decisions, words: "同意") ${shown} }`, {
        number: application.number, version, decisions: own.map(({ line }) => ({ line, approve: true })),
      });
    }
    return { state: application.state, items: application.lines.map(({ item }) => item), reviewedBy: application.reviews.map(({ departmentCode }) => departmentCode).sort() };
  }

  /** Opens the case, or has its kin looked up anew. */
  async opens(subjects: readonly Subject[]): Promise<void> {
    await this.#must(handlerOf(this.#matter), 'mutation ($matter: String!, $caseNo: String!, $subjects: [SubjectInput!]!) { openCase(matter: $matter, caseNo: $caseNo, subjects: $subjects) { caseNo } }', { matter: this.#matter, caseNo: this.#caseNo, subjects: subjects.map(({ idNumber, uscc }) => ({ idNumber, uscc })) });
  }

  /** One look-up; what it was answered, or the code of the refusal. */
  async looks(subjects: readonly Subject[], claims: Readonly<Record<string, string>>): Promise<Looked> {
    return this.#must(handlerOf(this.#matter), document, { subjects, claims: Object.entries(claims).map(([name, value]) => ({ name, value })) }, this.#underCase());
  }

  /** The code with which a look-up is refused. */
  async refused(subjects: readonly Subject[]): Promise<unknown> {
    const { errors } = await this.#hub.ask(handlerOf(this.#matter), document, { variables: { subjects, claims: [] }, headers: this.#underCase() });
    return errors[0]?.extensions['code'];
  }

  #underCase() {
    return { 'hub-matter': this.#matter, 'hub-case': this.#caseNo, 'hub-operator': 'clerk-7' };
  }

  /** What lies on a department's desk, by fact. */
  async onDeskOf(department: Department): Promise<readonly { readonly id: string; readonly fact: string; readonly name: string; readonly subject: string; readonly caseNo: string }[]> {
    return this.#must(applications[department], '{ deskRequests { id fact name subject caseNo } }', {});
  }

  /** The department answers what lies on its desk. */
  async answers(department: Department, fact: string, verdict: string, words: string): Promise<void> {
    const request = (await this.onDeskOf(department)).find((one) => one.fact === fact);
    await this.#must(applications[department], 'mutation ($id: ID!, $verdict: FactStatus!, $words: String!) { answerFact(id: $id, verdict: $verdict, words: $words) { id } }', { id: request?.id, verdict, words });
  }

  /** What a receipt's file says, checked with nothing but the hub's public key. */
  async receiptOf({ receipt, salt, question, answer }: Looked): Promise<ReturnType<typeof checkReceipt>> {
    const keys = await this.#must<readonly { readonly keyId: string; readonly publicKey: string }[]>(handlerOf(this.#matter), '{ receiptKeys { keyId publicKey } }', {});
    return checkReceipt(JSON.stringify({ ...receipt, salt, question, answer }), keys.find(({ keyId }) => keyId === receipt.keyId)?.publicKey ?? '');
  }

  async closes(): Promise<void> {
    await this.#must(handlerOf(this.#matter), 'mutation ($matter: String!, $caseNo: String!) { closeCase(matter: $matter, caseNo: $caseNo) { closedAt } }', { matter: this.#matter, caseNo: this.#caseNo });
  }
}

/** Facts by status, each group in the definition's order. */
export function byStatus({ facts }: Looked): Readonly<Record<string, string>> {
  const groups = Map.groupBy(facts, ({ status }) => status);
  return Object.fromEntries([...groups].map(([status, own]) => [status, own.map(({ code }) => code).join(' ')]));
}
