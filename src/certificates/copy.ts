/**
 * Annotated copies (加注件): a certificate's face on paper, for one matter and case, made out to who asks for it, until a day.
 *
 * A copy shows what its caller may read of this certificate, field by field, and says what it does not show. It is made of a valid
 * certificate only, held by somebody whom the case covers, and where the type of the certificate demands it with the authorization of
 * every holder. It is given to the one that asked, until it expires; then its file is removed. Making it and taking it are uses of
 * the certificate, and written down for its issuer (usage.ts). Whoever is absent, sealed, outside or none of the case is refused alike.
 */
import { hash } from 'node:crypto';
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import type { KeyProvider } from '../identity/key-provider.ts';
import type { Operator } from '../identity/operator.ts';
import type { CoveredBy } from '../query/run.ts';
import { readIdentifier } from '../registries/identifiers/index.ts';
import type { Consumer, Matter } from '../sharing/terms.ts';
import { codeOf, inGroups, newCopyId } from './code.ts';
import { readFace } from './face.ts';
import type { Background, Face, FaceAnswer, FaceFacts, FaceField, FaceParts, FaceQuestion } from './face.ts';
import { paperOf } from './paper.ts';
import type { Printer } from './printer.ts';
import { asSignature, signCopy } from './signature.ts';
import type { CopySignature } from './signature.ts';
import { writeUse } from './usage.ts';

/** What making and giving copies takes. */
export interface CopyParts extends FaceParts {
  readonly covered: CoveredBy;
  readonly keys: KeyProvider;
  /** Where this hub is reached from outside, without a slash at the end: what QR codes lead to. */
  readonly publicUrl: () => string;
  readonly printer: Printer;
  /** How codes of sources begin that lie within this hub: uses of certificates that another source has told go up; null: there is no hub above. */
  readonly within: string | null;
}

/** A copy that is wanted. */
export interface NewCopy extends FaceQuestion {
  readonly cause: string;
  /** Civil days, today included in them. */
  readonly validDays: number;
}

/** A copy that was made. */
export interface IssuedCopy {
  readonly id: string;
  readonly code: string;
  /** Paths below the hub's address. */
  readonly path: string;
  readonly signaturePath: string;
  /** Where anybody checks it. */
  readonly checkUrl: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly digest: string;
  readonly shown: readonly FaceField[];
  readonly withheld: readonly FaceField[];
}

/** What came of it, and what of it is written down. */
export interface IssuedAnswer {
  readonly copy: IssuedCopy;
  readonly facts: FaceFacts;
  readonly subjects: readonly string[];
}

/** Days for which a copy is good at most. */
export const mostDays = 90;

/** A purpose with all that a copy is annotated with. */
interface Errand {
  readonly matter: Matter;
  readonly caseNo: string;
  readonly operator: Operator;
}

/** What must be shown for a copy to mean anything. */
const needed: readonly FaceField[] = ['status', 'validFrom', 'validTo'];

const notThere = (): HubError => new HubError('BAD_INPUT', 'There is no certificate of this identifier that this caller may have a copy of under this case. Compare the identifier, and have the case opened with the holder among its subjects.');

/** Makes a copy. */
export async function issueCopy(parts: CopyParts, wanted: NewCopy): Promise<IssuedAnswer> {
  const certificateIdentifier = readIdentifier('certificateIdentifier', wanted.certificateIdentifier, wanted.today);
  const cause = causeIn(wanted.cause);
  if (wanted.validDays < 1 || wanted.validDays > mostDays) throw new HubError('BAD_INPUT', `validDays is 1 to ${mostDays}: a copy is for one errand, and another one is made for the next.`, { limit: mostDays });
  const errand = errandOf(wanted);
  const caseKeys = await parts.covered({ matter: errand.matter.code, caseNo: errand.caseNo, consumer: wanted.caller.consumer }, wanted.today, []);
  if (caseKeys === null) throw new HubError('CASE_NOT_OPEN', `Case ${errand.caseNo} of matter ${errand.matter.code} is not open. Have it opened with the holder as its subject (openCase), then ask again.`);
  const answer = await readFace(parts, { ...wanted, certificateIdentifier }, caseKeys);
  refuseWithheld(answer);
  const { face, facts } = answer;
  const authorized = await areAuthorized(parts.sql, wanted, errand.matter.code, face?.background ?? null);
  if (face === null || !face.background.holders.some((key) => caseKeys.includes(`"${key}"`))) throw notThere();
  if (face.background.needsAuthorization && !authorized) throw new HubError('FORBIDDEN', 'Copies of this type of certificate are made with the authorization of every holder only. Ask them, and record what they allow (recordAuthorization), then ask again.');
  refuseInvalid(face, wanted.today);
  const copy = await make(parts, { ...wanted, certificateIdentifier, cause }, errand, face);
  return { copy, facts, subjects: face.subjects };
}

