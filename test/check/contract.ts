/**
 * Every field of the contract is answered for. A record's field: by a catalog item and a column, an edge or a
 * derivation (`graphql/contract` joins them, as at boot, against the catalog that the seeds bring). A root field: by a door,
 * and by a look-up or a resolver. A field of any other type: by the file named here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildASTSchema, isObjectType, Kind } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, GraphQLSchema, ObjectTypeDefinitionNode, ObjectTypeExtensionNode } from 'graphql';
import { readContract } from '../../src/graphql/contract.ts';
import { hangDoors } from '../../src/graphql/doors.ts';
import { completeContract } from '../../src/graphql/generate.ts';
import { attachResolvers } from '../../src/graphql/resolvers/index.ts';
import { Records } from '../../src/graphql/resolvers/records.ts';
import { readSdl } from '../../src/graphql/schema.ts';
import type { Contract } from '../../src/registries/contract.ts';
import { links, records } from '../../src/registries/index.ts';
import { readingOnly } from '../world/work.ts';
import type { Findings } from './report.ts';
import { filesBelow, linesOf, report, root } from './report.ts';

/** Types that are neither records nor roots, and the file that writes each of their fields by name. */
const answeredBy: Readonly<Record<string, string>> = {
  PageInfo: 'src/query/page.ts',
  Caller: 'src/graphql/resolvers/identity.ts',
  TokenLink: 'src/graphql/resolvers/identity.ts',
  Account: 'src/graphql/resolvers/accounts.ts',
  OneTimePassword: 'src/identity/account.ts',
  Department: 'src/identity/directory.ts',
  RegisteredConsumer: 'src/graphql/resolvers/directory.ts',
  RegisteredAdministrator: 'src/graphql/resolvers/directory.ts',
  ApiKeyTerm: 'src/graphql/resolvers/directory.ts',
  AuditDelivery: 'src/graphql/resolvers/audit.ts',
  AuditWithheld: 'src/graphql/resolvers/records.ts',
  AuditRecord: 'src/graphql/resolvers/audit.ts',
  AuditSeal: 'src/audit/sealed.ts',
  AuditProblem: 'src/audit/sealed.ts',
  AuditState: 'src/audit/sealed.ts',
  AuditPage: 'src/graphql/resolvers/audit.ts',
  AccessedItem: 'src/graphql/resolvers/citizen.ts',
  CitizenAccess: 'src/graphql/resolvers/citizen.ts',
  CitizenAccessPage: 'src/graphql/resolvers/citizen.ts',
  CitizenPortal: 'src/graphql/resolvers/citizen.ts',
  Concealment: 'src/graphql/resolvers/citizen.ts',
  MatterVersion: 'src/graphql/resolvers/matter-versions.ts',
  FactAnswer: 'src/graphql/resolvers/lookup.ts',
  PaperSum: 'src/matters/answer.ts',
  PaperToBring: 'src/matters/answer.ts',
  Receipt: 'src/receipts/receipt.ts',
  ReceiptKey: 'src/receipts/receipt.ts',
  MatterLookup: 'src/graphql/resolvers/lookup.ts',
  DeskRequest: 'src/graphql/resolvers/lookup.ts',
  FactChange: 'src/graphql/resolvers/lookup.ts', FactChangePage: 'src/graphql/resolvers/lookup.ts',
  ChangePage: 'src/graphql/resolvers/sync.ts',
  ChangeEntry: 'src/sync/feed-entries.ts',
  ShownFields: 'src/sync/feed.ts',
  PassedOn: 'src/query/passed-on.ts',
  ToldValue: 'src/sync/sources-shown.ts',
  FieldProvenance: 'src/graphql/resolvers/conflicts.ts',
  RecordProvenance: 'src/graphql/resolvers/conflicts.ts',
  Conflict: 'src/graphql/resolvers/conflicts.ts',
  ConflictPage: 'src/sync/conflicts.ts',
  CheckRequest: 'src/graphql/resolvers/checks.ts',
  CheckPage: 'src/sync/checks/shown.ts',
  DiscrepancyReport: 'src/graphql/resolvers/checks.ts',
  ItemCondition: 'src/sync/feed-rights.ts',
  CopyCheck: 'src/graphql/resolvers/copies.ts',
  CertificateCopy: 'src/certificates/copy.ts',
  CertificateUse: 'src/graphql/resolvers/copies.ts',
  CertificateUsePage: 'src/certificates/usage.ts',
  CertificateUseOutcome: 'src/certificates/told-uses.ts',
  ToldCertificateUses: 'src/graphql/resolvers/copies.ts',
  CertificateQuery: 'src/graphql/resolvers/copies.ts',
  CertificateQueryPage: 'src/certificates/usage.ts',
  RevokedCopy: 'src/certificates/revoked.ts',
  RevokedCopyPage: 'src/certificates/revoked.ts',
  BucketDigest: 'src/query/passed-digests.ts',
  RecordLeaf: 'src/query/passed-digests.ts',
  RecordDigests: 'src/graphql/resolvers/sync-reconcile.ts',
  RecordLeaves: 'src/graphql/resolvers/sync-reconcile.ts',
  RecordEntries: 'src/graphql/resolvers/sync-reconcile.ts',
  DriftSample: 'src/sync/reconcile-runs.ts',
  ReconcileRun: 'src/sync/reconcile-runs.ts',
  ClaimAnswer: 'src/verification/verify.ts',
  BatchComparison: 'src/verification/comparison.ts',
  LookedUp: 'src/sync/look-up.ts',
  LookedUpRecord: 'src/sync/look-up.ts',
  Submission: 'src/graphql/resolvers/changes.ts',
  ChangeOutcome: 'src/records/submit.ts',
  IssuedKey: 'src/graphql/resolvers/identity.ts',
  Application: 'src/graphql/resolvers/applications.ts',
  ApplicationLine: 'src/graphql/resolvers/applications.ts',
  ApplicationReview: 'src/graphql/resolvers/applications.ts',
  ApplicationDeadline: 'src/graphql/resolvers/applications.ts',
  ApplicationMove: 'src/graphql/resolvers/applications.ts',
  ApplicationPage: 'src/graphql/resolvers/applications.ts',
  OverduePage: 'src/graphql/resolvers/applications.ts',
  Preview: 'src/graphql/resolvers/preview.ts',
  PreviewedAccess: 'src/graphql/resolvers/preview.ts',
  PreviewedOperation: 'src/graphql/resolvers/preview.ts',
  ReplayedOperation: 'src/graphql/resolvers/preview.ts',
  Replay: 'src/graphql/resolvers/preview.ts',
  Quotas: 'src/graphql/resolvers/quotas.ts',
  QuotaLine: 'src/graphql/resolvers/quotas.ts',
  MinuteQuota: 'src/graphql/resolvers/quotas.ts',
  ItemNeeded: 'src/graphql/resolvers/needed.ts',
  PastOperation: 'src/graphql/resolvers/past-operations.ts',
  PastOperations: 'src/graphql/resolvers/past-operations.ts',
  SyncStatus: 'src/graphql/resolvers/sync-status.ts',
  RegistrySync: 'src/graphql/resolvers/sync-status.ts',
  RegistryQueues: 'src/sync/status.ts',
  QuarantinedEntry: 'src/graphql/resolvers/sync-quarantine.ts',
  Redriven: 'src/sync/redrive.ts',
  DepartmentFigures: 'src/evaluation/evaluate.ts',
  GrantFinding: 'src/evaluation/grants.ts',
  Evaluation: 'src/evaluation/evaluate.ts',
  DivisionFigure: 'src/evaluation/divisions.ts',
  DivisionFigures: 'src/evaluation/divisions.ts',
  DivisionCounts: 'src/evaluation/divisions.ts',
  DivisionShape: 'src/evaluation/shapes.ts',
  SpecialDay: 'src/graphql/resolvers/calendar.ts',
  WorkingYear: 'src/graphql/resolvers/calendar.ts',
  WorkingCalendar: 'src/graphql/resolvers/calendar.ts',
  RuledDeadline: 'src/graphql/resolvers/calendar.ts',
  Matter: 'src/graphql/resolvers/matters.ts',
  Case: 'src/graphql/resolvers/matters.ts',
  DivisionBound: 'src/graphql/resolvers/approvals.ts',
  Bound: 'src/graphql/resolvers/approvals.ts',
  GrantTuple: 'src/graphql/resolvers/approvals.ts',
  Grant: 'src/graphql/resolvers/approvals.ts',
  Territory: 'src/graphql/resolvers/approvals.ts',
  Denial: 'src/graphql/resolvers/approvals.ts',
  Seal: 'src/graphql/resolvers/approvals.ts',
  SubjectList: 'src/graphql/resolvers/approvals.ts',
  ExplainedWay: 'src/graphql/resolvers/explain.ts',
  ExplainedAsk: 'src/graphql/resolvers/explain.ts',
  ExplainedRefusal: 'src/graphql/resolvers/explain.ts',
  ExplainedWithheld: 'src/graphql/resolvers/explain.ts',
  ExplainedMasked: 'src/graphql/resolvers/explain.ts',
  Explanation: 'src/graphql/resolvers/explain.ts',
  Access: 'src/graphql/resolvers/explain.ts',
  FieldPermissions: 'src/graphql/resolvers/field-permissions.ts',
  FieldPermissionItem: 'src/graphql/resolvers/field-permissions.ts',
  FieldPermissionChanges: 'src/graphql/resolvers/field-permissions.ts',
  ChangedCell: 'src/graphql/resolvers/field-permissions.ts',
  CellReason: 'src/graphql/resolvers/field-permissions.ts',
  CellWay: 'src/graphql/resolvers/field-permissions.ts',
  CatalogItem: 'src/graphql/resolvers/catalog.ts',
  CatalogItemState: 'src/graphql/resolvers/catalog.ts',
  CatalogResource: 'src/graphql/resolvers/catalog.ts',
  CatalogResourceState: 'src/graphql/resolvers/catalog.ts',
  CatalogDraft: 'src/graphql/resolvers/catalog.ts',
  CatalogDraftMove: 'src/graphql/resolvers/catalog.ts',
};

