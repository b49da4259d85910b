/**
 * The synthetic county: repeats itself, agrees with itself, and holds nothing that a registry or a standard would refuse.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SourceClaim } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { identifiers } from '../../src/registries/identifiers/index.ts';
import type { IdentifierName } from '../../src/registries/identifiers/index.ts';
import { kindOf } from '../../src/registries/columns.ts';
import { syntheticCounty } from '../../src/seeding/county.ts';
import { readSeed } from '../../src/seeding/csv.ts';

const today = '2026-01-01';
type Values = Readonly<Record<string, unknown>>;

interface Told {
  readonly source: string;
  readonly claim: SourceClaim;
}

function generate(people: number, seed: string): Map<string, Told[]> {
  const told = new Map<string, Told[]>();
  for (const { model, source, claims } of syntheticCounty({ people, seed, today })) {
    expect(claims.length).toBeGreaterThan(0);
    expect(claims.length).toBeLessThanOrEqual(1000);
    const list = told.get(model.type) ?? [];
    if (list.length === 0) told.set(model.type, list);
    for (const claim of claims) list.push({ source, claim });
  }
  return told;
}

function digest(people: number, seed: string, day = today): string {
  const hash = createHash('sha256');
  for (const { model, source, claims } of syntheticCounty({ people, seed, today: day })) hash.update(JSON.stringify([model.type, source, claims]));
  return hash.digest('hex');
}

const county = generate(2500, 'test');
const told = (type: string): Told[] => county.get(type) ?? [];
/** First words about each record. */
const firsts = (type: string): Values[] => told(type).filter(({ claim }) => claim.version === 'synthetic-test').map(({ claim }) => claim.values);
const text = (values: Values, field: string): string => values[field] as string;
const list = (values: Values, field: string): string[] => values[field] as string[];

const people = firsts('Person').filter((values) => values['name'] !== undefined);
const byId = new Map(people.map((values) => [text(values, 'idNumber'), values]));
const died = new Map(told('Person').filter(({ claim }) => claim.values['deathDate'] !== undefined).map(({ claim }) => [text(claim.values, 'idNumber'), text(claim.values, 'deathDate')]));
const gone = new Set(told('Person').filter(({ claim }) => claim.values['householdNo'] === null).map(({ claim }) => text(claim.values, 'idNumber')));

describe('repeats itself', () => {
  it('gives the same rows for the same seed, and others for another', () => {
    expect(digest(300, 'a')).toBe(digest(300, 'a'));
    expect(digest(300, 'a')).not.toBe(digest(300, 'b'));
    expect(digest(300, 'a')).not.toBe(digest(300, 'a', '2025-01-01'));
  });

  it('has exactly as many people as asked for', () => {
    for (const count of [1, 7, 200, 999]) expect(generate(count, 'n').get('Person')?.filter(({ claim }) => claim.values['name'] !== undefined)).toHaveLength(count);
    expect(people).toHaveLength(2500);
  });
});

