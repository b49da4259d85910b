/**
 * A draft of what a matter asks for, run as it stands: judged for one application as under an open case, compiled, and run about somebody
 * who is not there. It shows what would be withheld and that the statement runs; no record is read, because nobody has these keys.
 */
import { randomUUID } from 'node:crypto';
import { HubError } from '../errors.ts';
import type { Purpose } from '../identity/purpose.ts';
import { factsAnswered } from '../matters/answer.ts';
import type { FactAnswer } from '../matters/answer.ts';
import type { Definition } from '../matters/definition.ts';
import { keyVariable } from '../query/facts.ts';
import { certificateIdentifierWithCheck, idNumberWithCheck, orgCodeWithCheck, usccWithCheck } from '../registries/identifiers/index.ts';
import type { Matter } from '../sharing/terms.ts';
import type { HubContext } from './context.ts';
import { consumerIn } from './explain.ts';
import { factsFor, matterFactsOf } from './matter-facts.ts';
import type { Asking, Records } from './resolvers/records.ts';
import type { HubSchema } from './schema.ts';

/** What is run, and for whom. */
export interface Rehearsal {
  readonly matter: Matter;
  readonly definition: Definition;
  /** Code of the application. */
  readonly consumer: string;
  readonly context: HubContext;
}

/** Runs it; every fact as it would be answered. */
export async function rehearse(hub: HubSchema, records: Records, { matter, definition, consumer, context: { standing, today, now } }: Rehearsal): Promise<readonly FactAnswer[]> {
  const facts = matterFactsOf(hub, definition);
  const purpose: Purpose = { mode: 'QUERY', matter, caseNo: 'rehearsal', operator: null, behalf: null, problem: null };
  const variables = Object.fromEntries(definition.subjects.map(({ role, type, many }) => [keyVariable(role), many ? [nobodyOf(hub, type)] : nobodyOf(hub, type)]));
  const asking: Asking = { caller: consumerIn(standing, consumer), standing, purpose, variables, today, now, wholeOrNothing: false, maxAge: null };
  const own = factsFor(hub, facts, new Set(definition.subjects.map(({ role }) => role)), asking);
  const { reading } = own;
  // What is judged here is of this moment alone, and not kept under a name that another could have.
  if (reading !== null) {
    const { judged } = await records.prepare(`rehearsal ${randomUUID()}`, 0, () => reading, asking, async () => undefined);
    if (judged !== null) await records.rehearse(judged, asking);
  }
  const subjects = definition.subjects.map(({ role }) => ({ role, index: 0, record: null, unreachable: false, stale: undefined }));
  return factsAnswered(definition, { own: new Set(), subjects, withheld: own.withheld, departments: own.departments, desks: [], underCheck: new Set() });
}

/** A key of the right form that nobody has: of the year 1900, or of a body that was never registered. */
function nobodyOf({ contract }: HubSchema, type: string): string {
  const { key, identifiers } = contract.types.get(type)?.model ?? {};
  if (key === undefined || key === null) throw new HubError('BAD_INPUT', `${type} is not looked up by a key.`);
  switch (identifiers?.[key]) {
    case 'idNumber': return idNumberWithCheck('62000019000101000');
    case 'uscc': return usccWithCheck(`99000000${orgCodeWithCheck('00000000')}`);
    case 'certificateIdentifier': return certificateIdentifierWithCheck('000000000000000000000', '000000000000000000', '0', '000');
    case 'realEstateUnit': return '620000000000GA00000F00000000';
    case 'birthCertificate': return 'A000000000';
    case 'disabilityCertificate': return `${idNumberWithCheck('62000019000101000')}11`;
    case 'divisionCode': return '620000000000';
    default: return 'nobody';
  }
}