const roots: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** Checks a contract as written against the declarations, the catalog's codes and the code that answers. */
export function checkContract(written: DocumentNode, codes: ReadonlySet<string>): Findings {
  const problems: string[] = [];
  const said = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      // A broken contract names every gap on a line of its own, below a heading.
      const [heading = '', ...gaps] = (error instanceof Error ? error.message : String(error)).split('\n- ');
      problems.push(...(gaps.length > 0 ? gaps : [heading]));
      return undefined;
    }
  };
  const types = written.definitions.filter((definition): definition is ObjectTypeDefinitionNode | ObjectTypeExtensionNode =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION);
  const completed = said(() => completeContract(written));
  const contract = completed && said(() => readContract(completed, records, links, (code) => codes.has(code)));
  const schema = completed && said(() => buildASTSchema(completed));
  if (contract && schema) problems.push(...unansweredRoots(schema, contract, said));
  for (const type of types) problems.push(...unansweredFields(type));
  const fields = types.flatMap((type) => type.fields ?? []);
  const checked = {
    fields: fields.length,
    'record types': types.filter((type) => has(type, 'record')).length,
    'look-ups': fields.filter((field) => has(field, 'lookup')).length,
    'catalog items': codes.size,
  };
  return { checked, problems };
}

/** No statement is run here. */
const never = (): Promise<never> => Promise.reject(new Error('nothing is asked of a database here'));

