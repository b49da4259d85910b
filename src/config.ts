/**
 * The environment, read once, validated, frozen. Nothing else in the hub reads `process.env`.
 * A wrong value stops the start with the name of the variable and what it may be.
 */
import { z } from 'zod';
import { HubError } from './errors.ts';

const wholeNumber = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

/** Working days that each kind of work is given unless configured: as laws and the county's rules have it. */
export const standardDeadlines = { precheck: 2, unconditional: 1, conditional: 10, provide: 20, verify: 10, desk: 1 };

/** `precheck 2, conditional 10`: what is not named stays as it is; a sentence where that is not what the text is. */
function deadlineDaysIn(text: string): typeof standardDeadlines | string {
  const days = { ...standardDeadlines };
  for (const part of text.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const [, name = '', count = ''] = /^(\w+)[ =](\d{1,3})$/.exec(part) ?? [];
    if (!Object.hasOwn(days, name) || Number(count) < 1 || Number(count) > 250) return `must be rules with their working days, such as "precheck 2, conditional 10"; the rules are ${Object.keys(days).join(', ')}, of 1 to 250 days each`;
    days[name as keyof typeof days] = Number(count);
  }
  return days;
}

/** An address whose owner has proved to be it; or the machine itself. Whoever could answer in its place could be anybody. */
export function isTrustworthy(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && url.username === '' && url.hash === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)));
}

/** Does nobody but this machine reach a listener on this address? */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

const trustworthyUrl = z.string().refine(isTrustworthy, 'must begin with https:// (http:// only on this machine), without user and fragment');

