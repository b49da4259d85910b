/**
 * The file of the import bench: the persons of the synthetic county as a department would send them.
 *
 * The same people and seed give the same bytes. The rows are as messy as real ones: dates in four forms, names of codes instead of
 * codes, full-width digits, blanks, cells that say nothing in several ways, quoted line ends; two of a thousand cannot be taken.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rowText } from '../../src/files/csv.ts';
import { readSeed } from '../../src/seeding/csv.ts';
import { syntheticCounty } from '../../src/seeding/county.ts';
import { countyDay } from '../../src/seeding/seed.ts';

/** Columns of the file: the field and what this department calls it. */
const columns: readonly (readonly [field: string, name: string])[] = [
  ['idNumber', '公民身份号码'], ['name', '姓名'], ['formerName', '曾用名'], ['nameTibetan', 'nameTibetan'], ['genderCode', 'gender_code'],
  ['ethnicityCode', 'ethnicity_code'], ['birthDate', '出生日期'], ['birthCountryCode', 'birthCountryCode'], ['birthDivisionCode', 'birthDivisionCode'],
  ['nativeDivisionCode', 'nativeDivisionCode'], ['nationalityCode', 'nationalityCode'], ['educationCode', 'educationCode'],
  ['maritalStatusCode', 'maritalStatusCode'], ['militaryServiceCode', 'militaryServiceCode'], ['politicalStatusCode', 'politicalStatusCode'],
  ['registeredAddress', 'registeredAddress'], ['registeredDivisionCode', 'registeredDivisionCode'], ['residenceAddress', 'residenceAddress'],
  ['residenceDivisionCode', 'residenceDivisionCode'], ['standardAddressCode', 'standardAddressCode'], ['townshipCode', 'townshipCode'],
  ['villageCode', 'villageCode'], ['policeStationName', 'policeStationName'], ['policeStationCode', 'policeStationCode'], ['householdNo', 'householdNo'],
  ['householdTypeCode', 'householdTypeCode'], ['relationToHeadCode', 'relationToHeadCode'], ['personStatus', 'personStatus'],
  ['idCardIssuer', 'idCardIssuer'], ['idCardValidFrom', 'idCardValidFrom'], ['idCardValidTo', 'idCardValidTo'], ['photoRef', 'photoRef'], ['phone', 'phone'],
];

/** The department whose file it is. */
export const fileSource = '620623-GA';

/** Writes the file; says how many rows it holds and how many of them cannot be taken. */
export async function writePeople(path: string, people: number, seed: string): Promise<{ readonly rows: number; readonly bad: number }> {
  const ethnicities = new Map(readSeed('codes.csv', ['table', 'code', 'name']).filter(({ table }) => table === 'ethnicity').map(({ code, name }) => [code, name]));
  const out = createWriteStream(path, { highWaterMark: 1 << 20 });
  out.write(rowText(columns.map(([, name]) => name)));
  let [rows, bad] = [0, 0];
  for (const { model, claims } of syntheticCounty({ people, seed, today: countyDay })) {
    if (model.type !== 'Person') continue;
    let text = '';
    for (const { key, version, values } of claims) {
      // What changes a person later, and what other departments add, is not in this file.
      if (key !== values['idNumber'] || version !== `synthetic-${seed}`) continue;
      text += rowText(columns.map(([field]) => cell(field, values[field], rows, ethnicities)));
      if (isBad(rows)) bad += 1;
      rows += 1;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return { rows, bad };
}

const isBad = (row: number): boolean => row % 1000 === 500 || row % 1000 === 501;

function cell(field: string, told: unknown, row: number, ethnicities: ReadonlyMap<string, string>): string {
  if (typeof told !== 'string') return field === 'phone' && row % 2 === 0 ? ['-', 'N/A', '无'][row % 3] ?? '' : '';
  switch (field) {
    case 'idNumber': return row % 1000 === 501 ? told.slice(0, 17) + (told.endsWith('1') ? '2' : '1') : row % 11 === 0 ? fullWidth(told) : row % 13 === 0 ? ` ${told.toLowerCase()} ` : told;
    case 'birthDate': return row % 1000 === 500 ? '2001-02-30' : dated(told, row);
    case 'idCardValidFrom': return dated(told, row + 1);
    case 'idCardValidTo': return row % 5 === 0 ? '长期' : dated(told, row + 1);
    case 'name': return row % 17 === 0 ? ` ${told.replaceAll('·', '•')}` : told;
    case 'genderCode': return row % 3 === 0 ? told : told === '1' ? '男' : '女';
    case 'ethnicityCode': return row % 3 === 1 ? ethnicities.get(told) ?? told : told;
    case 'registeredAddress': return row % 7 === 0 ? `${told.slice(0, 12)}\r\n${told.slice(12)}` : row % 7 === 1 ? `${told},` : told;
    default: return told;
  }
}

function dated(day: string, row: number): string {
  const [year = '', month = '', date = ''] = day.split('-');
  switch (row % 4) {
    case 0: return day;
    case 1: return `${year}/${Number(month)}/${Number(date)}`;
    case 2: return year + month + date;
    default: return `${year}年${Number(month)}月${Number(date)}日`;
  }
}

function fullWidth(text: string): string {
  return text.replaceAll(/[0-9X]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
}
