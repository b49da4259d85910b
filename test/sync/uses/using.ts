/**
 * Certificates that the city's police have issued and passed on, and uses of them in the county, for tests that look at what becomes of those.
 */
import { Scope } from '../../../src/audit/record.ts';
import { writeUse } from '../../../src/certificates/usage.ts';
import type { Database } from '../../../src/db/open.ts';
import { writeClaims } from '../../../src/records/write.ts';
import { records } from '../../../src/registries/index.ts';
import { certificateIdentifierWithCheck } from '../../../src/registries/identifiers/index.ts';
import { CityError } from '../../../src/sync/city.ts';
import type { CityUses, PassedUpUse } from '../../../src/sync/city.ts';
import { readOutcomes } from '../../../src/sync/envelope.ts';
import { belongsHere } from '../../../src/sync/home.ts';
import { auditOn, Clock, entry } from '../../audit/world.ts';
import { callers, registerOther } from '../../world/callers.ts';
import { decided, grantTo } from '../../world/grants.ts';
import { clonedHub, testPersonKey } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';

export const cityPolice = '620600-GA';
/** The credit code of the city's police, under which they issue. */
export const issuerCode = '11620600013902641R';

/** The county at the city, the issuer there, and the matter under which certificates are used in the county. */
export const hubName = 'other-county-hub';
export const hub = `test-${hubName}`;
export const issuer = 'other-city-police';
export const matter = 'M-USES';
export const telling = 'mutation ($uses: [CertificateUseInput!]!) { it: tellCertificateUses(uses: $uses) { outcomes { index key status reason field } } }';

/** A city, a county below it that may read certificates, and the city as it is reached without a network, in the form of its answers; `hear` hears of what is sent. */
export async function twoHubs(hear: (uses: readonly PassedUpUse[]) => void): Promise<{ readonly city: TestHub; readonly county: TestHub; readonly desk: CityUses }> {
  const city = await clonedHub();
  const county = await clonedHub({ upper: true, audited: true });
  await city.database.sql`update department set uscc = ${issuerCode} where code = ${cityPolice}`;
  await registerOther(city.database, hubName, '620623-ZS', null);
  await registerOther(city.database, issuer, cityPolice, 'STEWARD');
  await registerOther(city.database, 'other-city-civil', '620600-ZS', 'STEWARD');
  await decided(city, `mutation { setHub(consumer: "${hub}", division: "620623") }`);
  const registered = await county.ask('steward', 'mutation ($matter: MatterInput!) { registerMatter(matter: $matter) }', { variables: { matter: { code: matter, name: '低保', departmentCode: callers.civilAffairs, participants: [], kin: [] } } });
  const items = [...county.standing.catalog.items()].flatMap(({ code }) => (code.startsWith('ZZ-01') ? [code] : []));
  const granted = await grantTo(county, 'test-civilAffairs', 'USES', items.map((item) => ({ item, uses: ['READ', ...(item === 'ZZ-0101' ? ['KEY'] : []), ...(item === 'ZZ-0100' ? ['EXIST'] : [])], matters: [matter] })));
  if (registered.errors.length + granted.errors.length > 0) throw new Error('The county may use certificates.');
  const desk: CityUses = {
    tellUses: async (uses) => {
      hear(uses);
      const { data, errors } = await city.ask(hubName, telling, { variables: { uses } });
      if (errors.length > 0) throw new CityError('REFUSED', String(errors[0]?.message), null, String(errors[0]?.extensions['code']));
      return readOutcomes(data['it'], 'tellCertificateUses', uses.map(({ key }) => key));
    },
  };
  return { city, county, desk };
}

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

/** Answers that held these certificates, one after the other in one chain of the audit, which ends with them. `at`: milliseconds since the epoch. */
export async function answered(county: Parameters<typeof auditOn>[0], certificates: readonly Held[], { at = Date.parse(now), outcome = 'OK' }: { readonly at?: number; readonly outcome?: string } = {}): Promise<void> {
  const { sql } = county;
  const rows = await sql<{ key: string; id: string }[]>`select source_key as key, record_id::text as id from source_record where record_type = 'Certificate' and source = ${cityPolice}`;
  const ids = new Map(rows.map(({ key, id }) => [key, id]));
  const clock = new Clock();
  clock.at = at;
  const audit = auditOn(county, clock);
  const scope = new Scope({ kind: 'QUERY', consumer: 'test-civilAffairs', department: callers.civilAffairs, matter, delivered: { Certificate: ['ZZ-0104'] } });
  await Promise.all(certificates.map(({ key }, n) => audit.write(entry({ at: at + n, scope, operator: 'signed:MZ-0317', caseNo: `2026-${n}`, outcome, certificates: [ids.get(key) ?? ''] }))));
  await audit.close();
}

/** A use as a hub tells of it. */
export function toldUse({ key: sourceKey }: Pick<Held, 'key'>, more: Partial<PassedUpUse> & { readonly key: string }): PassedUpUse {
  return {
    source: cityPolice, sourceKey, at: now, mode: 'CHECK', copyId: '7K2M9QXD4T', consumer: 'app', departmentCode: '620623-SC', operator: null, operatorVerified: false, matterCode: null, caseNo: null, cause: null,
    fields: [], result: 'VALID', ...more,
  };
}
