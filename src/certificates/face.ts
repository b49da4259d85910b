/**
 * What an annotated copy shows of a certificate: its face, read for one caller under his matter and case by the one judged statement of
 * a look-up by key. A field that he may not read unmasked is withheld, and the copy says so; a mask of a value is no value to be printed.
 *
 * Where nothing is found here the upper hub is asked, as by any look-up by key.
 *
 * It does as much for somebody who is absent, sealed or outside as for nobody. It refuses an identifier whose check character does not
 * fit. Who holds the certificate and who issued it is told beside the face, for what is decided and written down here; it is not delivered.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { circumstancesOf } from '../identity/purpose.ts';
import type { Purpose } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import { keyedLookUp } from '../query/copies.ts';
import type { Filling, Gap } from '../query/copies.ts';
import { asksByKey, keyAt, keyFieldOf, passingByKey } from '../query/passed-on.ts';
import type { KeyedRow } from '../query/passed-on.ts';
import type { StatementLanes } from '../query/run.ts';
import { keysIn } from '../query/subjects.ts';
import type { Run } from '../query/tree.ts';
import type { Contract, LeafField, RecordType } from '../registries/contract.ts';
import { isPersonal } from '../sharing/catalog.ts';
import { planOf } from '../sharing/plan.ts';
import type { Plan, Withheld } from '../sharing/plan.ts';
import type { Ask, Consumer, Quota } from '../sharing/terms.ts';

/** The coordinate at which making a copy is judged. */
export const copyAt = 'Mutation.issueCopy';

/** Fields that a copy shows, in the order of the paper. */
export const faceFields = [
  'typeName', 'certificateName', 'certificateNumber', 'version', 'holderNames', 'holderCodes', 'issuingAuthorityName', 'issuedOn', 'validFrom', 'validTo', 'validityRange', 'status',
  'certificateIdentifier', 'faceItems',
] as const;
export type FaceField = (typeof faceFields)[number];

/** Who asks, for what, when; the day is a civil date in Asia/Shanghai. */
export interface FaceQuestion {
  readonly certificateIdentifier: string;
  readonly caller: Consumer;
  readonly standing: Standing;
  readonly purpose: Purpose;
  readonly today: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly now: string;
}

/** What reading takes. */
export interface FaceParts {
  readonly lanes: StatementLanes;
  readonly sql: postgres.Sql;
  readonly contract: Contract;
  readonly personKey: (idNumber: string) => string;
  /** The upper hub, where this one keeps copies of its records; absent: there is none. */
  readonly filling?: Filling;
}

/** What is read, for the audit. */
export interface FaceFacts {
  readonly delivered: Readonly<Record<string, readonly string[]>>;
  readonly items: readonly string[];
  readonly by: readonly string[];
  readonly withheld: readonly { readonly at: string; readonly item: string; readonly because: string }[];
  readonly quotas: readonly Quota[];
  readonly personal: boolean;
}

/** A certificate's face as the caller may have it. */
export interface Face {
  readonly recordId: string;
  readonly values: Readonly<Partial<Record<FaceField, unknown>>>;
  /** Fields of the paper that he may not have of this certificate. */
  readonly withheld: readonly FaceField[];
  readonly background: Background;
  /** Keys of persons whose data it is. */
  readonly subjects: readonly string[];
}

/** What is known of a certificate here, and never delivered by this file. */
export interface Background {
  readonly issuerCode: string | null;
  /** Keys of the holders: of persons, and credit codes of entities. */
  readonly holders: readonly string[];
  /** Holders of whom no key is known. */
  readonly unknownHolders: boolean;
  readonly needsAuthorization: boolean;
}

/** What came of a question; `face` is null where there is no such certificate for this caller. */
export interface FaceAnswer {
  readonly face: Face | null;
  readonly facts: FaceFacts;
  /** Entries of the plan, by field. */
  readonly because: (field: FaceField) => Withheld | undefined;
}

/** Reads a face. `caseKeys`: whom the case covers, as an array literal of PostgreSQL. */
export async function readFace(parts: FaceParts, question: FaceQuestion, caseKeys: string): Promise<FaceAnswer> {
  const { certificateIdentifier, caller, standing, purpose, today, now } = question;
  const type = typeIn(parts.contract);
  const wanted = new Set<string>(faceFields);
  const asks = asksByKey(type, copyAt, wanted);
  const plan = planOf(asks, { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances: circumstancesOf(purpose, now) }, parts.contract.itemsOfTypes);
  const [refused] = plan.refused;
  if (refused !== undefined) throw new HubError('FIND_NOT_SHARED', `${refused.at} may not be found by: ${refused.because}`, { ...refused });
  const { fields, byKeys } = passingByKey(type, copyAt, plan, wanted, { sealsListed: standing.sealsListed, sources: false, record: true });
  const sealed = standing.sealed && standing.sealsListed ? { sealedKeys: standing.sealedBut(standing.policyOf(caller).seals) } : undefined;
  const request: Run = { ...sealed, caseKeys, variables: { keys: [certificateIdentifier] }, today, now, purpose: { matter: purpose.matter?.code ?? null, caseNo: purpose.caseNo, consumer: caller.consumer }, personKey: parts.personKey };
  const read = async (): Promise<KeyedRow | undefined> => (await parts.lanes.points.query(byKeys.text, byKeys.parameters(request)) as unknown as readonly KeyedRow[])[0];
  const since = performance.now();
  const held = await read();
  const leaves = fields.flatMap((name) => leafIn(type, name));
  const row = held ?? await filled(parts, question, request, { root: keyedLookUp(type, copyAt, keyAt(copyAt), plan, leaves, beside), missing: [0], copies: [] }, read, since);
  const background = await backgroundOf(parts.sql, row?.id ?? nobody);
  const because = (field: FaceField): Withheld | undefined => plan.withheld(`${type.name}.${field}`);
  return { face: row === undefined || background === null ? null : faceOf(row, fields, background), facts: factsOf(question, type, asks, plan, fields), because };
}

