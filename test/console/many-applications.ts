/**
 * A county with two hundred applications, each with a grant of a fifth of all items: what a large matrix of field permissions is made of.
 */
import type { ConsoleHub } from './hub.ts';
import type { ConsolePage } from './browser.ts';

/** Registers 195 applications beside those of the tests. */
export async function manyApplications({ hub: { database: { sql }, standing } }: ConsoleHub): Promise<void> {
  await sql`insert into consumer (code, name, department_code, service_platform) select 'many-' || to_char(n, 'FM000'), '第' || n || '号业务系统', (select code from department order by code offset n % (select count(*) from department) limit 1), true from generate_series(1, 195) n`;
  const codes = [...standing.current.catalog.codes()].toSorted();
  const line = { modes: ['QUERY'], mask: null, bounds: [], matters: null, quotaPerDay: null, validFrom: '2020-01-01T00:00:00Z', validTo: null };
  const kinds = [{ uses: ['read'] }, { uses: ['read'], bounds: [{ kind: 'registrar', codes: ['620623'] }] }, { uses: ['verify'] }, { uses: ['find'] }];
  for (let n = 1; n <= 195; n += 1) {
    const tuples = codes.filter((_code, place) => (place * 7 + n * 3) % 5 === 0).map((item, place) => ({ item, ...line, ...kinds[(place + n) % kinds.length] }));
    await sql`insert into sharing_grant (approval_no, consumer_code, tuples) values (${`天数授〔2026〕${n}号`}, ${`many-${String(n).padStart(3, '0')}`}, ${JSON.stringify(tuples)}::text::jsonb)`;
  }
  await standing.look();
}

/** A cell of the matrix as it is read out: item, application, and how its state begins. */
export function cellOf(at: ConsolePage, item: string, consumer: string, state = ''): ReturnType<ConsolePage['page']['getByRole']> {
  return at.page.getByRole('gridcell', { name: new RegExp(`^${item}，${consumer}：${state}`) });
}
