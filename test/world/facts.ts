/**
 * Facts of the test county that tests need to ask about: who exists and who does not.
 */
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import type { Database } from '../../src/db/open.ts';

export interface Facts {
  /** Some who are there, by identity number. */
  readonly idNumbers: readonly string[];
  /** Somebody with a household of several and with certificates. */
  readonly familyMember: string;
  /** A valid number that nobody has. */
  readonly nobody: string;
  /** Somebody with a disability record, and somebody without. */
  readonly disabled: string;
  readonly notDisabled: string;
  /** A legal entity that is there. */
  readonly uscc: string;
}

/** Looks the facts up. */
export async function somePeople({ sql }: Database): Promise<Facts> {
  const people = await sql<{ id: string }[]>`select id_number as id from person where id_number is not null order by id_number`;
  const idNumbers = people.map(({ id }) => id);
  const one = async (what: string, found: Promise<readonly { id: string }[]>): Promise<string> => {
    const [row] = await found;
    if (row === undefined) throw new Error(`The test county has no ${what}.`);
    return row.id;
  };
  return {
    idNumbers,
    nobody: idNumberWithCheck('11010119000101001'),
    familyMember: await one('family', sql<{ id: string }[]>`
      select p.id_number as id from person p
      where (select count(*) from person m where m.household_no = p.household_no) > 2
        and exists (select 1 from certificate c where c.holder_person_keys @> array[p.person_key])
        and exists (select 1 from credit_permit x where x.counterparty_person_key = p.person_key) order by 1 limit 1`),
    disabled: await one('disabled person', sql<{ id: string }[]>`select p.id_number as id from person p join disability_record d on d.person_key = p.person_key order by 1 limit 1`),
    notDisabled: await one('person without disability', sql<{ id: string }[]>`select p.id_number as id from person p where not exists (select 1 from disability_record d where d.person_key = p.person_key) order by 1 limit 1`),
    uscc: await one('legal entity', sql<{ id: string }[]>`select uscc as id from legal_entity order by 1 limit 1`),
  };
}
