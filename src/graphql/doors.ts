/**
 * Doors: who may knock at a root field at all. What is behind it is the judge's business (sharing/verdict).
 *
 * The rules are graphql-shield's, called one root field at a time by `gate.ts`; an answer counts only when it is
 * exactly `true`. Only `rule`, `and` and `or` are used, without caches: `not` of a rule that throws would be true.
 */
import { and, or, rule } from 'graphql-shield';
import type { GraphQLSchema } from 'graphql';
import { HubError } from '../errors.ts';
import type { Caller, Role } from '../sharing/terms.ts';

/** What a door may look at. */
export interface DoorContext {
  readonly caller: Caller;
}

/** A graphql-shield rule as the gate calls it. */
export interface Door {
  resolve(parent: unknown, args: unknown, context: DoorContext, info: unknown, options: { readonly debug: boolean }): Promise<unknown>;
}

/** A rule about the caller alone; graphql-shield's caches would keep it beyond its request. */
const door = (name: string, opens: (caller: Caller) => boolean) => rule(name, { cache: 'no_cache' })((_parent, _args, { caller }: DoorContext) => opens(caller));
const administrator = (role: Role) => door(`administrator ${role}`, (caller) => caller.kind === 'administrator' && caller.role === role);

const registeredConsumer = door('registeredConsumer', ({ kind }) => kind === 'consumer');
const anyAdministrator = door('anyAdministrator', ({ kind }) => kind === 'administrator');
const stranger = door('stranger', ({ kind }) => kind === 'stranger');
const citizenPortal = door('citizenPortal', (caller) => caller.kind === 'consumer' && caller.citizenPortal !== undefined);
const otherHub = door('otherHub', (caller) => caller.kind === 'consumer' && caller.hub !== undefined);
const registered = or(registeredConsumer, anyAdministrator);
const anybody = or(registered, stranger);
const system = administrator('SYSTEM');
const security = administrator('SECURITY');
const ofAuthority = door('ofAuthority', (caller) => caller.kind === 'administrator' && caller.ofAuthority);
const steward = administrator('STEWARD');
const authoritySteward = and(steward, ofAuthority);
/** Decides who gets what: security administrators of the data authority. */
const decider = and(security, ofAuthority);
/** Keeps the hub and who asks it in bounds. */
const keeper = and(or(system, security), ofAuthority);
/** Keeps the hub in step with the upper one. */
const operator = and(system, ofAuthority);
const overseer = and(or(security, administrator('AUDIT')), ofAuthority);
/** Reads the audit: audit administrators of the data authority. */
const auditor = and(administrator('AUDIT'), ofAuthority);
/** Lets administrators in at the console: system administrators of the data authority. */
const usher = and(system, ofAuthority);
/** Sees who can come in. */
const gatekeeper = and(or(system, administrator('AUDIT')), ofAuthority);
/** What is decided about a department's items, its steward reads. */
const concerned = or(overseer, steward);
/** What somebody is to an application is seen where the application is. */
const applicant = or(registeredConsumer, steward);

