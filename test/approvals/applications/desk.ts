/**
 * Applications as their parties send them, for tests: one hub whose clock can be set, administrators of every role in every department
 * that matters, and commands by the name of the mutation.
 */
import { registerOther, testMatter } from '../../world/callers.ts';
import type { AdministratorName, CallerName, OtherName } from '../../world/callers.ts';
import { clonedHub } from '../../world/hub.ts';
import type { Answer, HubOptions, TestHub } from '../../world/hub.ts';
import { roles } from '../../../src/sharing/terms.ts';

/** Whoever asks. */
export type Who = CallerName | AdministratorName | OtherName | 'stranger';

/** Departments by what they are to the applications of `market`. */
export const places = { authority: '620623-ZS', applicant: '620623-SC', police: '620623-GA', civil: '620623-MZ', nobody: '620623-CL' } as const;
export type Place = keyof typeof places;

/** Everybody: each role in each place, and applications of each. */
export const actors: readonly { readonly name: Who; readonly role: string | null; readonly place: Place }[] = [
  ...(Object.keys(places) as Place[]).flatMap((place) => roles.map((role) => ({ name: `other-${place}-${role}` as OtherName, role, place }))),
  { name: 'market', role: null, place: 'applicant' }, { name: 'other-applicant-application', role: null, place: 'applicant' },
  { name: 'police', role: null, place: 'police' }, { name: 'civilAffairs', role: null, place: 'civil' }, { name: 'disabledFederation', role: null, place: 'nobody' }, { name: 'authority', role: null, place: 'authority' },
];

export const stewards = { authority: 'other-authority-STEWARD', applicant: 'other-applicant-STEWARD', police: 'other-police-STEWARD', civil: 'other-civil-STEWARD', nobody: 'other-nobody-STEWARD' } as const satisfies Record<Place, OtherName>;

/** An application as tests look at it. */
export interface Seen {
  readonly number: string;
  readonly consumer: string;
  readonly state: string;
  readonly version: number;
  readonly validTo: string;
  readonly supersedes: string | null;
  readonly raisesQuotaOf: string | null;
  readonly activatedAt: string | null;
  readonly lines: readonly { readonly line: number; readonly item: string; readonly uses: readonly string[]; readonly reviewedBy: string | null; readonly decision: string | null; readonly reason: string | null; readonly mask: string | null; readonly bounds: readonly unknown[]; readonly quotaPerDay: number | null }[];
  readonly reviews: readonly { readonly departmentCode: string; readonly state: string; readonly version: number }[];
  readonly deadlines: readonly { readonly rule: string; readonly departmentCode: string; readonly dueOn: string; readonly provisional: boolean; readonly metOn: string | null; readonly escalatedAt: string | null }[];
  readonly moves: readonly { readonly verb: string; readonly reviewOf: string | null; readonly from: string | null; readonly to: string; readonly at: string; readonly by: string; readonly role: string | null; readonly departmentCode: string | null; readonly party: string; readonly words: string | null }[];
}

export const seen = `number consumer state version validTo supersedes raisesQuotaOf activatedAt
  lines { line item uses reviewedBy decision reason mask bounds { case division { by codes } } quotaPerDay }
  reviews { departmentCode state version } deadlines { rule departmentCode dueOn provisional metOn escalatedAt }
  moves { verb reviewOf from to at by role departmentCode party words }`;

/** Arguments that a mutation takes beside number, version and words. */
const extra: Readonly<Record<string, string>> = {
  editApplication: '$application: ApplicationInput!', reviewApplication: '$decisions: [LineDecisionInput!]!', renewApplication: '$validTo: Date!',
};
const wordless = new Set(['editApplication']);
const worded = new Set(['returnApplication', 'refuseApplication', 'suspendApplication', 'revokeApplication', 'suspendItems', 'revokeItems']);

function documentOf(mutation: string): string {
  const declared = ['$number: ID!', '$version: Int!', ...(wordless.has(mutation) ? [] : [`$words: String${worded.has(mutation) ? '!' : ''}`]), ...(extra[mutation] === undefined ? [] : [extra[mutation]])];
  const passed = declared.map((one) => (/^\$(\w+)/.exec(one) as RegExpExecArray)[1]).map((name) => `${name}: $${name}`);
  return `mutation (${declared.join(', ')}) { ${mutation}(${passed.join(', ')}) { ${seen} } }`;
}