function causeIn(text: string): string {
  const cause = text.trim();
  if (cause.length < 2 || cause.length > 200 || /\p{Cc}/u.test(cause)) throw new HubError('BAD_INPUT', 'cause says in 2 to 200 characters what the copy is for: it is printed on it, and told to the issuer.');
  return cause;
}

function errandOf({ purpose: { matter, caseNo, operator } }: NewCopy): Errand {
  if (matter === null || caseNo === null || operator === null) throw new HubError('PURPOSE_REFUSED', 'A copy is made for a matter and a case, by somebody: name them in Hub-Matter, Hub-Case and Hub-Operator.');
  return { matter, caseNo, operator };
}

/** Whether that is so is known from the plan, or from a bound on this certificate: without them nobody could say whether the copy is good. */
function refuseWithheld({ face, because }: FaceAnswer): void {
  for (const field of needed) {
    const entry = because(field);
    if (entry !== undefined) throw new HubError('FIELD_NOT_SHARED', `A copy tells whether the certificate is valid, and this caller may not read ${entry.at}: ${entry.because}`, { ...entry });
  }
  if (face !== null && needed.some((field) => face.withheld.includes(field))) throw notThere();
}

/** Has every holder allowed it? Asked whether or not there is anybody to ask about. */
async function areAuthorized(sql: postgres.Sql, { caller, now }: NewCopy, matter: string, background: Background | null): Promise<boolean> {
  const holders = background?.holders ?? [];
  const given = await sql<{ key: string }[]>`
    select distinct subject_key as key from holder_authorization where consumer_code = ${caller.consumer} and subject_key = any(${holders as string[]}::text[])
      and (matter_code is null or matter_code = ${matter}) and valid_from <= ${now} and valid_to > ${now} and revoked_at is null`;
  const keys = new Set(given.map(({ key }) => key));
  return background !== null && !background.unknownHolders && holders.length > 0 && holders.every((key) => keys.has(key));
}

function refuseInvalid({ values: { status, validFrom, validTo } }: Face, today: string): void {
  const within = (typeof validFrom !== 'string' || validFrom <= today) && (typeof validTo !== 'string' || today <= validTo);
  if (status === '01' && within) return;
  throw new HubError('CONFLICT', `The certificate is not valid today (state ${String(status)}), so no copy is made of it. Ask the holder whether there is a newer one, or its issuer to check (requestCheck).`);
}

async function make(parts: CopyParts, { certificateIdentifier, cause, caller, now, today, validDays }: NewCopy, { matter, caseNo, operator }: Errand, face: Face): Promise<IssuedCopy> {
  const { keys } = parts;
  const id = newCopyId();
  const code = codeOf(keys, id, certificateIdentifier, keys.current);
  const checkUrl = `${parts.publicUrl()}/c/${code}`;
  const expiresAt = endOf(today, validDays, face.values.validTo);
  const pdf = await parts.printer.print(paperOf(face, {
    copyId: id, code: inGroups(code), address: checkUrl, cause, department: caller.departmentName, application: caller.name, operator: operator.code, matter: matter.name, matterCode: matter.code, caseNo,
    issuedAt: now, expiresAt, keyVersion: keys.current,
  }));
  const { digest, keyVersion, signature } = signCopy(keys, id, pdf, now);
  const shown = Object.keys(face.values) as FaceField[];
  await safely(parts.sql, 'issue a copy', async (tx) => {
    await tx`
      insert into certificate_copy (id, record_id, certificate_identifier, consumer_code, issued_at, expires_at, person_keys, pdf, digest, signed_at, key_version, signature)
      values (${id}, ${face.recordId}, ${certificateIdentifier}, ${caller.consumer}, ${now}, ${expiresAt}, ${face.subjects as string[]}, ${pdf}, ${digest}, ${now}, ${keyVersion}, ${signature})`;
    await writeUse(tx, parts.within, {
      recordId: face.recordId, at: now, certificateIdentifier, issuerCode: face.background.issuerCode, mode: 'COPY', copyId: id, consumer: caller.consumer, department: caller.department,
      operator: operatorText(operator), matter: matter.code, caseNo, cause, fields: shown, result: 'ISSUED',
    });
  });
  return { id, code: inGroups(code), path: `/copies/${id}.pdf`, signaturePath: `/copies/${id}.pdf.sig`, checkUrl, issuedAt: now, expiresAt, digest, shown, withheld: face.withheld };
}