/** Root fields that are no records. */
const doors: Readonly<Record<string, unknown>> = {
  'Query.__typename': anybody,
  'Query.__schema': registered,
  'Query.__type': registered,
  'Query.me': registered,
  'Query.tokenLinks': gatekeeper,
  'Query.accounts': gatekeeper,
  'Query.departments': registered,
  'Query.consumers': anyAdministrator,
  'Query.administrators': and(or(system, security, administrator('AUDIT')), ofAuthority),
  'Query.apiKeys': gatekeeper,
  'Query.matters': registered,
  'Query.workingCalendar': registered,
  'Query.deadlines': registered,
  'Query.catalogItems': registered,
  'Query.catalogItemStates': concerned,
  'Query.catalogResources': registered,
  'Query.catalogResourceStates': concerned,
  'Query.catalogFile': registered,
  // Whose draft it is, is asked where the draft is.
  'Query.catalogDrafts': concerned,
  // An application asks about itself, and a steward of a department is told of its own: seen where the question is.
  'Query.explain': or(registeredConsumer, concerned),
  // Whose application it is, is asked where the question is.
  'Query.pastOperations': or(registeredConsumer, concerned),
  // Whose items it is about, is asked where the change is.
  'Query.previewChange': concerned,
  'Query.itemsNeeded': or(registeredConsumer, concerned),
  // An application asks about itself, and a steward about his items: seen where the question is.
  'Query.quotas': or(registeredConsumer, concerned),
  'Query.whoMaySee': concerned,
  'Query.whatSees': or(registeredConsumer, concerned),
  // A steward is told of his items: seen where the matrix is.
  'Query.fieldPermissions': concerned,
  'Query.fieldPermissionChanges': concerned,
  'Query.grants': concerned,
  'Query.territory': concerned,
  'Query.denials': concerned,
  'Query.seals': overseer,
  'Query.subjectLists': overseer,
  'Query.application': or(registeredConsumer, concerned),
  'Query.applications': or(registeredConsumer, concerned),
  'Query.overdue': concerned,
  // Whose figures they are, is asked where they are.
  'Query.evaluation': anyAdministrator,
  'Query.evaluationFile': anyAdministrator,
  'Query.divisionFigures': anyAdministrator,
  'Query.divisionShapes': anyAdministrator,
  'Query.auditRecords': auditor,
  'Query.auditState': auditor,
  'Query.syncStatus': ofAuthority,
  'Query.quarantinedEntries': operator,
  'Query.quarantinedText': operator,
  'Query.myAccesses': citizenPortal,
  'Query.citizenPortals': overseer,
  'Query.concealments': overseer,
  'Query.changes': registeredConsumer,
  'Query.sharingConditions': registered,
  'Query.comparable': otherHub,
  'Query.recordDigests': otherHub,
  'Query.recordLeaves': otherHub,
  'Query.recordEntries': otherHub,
  'Query.passedOn': otherHub,
  'Query.reconcileRuns': ofAuthority,
  'Query.provenance': registeredConsumer,
  'Query.verify': registeredConsumer,
  'Query.comparison': registeredConsumer,
  'Query.comparisons': registeredConsumer,
  // Whose items they are about, is asked where the queue is.
  'Query.conflicts': applicant,
  'Query.lookup': registeredConsumer,
  'Query.factChanges': registeredConsumer,
  // Whose it is to see, is asked where the receipt is.
  'Query.receipt': registered,
  'Query.receiptKeys': anybody,
  // Whose desk it is, is asked where the requests are.
  'Query.deskRequests': applicant,
  'Query.matterVersions': registered,
  'Query.itemsNeededByMatter': or(registeredConsumer, concerned),
  // Which of them concern him, is asked where they are.
  'Query.checkRequests': or(registeredConsumer, steward, ofAuthority),
  // Whoever holds the paper checks it.
  'Query.verifyCertificate': anybody,
  'Query.revokedCopies': registeredConsumer,
  // Whose certificates they are uses of, is asked where the uses are.
  'Query.certificateUses': applicant,
  'Query.certificateQueries': applicant,
  'Mutation.__typename': anybody,
  'Mutation.editQuarantined': operator,
  'Mutation.redriveQuarantined': operator,
  'Mutation.resumeFeed': operator,
  'Mutation.submitChanges': registeredConsumer,
  'Mutation.issueCopy': registeredConsumer,
  'Mutation.tellCertificateUses': otherHub,
  'Mutation.keepValue': applicant,
  // Whose word it becomes, is asked where the queue is.
  'Mutation.takeValue': applicant,
  'Mutation.requestCheck': applicant,
  'Mutation.reportDiscrepancy': registeredConsumer,
  // Whose word is doubted, is asked where the request is.
  'Mutation.answerCheck': steward,
  'Mutation.registerConsumer': system,
  'Mutation.registerAdministrator': decider,
  'Mutation.issueKey': system,
  'Mutation.rotateKeys': system,
  'Mutation.revokeKeys': system,
  'Mutation.setRequestsPerMinute': keeper,
  'Mutation.linkToken': system,
  'Mutation.unlinkToken': system,
  'Mutation.openAccount': usher,
  'Mutation.resetAccount': usher,
  'Mutation.unlockAccount': usher,
  'Mutation.closeAccount': usher,
  // Whoever gives passwords takes no codes off: so nobody signs in as somebody else.
  'Mutation.takeOffCode': decider,
  'Mutation.registerMatter': authoritySteward,
  'Mutation.draftMatterVersion': authoritySteward,
  'Mutation.testMatterVersion': authoritySteward,
  'Mutation.publishMatterVersion': authoritySteward,
  'Mutation.answerFact': applicant,
  'Mutation.enterWorkingYear': authoritySteward,
  // Whose matter it is, is asked where the matter is.
  'Mutation.openCase': registeredConsumer,
  'Mutation.closeCase': registeredConsumer,
  'Mutation.recordAuthorization': registeredConsumer,
  'Mutation.revokeAuthorization': registeredConsumer,
  // Whose item it is, is asked where the item is.
  'Mutation.setSharing': steward,
  'Mutation.draftResource': steward,
  'Mutation.importCatalog': steward,
  'Mutation.draftWithdrawal': steward,
  'Mutation.editDraft': steward,
  'Mutation.submitDraft': steward,
  'Mutation.abandonDraft': steward,
  'Mutation.returnDraft': authoritySteward,
  'Mutation.publishDraft': authoritySteward,
  'Mutation.grant': decider,
  'Mutation.endGrant': decider,
  'Mutation.setTerritory': decider,
  'Mutation.deny': decider,
  'Mutation.endDenial': decider,
  'Mutation.setCitizenPortal': decider,
  'Mutation.setHub': decider,
  'Mutation.conceal': decider,
  'Mutation.endConcealment': decider,
  'Mutation.seal': decider,
  'Mutation.unseal': decider,
  'Mutation.createList': decider,
  'Mutation.addToList': decider,
  'Mutation.removeFromList': decider,
  'Mutation.draftApplication': applicant,
  'Mutation.applyForOperation': applicant,
  'Mutation.applyForMatter': applicant,
  'Mutation.applyForQuota': applicant,
  'Mutation.editApplication': applicant,
  'Mutation.submitApplication': applicant,
  'Mutation.withdrawApplication': applicant,
  'Mutation.renewApplication': applicant,
  'Mutation.returnApplication': authoritySteward,
  'Mutation.refuseApplication': authoritySteward,
  'Mutation.passApplication': authoritySteward,
  'Mutation.reviewApplication': steward,
  // By either side.
  'Mutation.suspendApplication': applicant,
  'Mutation.resumeApplication': applicant,
  'Mutation.revokeApplication': applicant,
  'Mutation.suspendItems': steward,
  'Mutation.resumeItems': steward,
  'Mutation.revokeItems': steward,
};