const environment = z.object({
  PORT: wholeNumber(0, 65535).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://').optional(),
  HUB_DATA_DIR: z.string().min(1).default('.data'),
  HUB_KEY_FILE: z.string().min(1).optional(),
  HUB_SEED_PEOPLE: wholeNumber(0, 2_000_000).default(3000),
  HUB_CASE_DAYS: wholeNumber(1, 366).default(90),
  HUB_CALLER_BUDGET: wholeNumber(1000, 1_000_000_000_000).default(1_000_000),
  HUB_ADDRESS_BUDGET: wholeNumber(100, 1_000_000_000_000).default(12_000),
  HUB_DEADLINES: z.string().default('').transform((text, context) => {
    const days = deadlineDaysIn(text);
    if (typeof days === 'string') context.addIssue({ code: 'custom', message: days });
    return typeof days === 'string' ? standardDeadlines : days;
  }),
  HUB_AUDIT_GRACE: wholeNumber(0, 3600).default(0),
  HUB_AUDIT_YEARS: wholeNumber(3, 100).default(3),
  HUB_FEED_DAYS: wholeNumber(7, 3660).default(90),
  HUB_CLERK_LOOKUPS: wholeNumber(0, 1_000_000).default(30),
  HUB_APPLICATION_LOOKUPS: wholeNumber(0, 1_000_000).default(0),
  HUB_UNMET_CLAIMS: wholeNumber(1, 1_000_000).default(20),
  HUB_COMPARISON_DAYS: wholeNumber(1, 366).default(7),
  HUB_USED_FACT_DAYS: wholeNumber(1, 3660).default(366),
  HUB_PUBLIC_URL: trustworthyUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
  HUB_TRUST_PROXY: z.string().regex(/^[\da-fA-F.:/]+(,[\da-fA-F.:/]+)*$/, 'must be addresses or networks of proxies, such as 10.0.0.5 or 10.0.0.0/24, with commas between').optional(),
  HUB_OIDC_ISSUER: trustworthyUrl.optional(),
  HUB_OIDC_AUDIENCE: z.string().min(1).optional(),
  HUB_OIDC_JWKS_URL: trustworthyUrl.optional(),
  HUB_OIDC_CLOCK_SKEW: wholeNumber(0, 300).default(30),
  HUB_OIDC_CLIENT_ID: z.string().min(1).optional(),
  HUB_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  HUB_OIDC_CLIENT_SECRET_FILE: z.string().min(1).optional(),
  HUB_OIDC_NAME: z.string().min(1).max(60).optional(),
  HUB_CITIZEN_ISSUER: trustworthyUrl.optional(),
  HUB_CITIZEN_AUDIENCE: z.string().min(1).optional(),
  HUB_CITIZEN_JWKS_URL: trustworthyUrl.optional(),
  HUB_CITIZEN_CLAIM: z.string().min(1).default('id_number'),
  HUB_DIVISION: z.string().regex(/^\d{6}$/, 'must be the six digits of a division (GB/T 2260)').default('620623'),
  HUB_LEVEL: z.enum(['county', 'city']).default('county'),
  HUB_CITY_URL: trustworthyUrl.optional(),
  HUB_CITY_KEY: z.string().min(1).optional(),
  HUB_CITY_KEY_FILE: z.string().min(1).optional(),
  HUB_CITY_MATTER: z.string().min(1).optional(),
  HUB_CITY_TIMEOUT: wholeNumber(1, 600).default(15),
  HUB_SYNC_POLL: wholeNumber(10, 3_600_000).default(1000),
  HUB_METRICS_TOKEN: z.string().min(16, 'must have 16 characters at least: whoever holds it reads the figures').optional(),
  HUB_CONSOLE_IDLE_MINUTES: wholeNumber(1, 720).default(30),
  HUB_LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('warn'),
}).superRefine(({ HUB_OIDC_ISSUER, HUB_OIDC_AUDIENCE, HUB_OIDC_JWKS_URL, HUB_OIDC_CLIENT_ID, HUB_OIDC_CLIENT_SECRET, HUB_OIDC_CLIENT_SECRET_FILE, HUB_OIDC_NAME, HUB_CITIZEN_ISSUER, HUB_CITIZEN_AUDIENCE, HUB_CITIZEN_JWKS_URL, HUB_CITY_URL, HUB_CITY_KEY, HUB_CITY_KEY_FILE, HUB_CITY_MATTER }, context) => {
  if (HUB_CITY_URL !== undefined && (HUB_CITY_KEY === undefined) === (HUB_CITY_KEY_FILE === undefined)) context.addIssue({ code: 'custom', path: ['HUB_CITY_KEY_FILE'], message: 'must name the file that holds this hub\'s key at HUB_CITY_URL, or HUB_CITY_KEY be that key; one of the two' });
  if (HUB_CITY_URL === undefined && (HUB_CITY_KEY ?? HUB_CITY_KEY_FILE ?? HUB_CITY_MATTER) !== undefined) context.addIssue({ code: 'custom', path: ['HUB_CITY_URL'], message: 'must be set where anything else of HUB_CITY_… is' });
  // An issuer whose tokens were made out to anybody would let in whoever has one for something else.
  if (HUB_OIDC_ISSUER !== undefined && HUB_OIDC_AUDIENCE === undefined) context.addIssue({ code: 'custom', path: ['HUB_OIDC_AUDIENCE'], message: 'must say what the tokens of HUB_OIDC_ISSUER name in `aud`: this hub' });
  if (HUB_OIDC_CLIENT_ID === undefined && (HUB_OIDC_CLIENT_SECRET ?? HUB_OIDC_CLIENT_SECRET_FILE ?? HUB_OIDC_NAME) !== undefined) context.addIssue({ code: 'custom', path: ['HUB_OIDC_CLIENT_ID'], message: 'must say which client of the issuer the console is' });
  if (HUB_OIDC_CLIENT_SECRET !== undefined && HUB_OIDC_CLIENT_SECRET_FILE !== undefined) context.addIssue({ code: 'custom', path: ['HUB_OIDC_CLIENT_SECRET_FILE'], message: 'must name the file that holds the client\'s secret, or HUB_OIDC_CLIENT_SECRET be that secret; one of the two, or neither for a public client' });
  if (HUB_OIDC_ISSUER === undefined && (HUB_OIDC_AUDIENCE ?? HUB_OIDC_JWKS_URL ?? HUB_OIDC_CLIENT_ID) !== undefined) context.addIssue({ code: 'custom', path: ['HUB_OIDC_ISSUER'], message: 'must be set where anything else of HUB_OIDC_… is' });
  if (HUB_CITIZEN_ISSUER !== undefined && HUB_CITIZEN_AUDIENCE === undefined) context.addIssue({ code: 'custom', path: ['HUB_CITIZEN_AUDIENCE'], message: 'must say what the tokens of HUB_CITIZEN_ISSUER name in `aud`: this hub' });
  if (HUB_CITIZEN_ISSUER === undefined && (HUB_CITIZEN_AUDIENCE ?? HUB_CITIZEN_JWKS_URL) !== undefined) context.addIssue({ code: 'custom', path: ['HUB_CITIZEN_ISSUER'], message: 'must be set where anything else of HUB_CITIZEN_… is' });
});

/** How often a day one person may be looked up by one clerk, and by an application that names none; 0: as often as need be. */
export interface LookupQuota {
  readonly clerk: number;
  readonly application: number;
}