function unansweredRoots(schema: GraphQLSchema, contract: Contract, said: <T>(work: () => T) => T | undefined): string[] {
  said(() => {
    const work = readingOnly(() => '');
    const nowhere = { query: never, bytes: never };
    attachResolvers({ schema, contract }, work, new Records({ schema, contract }, { points: nowhere, lists: nowhere }, work));
  });
  said(() => hangDoors(schema, (root) => contract.lookups.has(root)));
  return [...roots].flatMap((name) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).filter((field) => field.resolve === undefined && field.subscribe === undefined && !(name === 'Query' && contract.lookups.has(field.name)))
      .map((field) => `${name}.${field.name} has neither a look-up nor a resolver`);
  });
}

/** Fields of a type that no record and no root is: nobody else looks at them. */
function unansweredFields(type: ObjectTypeDefinitionNode | ObjectTypeExtensionNode): string[] {
  const name = type.name.value;
  if (roots.has(name) || has(type, 'record')) return [];
  const file = answeredBy[name];
  if (file === undefined) return [`${name} is neither a record nor a root: say in test/check/contract.ts which file answers its fields`];
  const text = linesOf(root, file).join('\n');
  return (type.fields ?? []).filter((field) => !new RegExp(`\\b${field.name.value}\\b`).test(text)).map((field) => `${name}.${field.name.value} is not written by ${file}`);
}

function has(node: { readonly directives?: readonly ConstDirectiveNode[] }, directive: string): boolean {
  return node.directives?.some((own) => own.name.value === directive) ?? false;
}

/** The codes of the catalog that the seeds bring. */
export function catalogCodes(folder: string): ReadonlySet<string> {
  const below = join(folder, 'seeds', 'catalog');
  return new Set(filesBelow(below).filter((file) => file.endsWith('.csv')).flatMap((file) =>
    readFileSync(join(below, file), 'utf8').split(/\r?\n/).slice(1).map((line) => line.split(',')[0] ?? '').filter((code) => code !== '')));
}

if (import.meta.main) report('contract', checkContract(readSdl(), catalogCodes(root)));
