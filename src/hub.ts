/**
 * The one place where things are wired: configuration in, a hub to serve, work and close out.
 */
import { fileURLToPath } from 'node:url';
import { keepApplications } from './approvals/applications/keep.ts';
import { workingDays } from './calendar/calendar.ts';
import { isSignatureOf, openAudit } from './audit/open.ts';
import { forgetUses } from './audit/quota.ts';
import type { OpenAudit } from './audit/open.ts';
import type { Config } from './config.ts';
import { Checks } from './certificates/check.ts';
import { forgetCopies } from './certificates/copy.ts';
import { ThreadPrinter } from './certificates/printer.ts';
import { openDatabase } from './db/open.ts';
import type { Database } from './db/open.ts';
import { migrate } from './db/migrate.ts';
import { civilDate } from './graphql/context.ts';
import { EvaluationKeeper } from './evaluation/keeper.ts';
import { KeptColumns } from './graphql/permission-columns.ts';
import { ColumnKeeper } from './graphql/permission-keeper.ts';
import { buildSchema, rootsOf } from './graphql/schema.ts';
import type { HubSchema } from './graphql/schema.ts';
import { buildServer } from './graphql/server.ts';
import type { Work } from './graphql/work.ts';
import { openListener } from './http/listener.ts';
import { Meters } from './http/meters.ts';
import type { Listener } from './http/listener.ts';
import { CitizenTokens } from './identity/citizen.ts';
import { openKeyFile } from './identity/key-provider.ts';
import type { KeyProvider } from './identity/key-provider.ts';
import { Passwords } from './identity/password.ts';
import { personKey } from './identity/person-key.ts';
import { StandingWatch } from './identity/standing.ts';
import { log } from './log.ts';
import { keepDesks } from './matters/desk.ts';
import { CasesAtHand, coveredBy } from './matters/open-cases.ts';
import { Receipts } from './receipts/receipt.ts';
import { forgetUsed } from './receipts/used.ts';
import { records } from './registries/index.ts';
import { bringDue } from './records/due.ts';
import type { WriteContext } from './records/write.ts';
import { keepConflicts } from './sync/conflicts.ts';
import { FactFeed } from './sync/fact-feed.ts';
import { Feed } from './sync/feed.ts';
import { LookUps } from './sync/look-up.ts';
import { forgetChanges, writtenOf } from './sync/feed-log.ts';
import { syncFigures } from './sync/figures.ts';
import { openReadThrough } from './sync/open-read-through.ts';
import { belongsHere, codesWithin } from './sync/home.ts';
import { SourcesShown } from './sync/sources-shown.ts';
import { openSync } from './sync/open.ts';
import { Comparisons } from './verification/comparison.ts';
import { ComparisonKeeper } from './verification/comparison-keeper.ts';
import { ClaimsJudge } from './verification/judged.ts';
import { Verifier } from './verification/verify.ts';

/** What comes from outside and tests replace. */
export interface HubParts {
  /** The clock. */
  readonly now: () => Date;
  /** What this process does, as its audit says: `serve`, `import` … */
  readonly process?: string;
  /** Folder of the console as it was built. */
  readonly consoleFolder?: string;
  /** Cost of digests of passwords (see identity/password). */
  readonly passwordCost?: number;
}

/** An open hub. */
export interface Hub {
  readonly config: Config;
  readonly database: Database;
  readonly schema: HubSchema;
  readonly standing: StandingWatch;
  /** Open cases at hand. */
  readonly cases: CasesAtHand;
  /** Columns of the matrix of field permissions at hand. */
  readonly columns: KeptColumns;
  /** Where everything that is done through this hub is written down. */
  readonly audit: OpenAudit;
  readonly keys: KeyProvider;
  /** How passwords of accounts are kept. */
  readonly passwords: Passwords;
  /** What writing records needs, at this moment. */
  writing(): WriteContext;
  /** Starts to serve; resolves when requests are answered. */
  serve(): Promise<Listener>;
  /** Lets running requests end, then closes everything. */
  close(): Promise<void>;
}

/** The parts of a hub at work. */
export const systemParts: HubParts = { now: () => new Date() };

/** Where `npm run build:console` puts it. */
const builtConsole = fileURLToPath(new URL('../dist/console', import.meta.url));

/** How often every process looks whether policy or a case has changed. */
const lookEveryMs = 500;

/**
 * Opens a hub: database, migrations, standing, contract. `prepare` runs once the tables are there and before the
 * contract is read, because the contract is checked against the catalog.
 */