describe('fits the declarations', () => {
  it('tells every record type', () => {
    expect(records.length).toBeGreaterThan(30);
    for (const { type } of records) expect(told(type).length, type).toBeGreaterThan(0);
  });

  it('names declared columns only, with values of their kind, and never a computed person key', () => {
    let checked = 0;
    for (const model of records) {
      for (const { claim } of told(model.type)) {
        for (const [field, value] of Object.entries(claim.values)) {
          const column = model.columns[field];
          if (column === undefined || model.personKeys?.[field] !== undefined) throw new Error(`${model.type}.${field}`);
          if (value === null) continue;
          const kind = kindOf(column);
          const fits = kind === 'integer' ? Number.isInteger(value) : kind === 'flag' ? typeof value === 'boolean' : kind === 'textList' ? Array.isArray(value)
            : kind === 'geometry' || kind === 'json' ? typeof value === 'object' : typeof value === 'string' && value !== '';
          if (!fits) throw new Error(`${model.type}.${field}: ${JSON.stringify(value)}`);
          if (kind === 'date') expect(value).toMatch(/^\d{4}-\d{2}-\d{2}$/);
          checked += 1;
        }
      }
    }
    expect(checked).toBeGreaterThan(100_000);
  });

  it('holds only identifiers of the right form', () => {
    let checked = 0;
    const check = (name: IdentifierName, value: unknown, where: string): void => {
      if (value === undefined || value === null) return;
      for (const one of Array.isArray(value) ? value as string[] : [value as string]) {
        const wrong = identifiers[name].problem(one, today);
        if (wrong !== null || identifiers[name].normalize(one) !== one) throw new Error(`${where}: ${one} ${wrong ?? 'is not normal'}`);
        checked += 1;
      }
    };
    for (const model of records) {
      for (const { claim: { values } } of told(model.type)) {
        for (const [field, name] of Object.entries(model.identifiers ?? {})) check(name, values[field], `${model.type}.${field}`);
        for (const [field, value] of Object.entries(values)) {
          if (/Uscc$|^uscc$|Usccs$/.test(field)) check('uscc', value, `${model.type}.${field}`);
          if (/IdNumber$|IdNumbers$/.test(field)) check('idNumber', value, `${model.type}.${field}`);
          if (/(definingAuthority|issuingAuthority|authority|receivedBy|evaluator|organ|sourceDepartment)Code$/.test(field)) check('uscc', value, `${model.type}.${field}`);
        }
      }
    }
    expect(checked).toBeGreaterThan(20_000);
  });

  it('uses a natural key, and a source key, for one record only', () => {
    for (const model of records) {
      const owners = new Map<string, string>();
      for (const { source, claim } of told(model.type)) {
        const natural = model.key === undefined ? claim.key : text(claim.values, model.key);
        const owner = owners.get(`${source} ${claim.key}`);
        expect(owner ?? natural, model.type).toBe(natural);
        owners.set(`${source} ${claim.key}`, natural);
      }
      const keys = firsts(model.type).filter((values) => model.type !== 'Person' || values['name'] !== undefined);
      if (model.key !== undefined) expect(new Set(keys.map((values) => values[model.key ?? ''])).size, model.type).toBe(keys.length);
      else expect(owners.size, model.type).toBe(keys.length);
    }
  });

  it('has no day after today but the ends of terms, and no empty period', () => {
    for (const model of records) {
      for (const { claim } of told(model.type)) {
        expect(claim.effectiveFrom! <= today, `${model.type} ${claim.key} ${claim.effectiveFrom}`).toBe(true);
        if (claim.effectiveTo !== undefined) expect(claim.effectiveFrom! < claim.effectiveTo).toBe(true);
        const { validFrom, validTo, issuedOn, registeredOn, establishedOn, decidedOn } = claim.values;
        for (const day of [validFrom, issuedOn, registeredOn, establishedOn, decidedOn]) if (typeof day === 'string') expect(day <= today, `${model.type} ${day}`).toBe(true);
        if (typeof validFrom === 'string' && typeof validTo === 'string') expect(validFrom <= validTo, `${model.type} ${claim.key}`).toBe(true);
      }
    }
  });

  it('uses codes that the code tables hold', () => {
    const codes = new Set(readSeed('codes.csv', ['table', 'code']).map(({ table, code }) => `${table} ${code}`));
    const has = (table: string, value: unknown): void => {
      if (value !== undefined && value !== null && !codes.has(`${table} ${value as string}`)) throw new Error(`${table} has no ${value as string}`);
    };
    for (const { claim: { values } } of told('Person')) {
      has('gender', values['genderCode']);
      has('ethnicity', values['ethnicityCode']);
      has('education', values['educationCode']);
      has('maritalStatus', values['maritalStatusCode']);
      has('employmentStatus', values['employmentStatusCode']);
      has('politicalStatus', values['politicalStatusCode']);
      has('kinship', values['relationToHeadCode']);
    }
    for (const values of firsts('Kinship')) has('kinship', values['relationCode']);
    for (const { claim: { values } } of told('LegalEntity')) {
      has('regState', values['status']);
      has('usccCategory', values['category']);
    }
  });
});