/** How the upper hub is reached. */
export interface CityConfig {
  readonly url: string;
  /** This hub's key there, or the file that holds it. */
  readonly key: { readonly text: string } | { readonly file: string };
  /** The service matter under which its feed is taken. */
  readonly matter: string | null;
  /** Seconds in which an answer has to begin, and again in which it has to end. */
  readonly timeout: number;
  /** Milliseconds between two looks at the feed once in step. */
  readonly pollMs: number;
}

/** The hub's configuration. */
export interface Config {
  /** TCP port of the listener; 0 takes a free one. */
  readonly port: number;
  /** Address the listener binds to; loopback unless told otherwise. */
  readonly host: string;
  /** A PostgreSQL server; absent, the embedded database in `dataDir` is used. */
  readonly databaseUrl: string | undefined;
  /** Folder of the embedded database and of the keys made on this machine. */
  readonly dataDir: string;
  /** File of the hub's secret keys (mode 0600). */
  readonly keyFile: string;
  /** Size of the synthetic county that is loaded into a new, empty embedded database. */
  readonly seedPeople: number;
  /** Days for which a case is open where its opener names no deadline, today included in them. */
  readonly caseDays: number;
  /** What a registered caller, and a network address without a valid key, may cost a minute (see graphql/budget). */
  readonly budget: { readonly caller: number; readonly address: number };
  /** Working days that each kind of work is given (see calendar/deadline). */
  readonly deadlines: Readonly<Record<keyof typeof standardDeadlines, number>>;
  /** Seconds for which open reference data is answered while the audit takes no records. */
  readonly auditGrace: number;
  /** Years for which the audit keeps its records in the database at least. */
  readonly auditYears: number;
  /** Days for which the feed of changes reaches back at least. */
  readonly feedDays: number;
  /** How often a day one person may be looked up (see graphql/quotas). */
  readonly lookups: LookupQuota;
  /** How many claims about one subject may be not met in a day, by consumer (see verification/verify). */
  readonly unmetClaims: number;
  /** Days for which the result of a batch comparison is kept. */
  readonly comparisonDays: number;
  /** Days for which it is known which facts were used of whom, so that their change is told, where neither a case nor the matter says (see receipts/used). */
  readonly usedFactDays: number;
  /** Where this hub is reached from outside, without a slash at the end; absent: where it listens. */
  readonly publicUrl: string | undefined;
  /** Proxies whose X-Forwarded-For is believed; absent: nobody's. */
  readonly trustProxy: string | undefined;
  /** Whose tokens identify callers beside API keys (see identity/token); absent: nobody's. */
  readonly tokens: { readonly issuer: string; readonly audience: string; readonly jwksUrl: string | undefined; readonly clockSkew: number } | undefined;
  /** The client of that issuer that the console is: administrators sign in there too; absent: with accounts only. */
  readonly oidcClient: { readonly id: string; readonly secret: { readonly text: string } | { readonly file: string } | null; /** What people call the issuer. */ readonly name: string } | undefined;
  /** Whose tokens assert who a citizen is, and the claim that holds his ID number (see identity/citizen); absent: nobody's. */
  readonly citizens: { readonly issuer: string; readonly audience: string; readonly jwksUrl: string | undefined; readonly clockSkew: number; readonly claim: string } | undefined;
  /** The division whose hub this is, six digits (GB/T 2260): departments of it have their home here (see sync/home). */
  readonly division: string;
  /** Which level it serves. */
  readonly level: 'county' | 'city';
  /** The hub of the level above, which this one keeps in step with; absent: there is none. */
  readonly city: CityConfig | undefined;
  /** With which `/metrics` is read; absent: this machine alone reads it. */
  readonly metricsToken: string | undefined;
  /** Minutes without use after which a session of the console is locked. */
  readonly consoleIdleMinutes: number;
  readonly logLevel: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
}