/** Fields by which it is decided whether a copy may be made, beside those that it shows. */
const beside = ['typeCode', 'issuingAuthorityCode', 'holderCodes', 'holderCodeTypes', 'holderUsccs', 'holderNames'] as const;

function leafIn({ fields }: RecordType, name: string): readonly LeafField[] {
  const field = fields.get(name);
  return field?.kind === 'leaf' ? [field] : [];
}

/** Asks the upper hub for a certificate that is not found here, whoever's it is, and reads again. Throws `CITY_UNREACHABLE` where it does not answer. */
async function filled({ filling }: FaceParts, { caller, purpose: { matter, caseNo, operator }, standing }: FaceQuestion, request: Run, gap: Gap, read: () => Promise<KeyedRow | undefined>, since: number): Promise<KeyedRow | undefined> {
  const answered = await filling?.fill([gap], request, { department: caller.department, matter: matter?.code ?? null, caseNo, operator: operator?.code ?? null, catalog: standing.catalog, maxAge: null }, since);
  if (answered === undefined || answered === null) return undefined;
  const row = answered.again ? await read() : undefined;
  answered.settle(row === undefined ? [gap] : []);
  if (row === undefined && answered.unfilled(gap.root, 0) === 'UNREACHABLE') throw new HubError('CITY_UNREACHABLE', 'Nothing is held here of this certificate, and the upper hub does not answer: whether it is there is not known. Ask again later.', { at: copyAt });
  return row;
}

function typeIn({ types }: Contract): RecordType {
  const type = types.get('Certificate');
  if (type === undefined) throw new Error('The contract has certificates.');
  return type;
}

function faceOf({ id, s, hidden, record }: KeyedRow, fields: readonly string[], background: Background): Face {
  const unseen = new Set(hidden === null ? [] : JSON.parse(hidden) as string[]);
  const shown = JSON.parse(record ?? '{}') as Readonly<Record<string, unknown>>;
  const mayHave = (field: string): boolean => fields.includes(field) && !unseen.has(field);
  return {
    recordId: id, background, subjects: keysIn([s]),
    values: Object.fromEntries(faceFields.filter(mayHave).map((field) => [field, shown[field] ?? null])),
    withheld: faceFields.filter((field) => !mayHave(field)),
  };
}

const nobody = '00000000-0000-0000-0000-000000000000';

/** Asked for whoever is there or not: the same number of statements either way. */
async function backgroundOf(sql: postgres.Sql, id: string): Promise<Background | null> {
  const [row] = await sql<{ issuer: string | null; holders: string[]; unknown: boolean; needs: boolean }[]>`
    select c.issuing_authority_code as issuer, coalesce(c.holder_person_keys, '{}') || coalesce(c.holder_usccs, '{}') as holders,
      greatest(cardinality(c.holder_codes), cardinality(c.holder_names), 1) > cardinality(coalesce(c.holder_person_keys, '{}') || coalesce(c.holder_usccs, '{}')) as unknown,
      coalesce((select t.copy_needs_authorization from certificate_type t where t.type_code = c.type_code), true) as needs
    from certificate c where c.id = ${id}`;
  return row === undefined ? null : { issuerCode: row.issuer, holders: row.holders.filter((key) => key !== null), unknownHolders: row.unknown, needsAuthorization: row.needs };
}

function factsOf({ standing: { catalog } }: FaceQuestion, type: RecordType, asks: readonly Ask[], plan: Plan, fields: readonly string[]): FaceFacts {
  const shown = new Set(fields.map((field) => `${type.name}.${field}`));
  const items = [...new Set([type.existsItem, ...asks.flatMap(({ item, at }) => (shown.has(at) ? [item] : []))])];
  const quotas = new Map([...shown, copyAt, `${copyAt}(keys)`].flatMap((at) => plan.quotas(at)).map((quota) => [`${quota.approvalNo}|${quota.item}|${quota.line}`, quota]));
  const withheld = asks.flatMap(({ at }) => {
    const entry = shown.has(at) ? undefined : plan.withheld(at);
    return entry === undefined ? [] : [{ at, item: entry.item, because: entry.because }];
  });
  const personal = items.some((code) => {
    const item = catalog.item(code);
    // What is not in the catalog could be.
    return item === undefined || isPersonal(item);
  });
  return { delivered: { [type.name]: items }, items, by: keyFieldOf(type).items, withheld, quotas: [...quotas.values()], personal };
}