describe('people', () => {
  it('have birth date and sex in their number, and live in real villages', () => {
    const villages = new Set(readSeed('divisions.csv', ['code12', 'level']).filter(({ level, code12 }) => level === '5' && code12.startsWith('620623')).map(({ code12 }) => code12));
    const lived = new Set<string>();
    for (const values of people) {
      const id = text(values, 'idNumber');
      expect(id.slice(6, 14)).toBe(text(values, 'birthDate').replaceAll('-', ''));
      expect(Number(id.charAt(16)) % 2 === 1 ? '1' : '2').toBe(values['genderCode']);
      expect(villages.has(text(values, 'villageCode'))).toBe(true);
      expect(text(values, 'villageCode').startsWith(text(values, 'townshipCode'))).toBe(true);
      lived.add(text(values, 'villageCode'));
    }
    expect(lived.size).toBeGreaterThan(190);
  });

  it('are not born on few days, because the numbers of a day run out', () => {
    const days = new Map<string, number>();
    for (const values of people) days.set(text(values, 'birthDate'), (days.get(text(values, 'birthDate')) ?? 0) + 1);
    expect(Math.max(...days.values())).toBeLessThanOrEqual(6);
  });

  it('carry old and new prefixes by their birth, and some from elsewhere', () => {
    const own = people.filter((values) => /^6(22326|20623)/.test(text(values, 'idNumber')));
    for (const values of own) expect(text(values, 'idNumber').slice(0, 6)).toBe(text(values, 'birthDate') < '2002-01-01' ? '622326' : '620623');
    expect(own.length / people.length).toBeGreaterThan(0.75);
    expect(own.length / people.length).toBeLessThan(0.98);
  });

  it('are mixed as the county is', () => {
    const share = (test: (values: Values) => boolean): number => people.filter(test).length / people.length;
    expect(share((values) => values['ethnicityCode'] === '04')).toBeCloseTo(0.3, 1);
    expect(share((values) => values['ethnicityCode'] === '01')).toBeCloseTo(0.6, 1);
    expect(share((values) => text(values, 'name').includes('·'))).toBeGreaterThan(0);
    expect(share((values) => values['nameTibetan'] !== undefined)).toBeGreaterThan(0.05);
    expect(died.size / people.length).toBeGreaterThan(0.01);
    expect(died.size / people.length).toBeLessThan(0.1);
    expect(firsts('DisabilityRecord').length / people.length).toBeCloseTo(0.06, 1);
    for (const [id, day] of died) expect(text(byId.get(id) ?? {}, 'birthDate') < day && day <= today).toBe(true);
  });

  it('are told of by several departments', () => {
    const sources = new Set(told('Person').map(({ source }) => source));
    expect([...sources].sort()).toEqual(['620623-GA', '620623-JY', '620623-MZ', '620623-RS']);
  });
});

