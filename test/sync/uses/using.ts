/**
 * Certificates that the city's police have issued and passed on, and uses of them in the county, for tests that look at what becomes of those.
 */
import { writeUse } from '../../../src/certificates/usage.ts';
import type { Database } from '../../../src/db/open.ts';
import { writeClaims } from '../../../src/records/write.ts';
import { records } from '../../../src/registries/index.ts';
import { certificateIdentifierWithCheck } from '../../../src/registries/identifiers/index.ts';
import type { PassedUpUse } from '../../../src/sync/city.ts';
import { belongsHere } from '../../../src/sync/home.ts';
import { testPersonKey } from '../../world/hub.ts';

export const cityPolice = '620600-GA';
/** The credit code of the city's police, under which they issue. */
export const issuerCode = '11620600013902641R';

/** A certificate that is there in both hubs. */
export interface Held {
  readonly identifier: string;
  /** The police's own key of it. */
  readonly key: string;
  /** The holder's identity number. */
  readonly holder: string;
}

const certificate = records.find(({ type }) => type === 'Certificate')!;
const now = '2026-11-24T02:00:30.000Z';

/** The police tell of a certificate like the n-th identity card of the template, or the city passes on that they do. */
export async function hold({ sql }: Pick<Database, 'sql'>, n: number, division: '620600' | '620623', more: { readonly source?: string; readonly gone?: true } = {}): Promise<Held> {
  const [card] = await sql<{ id: string; values: string }[]>`
    select c.certificate_identifier as id, s."values"::text as values from certificate c join source_record s on s.record_id = c.id where c.type_name = '居民身份证' and c.status = '01' and s.source = '620623-ZS' order by 1 offset ${n % 50} limit 1`;
  if (card === undefined) throw new Error('The template has identity cards.');
  const [, , , , , type = '', authority = ''] = card.id.split('.');
  const identifier = certificateIdentifierWithCheck(type, authority, String(20_990_000_000_000 + n), '001');
  const told = JSON.parse(card.values) as Readonly<Record<string, unknown>>;
  const { source = cityPolice, gone: deleted = false } = more;
  const [version, at] = deleted ? ['2', '2026-11-24T02:00:45.000Z'] : ['1', now];
  const passed = belongsHere(division, source) ? {} : { passedOn: true, whole: true };
  const values = { ...told, certificateIdentifier: identifier, certificateNumber: `市${n}`, issuingAuthorityName: '武威市公安局', issuingAuthorityCode: issuerCode, status: '01', validTo: '2036-01-01' };
  await writeClaims({ sql, now: at, today: '2026-11-24', personKey: testPersonKey, belongsHere: (own) => belongsHere(division, own), ...('passedOn' in passed ? { origin: 'another hub' } : {}) }, certificate, source, [{ key: `card-${n}`, version, at, ...passed, deleted, values: (deleted ? {} : values) as never }]);
  return { identifier, key: `card-${n}`, holder: (told['holderCodes'] as readonly string[])[0] ?? '' };
}

/** Notes that a hub was given a certificate, as the feed and look-ups do. */
export async function given({ sql }: Pick<Database, 'sql'>, hub: string, { key }: Pick<Held, 'key'>, source: string = cityPolice): Promise<void> {
  await sql`insert into feed_delivery (consumer_code, record_type, record_id) select ${hub}, record_type, record_id from source_record where record_type = 'Certificate' and source = ${source} and source_key = ${key} on conflict do nothing`;
}

/** Writes a check of a copy down in the county, as checking one does. */
export async function checkOf({ sql }: Pick<Database, 'sql'>, { identifier, key }: Held, result = 'VALID', source: string = cityPolice): Promise<void> {
  const [{ id } = { id: '' }] = await sql<{ id: string }[]>`select record_id::text as id from source_record where record_type = 'Certificate' and source = ${source} and source_key = ${key}`;
  await writeUse(sql, '620623', { recordId: id, at: now, certificateIdentifier: identifier, issuerCode, mode: 'CHECK', copyId: '7K2M9QXD4T', consumer: 'test-market', department: '620623-SC', operator: null, matter: null, caseNo: null, cause: null, fields: [], result });
}

/** A use as a hub tells of it. */
export function toldUse({ key: sourceKey }: Pick<Held, 'key'>, more: Partial<PassedUpUse> & { readonly key: string }): PassedUpUse {
  return {
    source: cityPolice, sourceKey, at: now, mode: 'CHECK', copyId: '7K2M9QXD4T', consumer: 'app', departmentCode: '620623-SC', operator: null, operatorVerified: false, matterCode: null, caseNo: null, cause: null,
    fields: [], result: 'VALID', ...more,
  };
}
