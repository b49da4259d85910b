/**
 * The synthetic county: every registry of a whole county (or, above 250 000 people, of the prefecture), household by household.
 *
 * The same people, seed and day give the same claims in the same order. Nothing is held longer than a township, so memory
 * stays flat for two million people. Every claim's version is `synthetic-<seed>`: nothing of it is about anybody real.
 */
import { certificateTypes, bodyCertificate, personalCertificates } from './certificates.ts';
import { ClaimBook } from './claims.ts';
import type { Batch } from './claims.ts';
import { bodyCredit, personalCredit } from './credit.ts';
import { ageOn, dayOf } from './days.ts';
import { registerHome } from './households.ts';
import { furnish, outlineDivisions } from './landscape.ts';
import { collectiveOf, departmentsOf, enterpriseOf, societiesOf, townBodiesOf } from './legal-entities.ts';
import type { Body, Official } from './legal-entities.ts';
import type { HubLevel } from './level.ts';
import { makeHome, NumberBook, present } from './people.ts';
import type { Ground } from './people.ts';
import { readPlaces, settle } from './places.ts';
import type { County, Township, Village } from './places.ts';
import { housed } from './spatial.ts';
import { support } from './welfare.ts';

/** What makes a synthetic county. */
export interface CountyOptions {
  /** Exactly this many person records. */
  readonly people: number;
  readonly seed: string;
  /** The day on which the county is as it is, `YYYY-MM-DD`; nothing in it is later. */
  readonly today: string;
  /** A city has people in all of its counties; a county unless told. */
  readonly level?: HubLevel;
}

/** Bodies near a household that pay wages and invest: the newest so many, beside the departments. */
const neighbours = 24;

/** All claims of a synthetic county, in batches of at most 1000. */
export function* syntheticCounty({ people, seed, today, level }: CountyOptions): Iterable<Batch> {
  if (!Number.isInteger(people) || people < 0 || people > 2_000_000) throw new RangeError('A synthetic county has 0 to 2000000 people.');
  const { divisions, counties } = readPlaces();
  const settled = settle(counties, people, seed, level);
  const inhabited = counties.filter((county) => county.townships.some(({ villages }) => villages.some(({ code }) => settled.has(code))));
  const book = new ClaimBook(seed, today);
  const builder = new Builder(book, { seed, today: dayOf(today), numbers: new NumberBook() }, settled);
  outlineDivisions(book, divisions, inhabited.length > 1);
  yield* book.full();
  certificateTypes(book);
  for (const county of inhabited) yield* builder.county(county);
  yield* book.rest();
}

class Builder {
  readonly #book: ClaimBook;
  readonly #ground: Ground;
  readonly #settled: ReadonlyMap<string, number>;
  #homes = 0;
  #departments: readonly Body[] = [];
  #employers: Body[] = [];
  #officials: Official[] = [];

  constructor(book: ClaimBook, ground: Ground, settled: ReadonlyMap<string, number>) {
    [this.#book, this.#ground, this.#settled] = [book, ground, settled];
  }

  *county(county: County): Iterable<Batch> {
    const { today } = this.#ground;
    furnish(this.#book, county);
    this.#departments = departmentsOf(this.#book, county, today);
    this.#employers = [];
    for (const [nth, township] of county.townships.entries()) {
      this.#officials = [];
      for (const village of township.villages) yield* this.#village(village);
      this.#townBodies(township, nth);
      yield* this.#book.full();
    }
    societiesOf(this.#book, county, this.#officials, today);
  }

  *#village(village: Village): Iterable<Batch> {
    let left = this.#settled.get(village.code) ?? 0;
    let leader: Official | undefined;
    for (let nth = 0; left > 0; nth += 1) {
      const home = makeHome(this.#ground, village, this.#homes, nth, left);
      this.#homes += 1;
      left -= home.members.length;
      if (!home.migrant && this.#officials.length < 20) {
        const grown = home.members.find((member) => present(member) && ageOn(member.birth, this.#ground.today) >= 28 && ageOn(member.birth, this.#ground.today) < 60);
        if (grown !== undefined) {
          leader ??= { home, member: grown };
          this.#officials.push({ home, member: grown });
        }
      }
      this.#tell(home);
      yield* this.#book.full();
    }
    leader ??= this.#officials.at(-1);
    if (village.rural && leader !== undefined && this.#settled.has(village.code)) {
      const body = collectiveOf(this.#book, village, leader, this.#ground.today);
      bodyCertificate(this.#book, body, this.#ground.today);
    }
  }

  /** Everything that the five registries say of one household. */
  #tell(home: ReturnType<typeof makeHome>): void {
    const { today } = this.#ground;
    const dwelling = housed(this.#book, home, today);
    registerHome(this.#book, home, dwelling, today);
    const body = home.migrant ? undefined : enterpriseOf(this.#book, home, dwelling, this.#employers, today);
    if (body !== undefined) {
      bodyCertificate(this.#book, body, today);
      bodyCredit(this.#book, body, today);
      if (body.ended === undefined) this.#employers = [...this.#employers, body].slice(-neighbours);
    }
    support(this.#book, home, this.#employers.length > 3 ? [...this.#employers, ...this.#departments] : this.#departments, today);
    personalCertificates(this.#book, home, dwelling, today);
    personalCredit(this.#book, home, today);
  }

  #townBodies(township: Township, nth: number): void {
    if (township.type === 'quasi-township') return;
    for (const body of townBodiesOf(this.#book, township, nth, this.#officials, this.#ground.today)) bodyCertificate(this.#book, body, this.#ground.today);
  }
}
