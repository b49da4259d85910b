/**
 * Names of codes → codes: what a file writes as 藏族 or 有限责任 becomes the code of the standard's table, where a column holds codes.
 *
 * The tables come from the database (`code_entry`). A text that is no code and no name is left to the row's schema, which refuses it
 * by its form; nothing is guessed: a name that fits two codes fits none.
 */
import type { Session } from './tables.ts';

/** Which code table a column takes its codes from; the first that fits counts. */
const tables: readonly (readonly [types: RegExp, field: RegExp, table: string])[] = [
  [/./, /^(newborn)?gender(Code)?$/i, 'gender'],
  [/./, /^ethnicityCode$/, 'ethnicity'],
  [/./, /^educationCode$/, 'education'],
  [/./, /^maritalStatusCode$/, 'maritalStatus'],
  [/./, /^employmentStatusCode$/, 'employmentStatus'],
  [/./, /^politicalStatusCode$/, 'politicalStatus'],
  [/./, /^relation(ToHead)?Code$/, 'kinship'],
  [/./, /IdType(Code)?$/, 'idDocumentType'],
  [/^LegalEntity$/, /^category$/, 'usccCategory'],
  [/^(LegalEntity|Branch)$/, /^status$/, 'regState'],
  [/^CreditPermit$/, /^permitCategory$/, 'permitCategory'],
  [/^Credit/, /^counterpartyType$/, 'counterpartyType'],
  [/^Certificate$/, /^status$/, 'certState'],
];

/** What people write instead of the standard's name. */
const spoken: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gender: { 男: '1', 女: '2' },
  politicalStatus: { 党员: '01', 中共党员: '01', 预备党员: '02', 中共预备党员: '02', 团员: '03', 共青团员: '03' },
  idDocumentType: { 身份证: '111', 公民身份号码: '111', 护照: '414' },
  currency: { 人民币: '156', 美元: '840', 欧元: '978', 港元: '344', 港币: '344', 日元: '392', 英镑: '826' },
};

/** The code tables as a file's cells are read by them. */
export class Codes {
  readonly #byTable: ReadonlyMap<string, ReadonlyMap<string, string | null>>;

  constructor(entries: Iterable<{ readonly table: string; readonly code: string; readonly name: string }>) {
    const byTable = new Map<string, Map<string, string | null>>();
    const note = (table: string, name: string, code: string): void => {
      const names = byTable.get(table) ?? new Map<string, string | null>();
      const known = names.get(name);
      names.set(name, known === undefined || known === code ? code : null);
      byTable.set(table, names);
    };
    for (const { table, code, name } of entries) {
      note(table, code, code);
      for (const form of formsOf(table, name)) note(table, form, code);
    }
    for (const [table, names] of Object.entries(spoken)) for (const [name, code] of Object.entries(names)) note(table, name, code);
    this.#byTable = byTable;
  }

  /** The table that a field takes its codes from; null if it is no such field. */
  tableOf(type: string, field: string): string | null {
    const table = tables.find(([types, fields]) => types.test(type) && fields.test(field))?.[2];
    return table !== undefined && this.#byTable.has(table) ? table : null;
  }

  /** The code that a text names, be it the code itself; null if it names none or more than one. */
  read(table: string, text: string): string | null {
    const names = this.#byTable.get(table);
    return names?.get(text) ?? names?.get(plain(text)) ?? names?.get(plain(text).replace(/\(.*$/, '')) ?? null;
  }
}

/** Reads the code tables of a hub. */
export async function loadCodes(sql: Session): Promise<Codes> {
  return new Codes(await sql<{ table: string; code: string; name: string }[]>`select code_table as "table", code, name from code_entry`);
}

/** A name as people shorten it: without its bracket, one of several in its bracket, without the word that every name of the table ends with. */
function formsOf(table: string, name: string): string[] {
  const whole = plain(name);
  const parts = [whole, whole.replace(/\(.*\)$/, ''), ...(/\((.*)\)$/.exec(whole)?.[1]?.split('、') ?? [])];
  if (table === 'ethnicity') parts.push(whole.replace(/族$/, ''));
  return [...new Set(parts)].filter((part) => part !== '');
}

function plain(text: string): string {
  return text.replaceAll('（', '(').replaceAll('）', ')').replaceAll('，', ',').replaceAll(/\s/g, '');
}