/** The door of every root field; refuses to start on a root field without one. Whoever is registered looks up records: how much of them, says the judge. */
export function hangDoors(schema: GraphQLSchema, isLookup: (root: string) => boolean): ReadonlyMap<string, Door> {
  const hung = new Map<string, Door>(Object.entries(doors) as [string, Door][]);
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.keys(type?.getFields() ?? {})) {
      const at = `${type?.name}.${field}`;
      if (type === schema.getQueryType() && isLookup(field)) hung.set(at, registered as unknown as Door);
      if (!hung.has(at)) throw new HubError('CONTRACT_BROKEN', `${at} has no door; hang one in graphql/doors.`);
    }
  }
  return hung;
}

/** What whoever finds a door shut can do about it, where that is not said by who he is. */
const nextSteps: Readonly<Record<string, string>> = {
  'Query.myAccesses': ' It takes an application that is marked as a citizens\' portal: a SECURITY administrator of the data authority does that (setCitizenPortal).',
};

/** Doors that have opened to a caller. They look at nothing else, and a caller of another standing is another object. */
const opened = new WeakMap<Caller, Set<string>>();

/** Has this door opened to this caller before? */
export function isOpen(at: string, { caller }: DoorContext): boolean {
  return opened.get(caller)?.has(at) === true;
}

/** Refuses unless the door of this root field opens. A field that has no door is shut. */
export async function knock(hung: ReadonlyMap<string, Door>, at: string, context: DoorContext): Promise<void> {
  if (isOpen(at, context)) return;
  const answer = await hung.get(at)?.resolve({}, {}, context, {}, { debug: false });
  if (answer === true) {
    opened.set(context.caller, (opened.get(context.caller) ?? new Set()).add(at));
    return;
  }
  if (context.caller.kind === 'stranger') {
    throw new HubError('UNAUTHENTICATED', 'Send the key of a registered consumer, or a token of the issuer that the hub takes tokens of: Authorization: Bearer hub_…. The data authority gives keys out.', { at });
  }
  throw new HubError('FORBIDDEN', `${at} is not open to this caller.${nextSteps[at] ?? ''}`, { at });
}