export async function openHub(config: Config, parts: HubParts = systemParts, prepare?: (hub: Pick<Hub, 'database' | 'writing' | 'audit'>) => Promise<void>): Promise<Hub> {
  const database = await openDatabase(config);
  const listens = database.kind === 'server';
  const keys = openKeyFile(config.keyFile);
  const writing = writerOf(keys, database, parts, config.division);
  const audit = openAudit({ database, keys, now: parts.now, process: parts.process ?? 'serve', grace: config.auditGrace, onFailure: (error, what) => log.error({ error: nameOf(error) }, what) });
  let standing: StandingWatch | undefined;
  let cases: CasesAtHand | undefined;
  try {
    await migrate(database);
    await prepare?.({ database, writing, audit });
    standing = await StandingWatch.start(database.sql, lookEveryMs, listens, (error) => log.error({ error: nameOf(error) }, 'the standing could not be read'));
    cases = await CasesAtHand.start(database.sql, civilDate(parts.now()), lookEveryMs, listens, (error) => log.error({ error: nameOf(error) }, 'open cases could not be read'));
    const { catalog } = standing.current;
    const schema = buildSchema((code) => catalog.item(code) !== undefined);
    await bringDue(writing(), records);
    await keepDays(writing(), schema, config);
    return assemble(config, parts, { database, schema, standing, cases, writing, audit, keys, passwords: new Passwords(parts.passwordCost) });
  } catch (error) {
    await Promise.all([standing?.stop(), cases?.stop()]);
    await audit.close();
    await database.close();
    throw error;
  }
}

function writerOf(keys: KeyProvider, database: Database, parts: HubParts, division: string): () => WriteContext {
  const ownKey = (idNumber: string): string => personKey(keys, idNumber);
  return () => {
    const now = parts.now();
    return { sql: database.sql, now: now.toISOString(), today: civilDate(now), personKey: ownKey, belongsHere: (source) => belongsHere(division, source) };
  };
}

type Opened = Pick<Hub, 'database' | 'schema' | 'standing' | 'cases' | 'writing' | 'audit' | 'keys' | 'passwords'>;