/** What a command came to. */
export interface Done {
  readonly application: Seen | null;
  /** The error's code; null: it went well. */
  readonly code: string | null;
  readonly message: string;
}

/** The hub of a test, and how its parties speak to it. */
export interface Desk {
  readonly hub: TestHub;
  /** Sets the clock: noon of this civil day. */
  today(day: string): void;
  command(who: Who, mutation: string, variables: Readonly<Record<string, unknown>>): Promise<Done>;
  /** A command that has to go well. */
  must(who: Who, mutation: string, variables: Readonly<Record<string, unknown>>): Promise<Seen>;
  draft(who: Who, lines: readonly Readonly<Record<string, unknown>>[], own?: Readonly<Record<string, unknown>>, consumer?: string | null): Promise<Done>;
  see(number: string, who?: Who): Promise<Seen>;
  /** The lines of the grant under a number. */
  inForce(number: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

export const firstDay = '2026-11-24';

/** What an application says beside its lines. */
export const content = { matters: [testMatter], legalBasis: '市场主体登记管理条例第十九条', scenario: '登记窗口核对申请人信息', purpose: '核实申请人婚姻状况与曾用名', validTo: '2026-12-31' };

/** Opens one; `audited`: with everything written down. */
export async function openDesk({ audited }: Pick<HubOptions, 'audited'> = {}): Promise<Desk> {
  let now = new Date(`${firstDay}T12:00:00+08:00`);
  const hub = await clonedHub({ now: () => now, ...(audited === undefined ? {} : { audited }) });
  for (const { name, role, place } of actors) if (name.startsWith('other-')) await registerOther(hub.database, name as OtherName, places[place], role as never);
  // Takes what was registered.
  await hub.ask('security', 'mutation { createList(code: "L-0", name: "空") }');
  const done = ({ data, errors }: Answer, mutation: string): Done => ({
    application: (data?.[mutation] ?? null) as Seen | null, code: errors.length === 0 ? null : String(errors[0]?.extensions['code']), message: errors[0]?.message ?? '',
  });
  const command: Desk['command'] = async (who, mutation, variables) => done(await hub.ask(who, documentOf(mutation), { variables }), mutation);
  return {
    hub, command,
    today: (day) => { now = new Date(`${day}T12:00:00+08:00`); },
    must: async (who, mutation, variables) => {
      const { application, message } = await command(who, mutation, variables);
      if (application === null) throw new Error(`${who}: ${mutation} was refused: ${message}`);
      return application;
    },
    draft: async (who, lines, own = {}, consumer = null) => done(await hub.ask(who, `mutation ($consumer: ID, $application: ApplicationInput!) { draftApplication(consumer: $consumer, application: $application) { ${seen} } }`, {
      variables: { consumer, application: { ...content, lines: lines.map((line) => ({ uses: ['READ'], ...line })), ...own } },
    }), 'draftApplication'),
    see: async (number, who = 'auditor') => {
      const { data, errors } = await hub.ask(who, `query ($number: ID!) { application(number: $number) { ${seen} } }`, { variables: { number } });
      if (errors.length > 0) throw new Error(errors[0]?.message);
      return data['application'] as unknown as Seen;
    },
    inForce: async (number) => {
      const [row] = await hub.database.sql<{ tuples: string }[]>`select tuples::text from sharing_grant where approval_no = ${number}`;
      return row === undefined ? [] : JSON.parse(row.tuples) as readonly Readonly<Record<string, unknown>>[];
    },
    close: () => hub.close(),
  };
}

/** What moves an application, and the review of one department. */
export const at = ({ number, version }: Seen) => ({ number, version });
export const reviewOf = (application: Seen, place: Place) => application.reviews.find(({ departmentCode }) => departmentCode === places[place]) as Seen['reviews'][number];
export const about = (application: Seen, place: Place) => ({ number: application.number, version: reviewOf(application, place).version, words: '按程序办理' });
