/**
 * `keys`: registers departments' applications and administrators, makes their keys, changes them over and ends them; links the
 * subjects of tokens to them.
 */
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { issueKey, registerAdministrator, registerConsumer, revokeKeys, rotateKeys } from '../identity/consumers.ts';
import type { Holder } from '../identity/holder.ts';
import type { Actor } from '../identity/policy-change.ts';
import { linkToken, unlinkToken } from '../identity/token-subject.ts';
import { roles } from '../sharing/terms.ts';
import { auditOf, CommandRecord } from './recorded.ts';


const usage = 'keys register CODE NAME DEPARTMENT [--platform] · keys appoint CODE NAME DEPARTMENT ROLE · keys issue CODE [--days N] · keys rotate CODE [--overlap HOURS] [--days N] · keys revoke CODE · keys link CODE SUBJECT · keys unlink SUBJECT';

/** `register`, `appoint`, `issue`, `rotate`, `revoke`, `link`, `unlink`. A code is a consumer's, or an administrator's with `--administrator`. */
export async function keys(config: Config, words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...words], allowPositionals: true,
    options: { days: { type: 'string' }, overlap: { type: 'string', default: '24' }, platform: { type: 'boolean', default: false }, administrator: { type: 'boolean', default: false } },
  });
  const [verb, code, name, departmentCode, role] = positionals;
  if (code === undefined) throw new HubError('BAD_INPUT', `Say whose: ${usage}.`);
  const days = values.days === undefined ? null : whole('--days', values.days);
  const holder: Holder = values.administrator ? { administrator: code } : { consumer: code };
  const actor: Actor = { by: 'command line', now: new Date().toISOString() };
  const database = await openDatabase(config);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const audit = auditOf(config, database, 'keys');
  const done = async (): Promise<string> => {
    switch (verb) {
      case 'register':
        if (name === undefined || departmentCode === undefined) throw new HubError('BAD_INPUT', 'keys register needs CODE, NAME and DEPARTMENT.');
        await registerConsumer(database.sql, { code, name, departmentCode, servicePlatform: values.platform }, actor);
        return `Registered ${code}.`;
      case 'appoint': {
        const known = roles.find((one) => one === role);
        if (name === undefined || departmentCode === undefined || known === undefined) throw new HubError('BAD_INPUT', `keys appoint needs CODE, NAME, DEPARTMENT and a ROLE: ${roles.join(', ')}.`);
        await registerAdministrator(database.sql, { code, name, departmentCode, role: known }, actor);
        return `Appointed ${code} as ${known}.`;
      }
      case 'issue': return issueKey(database.sql, holder, days, actor);
      case 'rotate': return rotateKeys(database.sql, holder, whole('--overlap', values.overlap), days, actor);
      case 'revoke': return `Ended ${await revokeKeys(database.sql, holder, actor)} keys and links of ${code}.`;
      case 'link': {
        if (name === undefined) throw new HubError('BAD_INPUT', 'keys link needs CODE and SUBJECT.');
        await linkToken(database.sql, holder, issuerOf(config), name, actor);
        return `Linked the subject to ${code}.`;
      }
      case 'unlink': return await unlinkToken(database.sql, issuerOf(config), code, actor) ? 'Unlinked the subject.' : 'The subject was not linked.';
      default: throw new HubError('BAD_INPUT', `keys knows these: ${usage}.`);
    }
  };
  try {
    await migrate(database);
    say(await new CommandRecord(audit, { roots: ['keys', String(verb), code, ...(verb === 'appoint' ? [String(role)] : [])] }).around(done));
  } finally {
    await audit.close();
    await database.close();
  }
}

function issuerOf({ tokens }: Config): string {
  if (tokens === undefined) throw new HubError('BAD_INPUT', 'There is no issuer of tokens: set HUB_OIDC_ISSUER and HUB_OIDC_AUDIENCE, for this command as for the hub.');
  return tokens.issuer;
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (!(Number.isInteger(number) && number > 0)) throw new HubError('BAD_INPUT', `${option} must be a whole number above 0.`);
  return number;
}