/** Reads and validates the configuration; throws `CONFIG_INVALID` naming every wrong variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!read.success) {
    const wrong = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new HubError('CONFIG_INVALID', `The environment is not usable: ${wrong}. The README's configuration table says what each variable may be.`);
  }
  const { PORT, HOST, DATABASE_URL, HUB_DATA_DIR, HUB_KEY_FILE, HUB_SEED_PEOPLE, HUB_CASE_DAYS, HUB_CALLER_BUDGET, HUB_ADDRESS_BUDGET, HUB_DEADLINES, HUB_AUDIT_GRACE, HUB_AUDIT_YEARS, HUB_FEED_DAYS, HUB_CLERK_LOOKUPS, HUB_APPLICATION_LOOKUPS, HUB_UNMET_CLAIMS, HUB_COMPARISON_DAYS, HUB_USED_FACT_DAYS, HUB_PUBLIC_URL, HUB_TRUST_PROXY, HUB_OIDC_ISSUER, HUB_OIDC_AUDIENCE, HUB_OIDC_JWKS_URL, HUB_OIDC_CLOCK_SKEW, HUB_OIDC_CLIENT_ID, HUB_OIDC_CLIENT_SECRET, HUB_OIDC_CLIENT_SECRET_FILE, HUB_OIDC_NAME, HUB_CITIZEN_ISSUER, HUB_CITIZEN_AUDIENCE, HUB_CITIZEN_JWKS_URL, HUB_CITIZEN_CLAIM, HUB_DIVISION, HUB_LEVEL, HUB_CITY_URL, HUB_CITY_KEY, HUB_CITY_KEY_FILE, HUB_CITY_MATTER, HUB_CITY_TIMEOUT, HUB_SYNC_POLL, HUB_METRICS_TOKEN, HUB_CONSOLE_IDLE_MINUTES, HUB_LOG_LEVEL } = read.data;
  return Object.freeze({
    port: PORT,
    host: HOST,
    databaseUrl: DATABASE_URL,
    dataDir: HUB_DATA_DIR,
    keyFile: HUB_KEY_FILE ?? `${HUB_DATA_DIR}/hub-keys.json`,
    seedPeople: HUB_SEED_PEOPLE,
    caseDays: HUB_CASE_DAYS,
    budget: { caller: HUB_CALLER_BUDGET, address: HUB_ADDRESS_BUDGET },
    deadlines: HUB_DEADLINES,
    auditGrace: HUB_AUDIT_GRACE,
    auditYears: HUB_AUDIT_YEARS,
    feedDays: HUB_FEED_DAYS,
    lookups: { clerk: HUB_CLERK_LOOKUPS, application: HUB_APPLICATION_LOOKUPS },
    unmetClaims: HUB_UNMET_CLAIMS,
    comparisonDays: HUB_COMPARISON_DAYS,
    usedFactDays: HUB_USED_FACT_DAYS,
    publicUrl: HUB_PUBLIC_URL,
    trustProxy: HUB_TRUST_PROXY,
    tokens: HUB_OIDC_ISSUER === undefined || HUB_OIDC_AUDIENCE === undefined ? undefined : { issuer: HUB_OIDC_ISSUER, audience: HUB_OIDC_AUDIENCE, jwksUrl: HUB_OIDC_JWKS_URL, clockSkew: HUB_OIDC_CLOCK_SKEW },
    oidcClient: HUB_OIDC_CLIENT_ID === undefined ? undefined : {
      id: HUB_OIDC_CLIENT_ID, name: HUB_OIDC_NAME ?? new URL(HUB_OIDC_ISSUER ?? '').hostname,
      secret: HUB_OIDC_CLIENT_SECRET_FILE !== undefined ? { file: HUB_OIDC_CLIENT_SECRET_FILE } : HUB_OIDC_CLIENT_SECRET !== undefined ? { text: HUB_OIDC_CLIENT_SECRET } : null,
    },
    citizens: HUB_CITIZEN_ISSUER === undefined || HUB_CITIZEN_AUDIENCE === undefined ? undefined : { issuer: HUB_CITIZEN_ISSUER, audience: HUB_CITIZEN_AUDIENCE, jwksUrl: HUB_CITIZEN_JWKS_URL, clockSkew: HUB_OIDC_CLOCK_SKEW, claim: HUB_CITIZEN_CLAIM },
    division: HUB_DIVISION,
    level: HUB_LEVEL,
    city: HUB_CITY_URL === undefined ? undefined : {
      url: HUB_CITY_URL, key: HUB_CITY_KEY_FILE === undefined ? { text: HUB_CITY_KEY ?? '' } : { file: HUB_CITY_KEY_FILE },
      matter: HUB_CITY_MATTER ?? null, timeout: HUB_CITY_TIMEOUT, pollMs: HUB_SYNC_POLL,
    },
    metricsToken: HUB_METRICS_TOKEN,
    consoleIdleMinutes: HUB_CONSOLE_IDLE_MINUTES,
    logLevel: HUB_LOG_LEVEL,
  });
}
