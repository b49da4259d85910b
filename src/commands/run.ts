/**
 * The command line: which words there are, and the file of each. It says what went wrong in a sentence, and leaves ending the process to
 * whoever has one.
 */
import { readConfig } from '../config.ts';
import { HubError } from '../errors.ts';
import { startSmall } from '../files/memory.ts';
import { log } from '../log.ts';

type Command = (config: ReturnType<typeof readConfig>, words: readonly string[]) => Promise<void>;

/** Each is loaded when it is asked for: a long load keeps nothing in memory that it does not need, and starts small. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  migrate: async () => (await import('./seed.ts')).migrateOnly,
  seed: async () => (await import('./seed.ts')).seed,
  catalog: async () => (await import('./catalog.ts')).catalogCommand,
  calendar: async () => (await import('./calendar.ts')).calendarCommand,
  account: async () => (await import('./account.ts')).accountCommand,
  keys: async () => (await import('./keys.ts')).keys,
  import: async () => {
    startSmall();
    return (await import('./import.ts')).importCommand;
  },
  export: async () => (await import('./export.ts')).exportCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  receipt: async () => (await import('./receipt.ts')).receiptCommand,
  sync: async () => (await import('./sync.ts')).syncCommand,
  copy: async () => (await import('./copy.ts')).copyCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
};

const usage = `Usage: node src/main.ts <command>
  serve                                    start the hub (npm start)
  migrate [--server-role ROLE]             bring the database's tables up to date; give ROLE what a server needs
  seed [--people N] [--seed S]             load reference data and a synthetic county
  import WHAT FILE --source DEPARTMENT      load a file of a registry or record type (--resume goes on with one)
  export TYPE --as CONSUMER [--out FILE]   unload what a consumer may have
  explain CONSUMER FILE.graphql            tell what would be decided about an operation, and why (--matter, --case, --at MOMENT, --json)
  sync status [--watch]                    tell how far each registry's feed of the upper hub was taken
  sync quarantine list|edit|redrive        see, correct and try again what of it could not be taken
  sync resume REGISTRY [--allow-deletes]   go on with a registry that was halted
  sync dead list|redrive                   see what the upper hub refused, and pass it up again
  sync once [REGISTRY …]                   pull until in step, then end
  sync reconcile [REGISTRY …]              compare with the upper hub and heal what differs (--dry-run only tells, --local: with itself)
  catalog export [--out FILE]              write the catalog as a table or JSON (--department D, --format csv|json)
  catalog draft FILE --department D        draft the resources of a department's table (CSV or .xlsx)
  calendar [FILE.csv]                      tell which years of working days are known, or enter those of a file
  audit verify [--expect N:HASH]           tell whether anything of the audit was changed (--file FILE: of a month in a file)
  audit retire --before YYYY-MM --to DIR   put months of the audit that are three years old into files
  receipt verify FILE --key KEY            check a receipt by the public key, without a hub
  copy verify FILE.pdf FILE.sig --key FILE check the signature of an annotated copy, without a hub
  keys register CODE NAME DEPARTMENT       register a department's application
  keys appoint CODE NAME DEPARTMENT ROLE   register an administrator (SYSTEM, SECURITY, AUDIT, STEWARD)
  keys issue CODE [--days N]               make a key; it is shown once (--administrator: for an administrator)
  keys rotate CODE [--overlap HOURS]       make a new key and let the old ones end
  keys revoke CODE                         end all keys
  account create --first                   make the first accounts at the console, one for each role (--department D: of this authority)
  account create ADMINISTRATOR             open an account for an administrator; its one-time password is shown once (--name NAME)
  account list|reset|unlock|close|code-off see accounts; give one a new password, unlock or close it, take its one-time code off
`;

/** Runs the command that the words name, under an environment; gives the exit code. */
export async function runCommand([command = '', ...words]: readonly string[], environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const load = commands[command];
  if (load === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    const config = readConfig(environment);
    log.level = config.logLevel;
    const run = await load();
    await run(config, words);
    return 0;
  } catch (error) {
    // A hub error's sentence is meant for the reader; of anything else the stack is what helps.
    process.stderr.write(error instanceof HubError ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}