describe('families', () => {
  it('have a living head, one for each household, and as many members as counted', () => {
    for (const values of firsts('Household')) {
      const members = people.filter((one) => one['householdNo'] === values['householdNo'] && !gone.has(text(one, 'idNumber')));
      const heads = members.filter((one) => one['relationToHeadCode'] === '02');
      expect(heads.map((one) => one['idNumber'])).toEqual([values['headIdNumber']]);
      expect(members).toHaveLength(values['memberCount'] as number);
      expect(members.length).toBeLessThanOrEqual(7);
      for (const one of members) expect(one['registeredAddress']).toBe(values['address']);
    }
    const households = new Set(firsts('Household').map((values) => values['householdNo']));
    for (const values of people) if (values['householdNo'] !== undefined) expect(households.has(values['householdNo'])).toBe(true);
  });

  it('tell kinship from both sides', () => {
    const back: Readonly<Record<string, readonly string[]>> = { 11: ['12'], 12: ['11'], 20: ['51', '52'], 30: ['51', '52'], 51: ['20', '30'], 52: ['20', '30'], 40: ['60'], 60: ['40'] };
    const known = new Set(firsts('Kinship').map((values) => `${text(values, 'subjectIdNumber')} ${text(values, 'relativeIdNumber')} ${text(values, 'relationCode')}`));
    for (const values of firsts('Kinship')) {
      const [subject, relative, code] = [text(values, 'subjectIdNumber'), text(values, 'relativeIdNumber'), text(values, 'relationCode')];
      expect(byId.has(subject) && byId.has(relative)).toBe(true);
      expect(values['relativeName']).toBe(byId.get(relative)?.['name']);
      expect((back[code] ?? []).some((other) => known.has(`${relative} ${subject} ${other}`)), `${code}`).toBe(true);
      if (code === '11' || code === '51') expect(byId.get(relative)?.['genderCode']).toBe('1');
      if (code === '12' || code === '52') expect(byId.get(relative)?.['genderCode']).toBe('2');
      if (code === '51' || code === '52') expect(Number(text(byId.get(subject) ?? {}, 'birthDate').slice(0, 4)) - Number(text(byId.get(relative) ?? {}, 'birthDate').slice(0, 4))).toBeGreaterThanOrEqual(18);
    }
  });

  it('have marriages between grown spouses who are kin by it', () => {
    const kin = new Set(firsts('Kinship').map((values) => `${text(values, 'subjectIdNumber')} ${text(values, 'relativeIdNumber')}`));
    for (const values of firsts('MarriageRecord')) {
      const [husband, wife] = list(values, 'partyIdNumbers') as [string, string];
      expect(list(values, 'partyNames')).toEqual([byId.get(husband)?.['name'], byId.get(wife)?.['name']]);
      expect(kin.has(`${husband} ${wife}`) && kin.has(`${wife} ${husband}`)).toBe(true);
      for (const id of [husband, wife]) expect(Number(text(values, 'registeredOn').slice(0, 4)) - Number(id.slice(6, 10))).toBeGreaterThanOrEqual(20);
    }
    expect(firsts('MarriageRecord').some((values) => values['type'] === '离婚')).toBe(true);
  });

  it('have birth certificates that agree with child and parents', () => {
    for (const values of firsts('BirthCertificate')) {
      const child = byId.get(text(values, 'childIdNumber'));
      expect([values['childName'], values['birthDate'], values['genderCode']]).toEqual([child?.['name'], child?.['birthDate'], child?.['genderCode']]);
      expect(values['motherName']).toBe(byId.get(text(values, 'motherIdNumber'))?.['name']);
      expect(text(values, 'bornAt').slice(0, 10)).toBe(values['birthDate']);
    }
  });
});