function assemble(config: Config, parts: HubParts, opened: Opened): Hub {
  const { database, schema, standing, cases, writing, audit, keys, passwords } = opened;
  const look = (): Promise<void> => Promise.all([standing.look(), cases.look()]).then(() => undefined);
  const sync = config.city === undefined ? undefined : openSync({ city: config.city, division: config.division, database, types: schema.contract.types, writing, catalog: () => standing.current.catalog, tell: (level, facts, sentence) => log[level](facts, sentence) });
  const readThrough = sync === undefined ? undefined : openReadThrough({ city: sync.city, division: config.division, types: schema.contract.types, now: parts.now, writing, tell: (facts, sentence) => log.warn(facts, sentence) });
  const meters = new Meters({
    roots: rootsOf(schema), lanes: { points: database.points, lists: database.lists }, audit: () => audit.load,
    sync: () => syncFigures(database.sql, parts.now().toISOString()),
  });
  const ownKey = writing().personKey;
  const claiming = { contract: schema.contract, lanes: database, personKey: ownKey, covered: coveredBy(cases) };
  const judge = new ClaimsJudge(claiming);
  const comparing = new ComparisonKeeper({
    sql: database.sql, judge, audit, standing: () => standing.current, now: parts.now, civilDate, personKey: ownKey, mostUnmet: config.unmetClaims,
    tell: (error) => log.error({ error: nameOf(error) }, 'a batch comparison could not go on; it is tried again'),
  });
  const comparisons = new Comparisons({ sql: database.sql, judge, audit, keepDays: config.comparisonDays, uploaded: () => comparing.wake() });
  const evaluating = new EvaluationKeeper({ counting: writing, contract: schema.contract, tell: (error) => log.error({ error: nameOf(error) }, 'what administrators see counted could not be counted; it is tried again') });
  const columns = new KeptColumns(schema.contract);
  const keepingColumns = new ColumnKeeper({ columns, standing: () => standing.current, now: parts.now, tell: (error) => log.error({ error: nameOf(error) }, 'the matrix of field permissions could not be judged beforehand; it is tried again') });
  const printer = new ThreadPrinter((failure) => log.error({ failure }, 'a copy of a certificate could not be drawn'));
  const within = config.city === undefined ? null : codesWithin(config.division);
  const publicUrl = (): string => config.publicUrl ?? listener?.url ?? `http://localhost:${config.port}`;
  const copies: NonNullable<Work['copies']> = {
    within, lanes: database, sql: database.sql, contract: schema.contract, personKey: ownKey, covered: coveredBy(cases), keys, printer, checks: new Checks({ sql: database.sql, within, keys }),
    publicUrl,
    written: writtenOf(database.sql, 'Certificate'),
    ...(readThrough === undefined ? {} : { filling: readThrough }),
  };
  let listener: Listener | undefined;
  const work: Work = {
    told: (context, outcome) => meters.answered(context, outcome),
    writing, personKey: ownKey, passwords, place: { division: config.division, upper: config.city !== undefined }, caseDays: config.caseDays, usedFactDays: config.usedFactDays, lookups: config.lookups, deadlines: config.deadlines, cases, look, audit,
    receipts: new Receipts(database.sql, keys),
    columns,
    isSignature: isSignatureOf(keys),
    feed: new Feed(database, schema.contract),
    factFeed: new FactFeed(database, schema.contract),
    lookUps: new LookUps(database, schema.contract, ownKey),
    sources: new SourcesShown(database, schema.contract, coveredBy(cases), ownKey),
    verifier: new Verifier(claiming, config.unmetClaims, readThrough),
    comparisons,
    copies,
    ...(readThrough === undefined ? {} : { readThrough }),
    ...(config.tokens === undefined ? {} : { tokenIssuer: config.tokens.issuer }),
    ...(config.citizens === undefined ? {} : { citizens: new CitizenTokens(config.citizens, ownKey) }),
  };
  const server = buildServer(schema, database, work, (requestId, error) => log.error({ requestId, error: nameOf(error) }, 'a request failed'));
  const due = dailyAtMidnight(parts.now, async () => {
    await bringDue(writing(), records);
    await keepDays(writing(), schema, config);
  });
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([due.stop(), sync?.stop(), comparing.stop(), evaluating.stop(), keepingColumns.stop()]);
    if (listener !== undefined) {
      await listener.close();
      // Apollo refuses to stop what was never started.
      await server.apollo.stop();
    }
    await Promise.all([standing.stop(), cases.stop(), printer.close()]);
    await audit.close();
    await database.close();
  };
  return {
    config, database, schema, standing, cases, columns, writing, audit, keys, passwords,
    serve: async () => {
      await server.apollo.start();
      audit.watch();
      listener = await openListener(config, server, schema, () => standing.current, parts.now, {
        audit, copies, meters, comparisons, console: { sql: database.sql, keys, passwords, folder: parts.consoleFolder ?? builtConsole, publicUrl },
      });
      sync?.start();
      comparing.start();
      evaluating.start();
      keepingColumns.start();
      return listener;
    },
    close: () => (closed ??= close()),
  };
}

/** What a new day brings about for applications; and says which years of the working calendar are missing, each day until they are entered. */
async function keepDays(writing: WriteContext, { contract }: HubSchema, { feedDays }: Config): Promise<void> {
  const { sql, today, now } = writing;
  await forgetChanges(sql, now, feedDays);
  await forgetUses(sql, today);
  await forgetCopies(sql, now);
  await forgetUsed(sql, today, now);
  const { escalated } = await keepApplications(sql, contract, today, now);
  const unanswered = await keepDesks(sql, today, now);
  if (unanswered > 0) log.warn({ unanswered }, 'facts were not answered by hand in time; `overdue` lists them');
  const unchecked = await keepConflicts(writing);
  if (unchecked > 0) log.warn({ unchecked }, 'items were not checked in time; `overdue` lists them');
  if (escalated > 0) log.warn({ escalated }, 'deadlines about applications were missed; `overdue` lists them');
  const missing = (await workingDays(sql)).missing(today);
  if (missing.length > 0) log.warn({ missing }, 'years of the working calendar are missing: deadlines that touch them are provisional; enterWorkingYear or `hub calendar FILE.csv` enters them');
}

/** What a log may say of an error: its kind and place, not its message, which may quote data. */
function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.stack?.split('\n')[1]?.trim() ?? ''}` : typeof error;
}

/** Runs `work` at every midnight of Asia/Shanghai; a failed run is tried again a second later. What runs when it is stopped is waited for. */
function dailyAtMidnight(now: () => Date, work: () => Promise<void>): { stop(): Promise<void> } {
  let day = civilDate(now());
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    const today = civilDate(now());
    if (running !== undefined || today === day) return;
    running = work().then(() => { day = today; }, (error: unknown) => log.error({ error: nameOf(error) }, 'changes that fall due could not be applied')).finally(() => { running = undefined; });
  }, 1000);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