/** As the audit writes it: who has signed is told from who is only said to be. */
const operatorText = ({ code, verified }: Operator): string => `${verified ? 'signed' : 'said'}:${code}`;

/** The midnight after the last day on which a copy is good: as long as was asked for, and no longer than the certificate. */
function endOf(today: string, days: number, validTo: unknown): string {
  const end = new Date(Date.parse(`${today}T00:00:00+08:00`) + days * 86_400_000);
  const last = typeof validTo === 'string' ? new Date(Date.parse(`${validTo}T00:00:00+08:00`) + 86_400_000) : end;
  return (last < end ? last : end).toISOString();
}

/** A file that is given, its signature, and whose data it is. */
export interface GivenCopy {
  readonly pdf: Buffer;
  readonly signature: CopySignature;
  readonly subjects: readonly string[];
}

interface CopyRow {
  readonly recordId: string;
  readonly identifier: string;
  readonly issuer: string | null;
  readonly pdf: Buffer;
  readonly keys: string[];
  readonly digest: string;
  readonly version: number;
  readonly at: string;
  readonly signature: string;
}

/** What taking a file takes. */
export interface Taker {
  readonly caller: Consumer;
  /** ISO 8601 in UTC with milliseconds. */
  readonly now: string;
}

/** Gives the file of a copy to whom it was made out; to anybody else, and when it has expired, it is not there. */
export async function takeCopy({ sql, within }: Pick<CopyParts, 'sql' | 'within'>, id: string, { caller, now }: Taker): Promise<GivenCopy> {
  const row = await copyRow(sql, id, { caller, now });
  if (hash('sm3', row.pdf, 'hex') !== row.digest) throw new HubError('INTERNAL', 'The file of this copy is not what was signed, and is not given. Have the data authority look at it, and make another copy.');
  await safely(sql, 'write down a download', (tx) => writeUse(tx, within, {
    recordId: row.recordId, at: now, certificateIdentifier: row.identifier, issuerCode: row.issuer, mode: 'DOWNLOAD', copyId: id, consumer: caller.consumer, department: caller.department, operator: null, matter: null, caseNo: null, cause: null, fields: [], result: 'DELIVERED',
  }));
  return { pdf: row.pdf, signature: signatureIn(id, row), subjects: row.keys };
}

/** The signature of a copy's file, for whom it was made out. */
export async function signatureOf(sql: postgres.Sql, id: string, taker: Taker): Promise<CopySignature> {
  return signatureIn(id, await copyRow(sql, id, taker));
}

async function copyRow(sql: postgres.Sql, id: string, { caller, now }: Taker): Promise<CopyRow> {
  const [row] = await sql<CopyRow[]>`
    select c.record_id::text as "recordId", c.certificate_identifier as identifier, u.issuer_code as issuer, c.pdf, c.person_keys as keys, c.digest, c.key_version as version, to_char(c.signed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, c.signature
    from certificate_copy c join certificate_use u on u.copy_id = c.id and u.mode = 'COPY' and u.told_by is null where c.id = ${id} and c.consumer_code = ${caller.consumer} and c.expires_at > ${now} and c.pdf is not null`;
  if (row === undefined) throw new HubError('FORBIDDEN', 'There is no such copy that was made out to this caller, or it has expired. Make another one (issueCopy).');
  return row;
}

const signatureIn = (copy: string, { digest, version, at, signature }: CopyRow): CopySignature => asSignature({ copy, digest, keyVersion: version, signedAt: at, signature });

/** Removes the files of copies that have expired; what was done with them stays known. How many. */
export async function forgetCopies(sql: postgres.Sql, now: string): Promise<number> {
  return (await sql`update certificate_copy set pdf = null where pdf is not null and expires_at <= ${now}`).count;
}

async function safely<T>(sql: postgres.Sql, what: string, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  try {
    return await sql.begin(work) as T;
  } catch (error) {
    throw safeError(error, what);
  }
}