describe('certificates', () => {
  const certificates = firsts('Certificate');

  it('name people and bodies that there are', () => {
    const bodies = new Map(firsts('LegalEntity').map((values) => [values['uscc'], values['name']]));
    for (const values of certificates) {
      const [codes, names, types] = [list(values, 'holderCodes'), list(values, 'holderNames'), list(values, 'holderCodeTypes')];
      expect(codes.length).toBe(names.length);
      expect(codes.length).toBeGreaterThan(0);
      for (const [place, code] of codes.entries()) expect(names[place]).toBe(types[place] === '111' ? byId.get(code)?.['name'] : bodies.get(code));
      if (values['typeName'] === '结婚证') expect(codes).toHaveLength(2);
      if (values['typeName'] === '居民身份证') {
        const person = byId.get(codes[0] ?? '');
        expect([values['validFrom'], values['validTo'], (values['faceItems'] as Values)['出生']]).toEqual([person?.['idCardValidFrom'], person?.['idCardValidTo'], person?.['birthDate']]);
      }
    }
  });

  it('agree with the registers they come from', () => {
    const numbers = (type: string, field: string): Set<unknown> => new Set(firsts(type).map((values) => values[field]));
    const registers: Readonly<Record<string, Set<unknown>>> = {
      居民户口簿: numbers('Household', 'householdNo'), 结婚证: numbers('MarriageRecord', 'certNo'), 离婚证: numbers('MarriageRecord', 'certNo'), 出生医学证明: numbers('BirthCertificate', 'certNo'),
      残疾人证: numbers('DisabilityRecord', 'certNo'), 最低生活保障证: numbers('WelfareRecord', 'certNo'), 不动产权证书: numbers('RealEstateUnit', 'certificateNo'),
      居住证: numbers('Residence', 'residencePermitNo'), 营业执照: numbers('LegalEntity', 'uscc'),
    };
    for (const [name, known] of Object.entries(registers)) {
      const of = certificates.filter((values) => values['typeName'] === name);
      expect(of.length, name).toBeGreaterThan(0);
      for (const values of of) expect(known.has(values['certificateNumber']), `${name} ${text(values, 'certificateNumber')}`).toBe(true);
    }
  });

  it('are five and credit records three for a good part of the grown people', () => {
    const count = new Map<string, number>();
    for (const values of certificates) for (const code of list(values, 'holderCodes')) count.set(code, (count.get(code) ?? 0) + 1);
    const credit = new Map<string, number>();
    for (const type of ['CreditPermit', 'CreditPenalty', 'CreditCommitment', 'CreditListing', 'CreditRepair']) {
      for (const { counterpartyIdNumber: id } of firsts(type)) if (typeof id === 'string') credit.set(id, (credit.get(id) ?? 0) + 1);
    }
    const grown = people.filter((values) => text(values, 'birthDate') < '2002-01-01' && !gone.has(text(values, 'idNumber')));
    expect(grown.filter((values) => (count.get(text(values, 'idNumber')) ?? 0) >= 5).length / grown.length).toBeGreaterThan(0.3);
    expect(grown.filter((values) => (credit.get(text(values, 'idNumber')) ?? 0) >= 3).length / grown.length).toBeGreaterThan(0.2);
  });
});

describe('bodies and places', () => {
  it('are led and owned by people of the county', () => {
    for (const values of firsts('LegalEntity')) if (values['legalRepIdNumber'] !== undefined) expect(byId.get(text(values, 'legalRepIdNumber'))?.['name']).toBe(values['legalRepName']);
    for (const values of firsts('KeyPerson')) expect(byId.get(text(values, 'idNumber'))?.['name']).toBe(values['name']);
    const shares = new Map<string, number>();
    for (const values of firsts('Shareholding')) shares.set(text(values, 'uscc'), (shares.get(text(values, 'uscc')) ?? 0) + Number(values['ratio']));
    for (const [uscc, sum] of shares) expect(sum, uscc).toBeCloseTo(100, 4);
    expect(new Set(firsts('LegalEntity').map((values) => values['category']))).toEqual(new Set(['91', '92', '93', '11', '12', '51', '52', 'N2']));
  });

  it('give every person an address that there is, in the village of the person', () => {
    const addresses = new Map(firsts('StandardAddress').map((values) => [values['addressCode'], values]));
    for (const values of people) {
      const address = addresses.get(values['standardAddressCode']);
      expect([address?.['fullText'], address?.['divisionCode']]).toEqual([values['residenceAddress'], values['villageCode']]);
    }
    const buildings = new Set(firsts('Building').map((values) => values['buildingCode']));
    for (const type of ['StandardAddress', 'RealEstateUnit']) for (const values of firsts(type)) expect(buildings.has(values['buildingCode'])).toBe(true);
  });

  it('name the record that a repair repairs, and grade no natural person', () => {
    const numbers = new Set([...firsts('CreditPenalty'), ...firsts('CreditListing')].map((values) => values['recordNo']));
    for (const values of firsts('CreditRepair')) expect(numbers.has(values['penaltyRecordNo'] ?? values['listingRecordNo'])).toBe(true);
    for (const values of [...firsts('CreditPenalty'), ...firsts('CreditListing')]) {
      const id = values['counterpartyIdNumber'];
      if (typeof id === 'string') expect(Number(text(values, 'decidedOn' in values ? 'decidedOn' : 'listedOn').slice(0, 4)) - Number(id.slice(6, 10))).toBeGreaterThanOrEqual(18);
    }
  });
});
