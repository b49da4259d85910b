/**
 * `keys`: registers departments' applications, makes their keys and ends them.
 */
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { issueKey, registerConsumer, revokeKeys } from '../identity/consumers.ts';

/** `register CODE NAME DEPARTMENT`, `issue CODE [--days N]`, `revoke CODE`. */
export async function keys(config: Config, words: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args: [...words], allowPositionals: true, options: { days: { type: 'string' } } });
  const [verb, code, name, departmentCode] = positionals;
  if (code === undefined) throw new HubError('BAD_INPUT', 'Say which consumer: keys register CODE NAME DEPARTMENT, keys issue CODE [--days N], keys revoke CODE.');
  const database = await openDatabase(config);
  try {
    await migrate(database);
    switch (verb) {
      case 'register':
        if (name === undefined || departmentCode === undefined) throw new HubError('BAD_INPUT', 'keys register needs CODE, NAME and DEPARTMENT.');
        await registerConsumer(database.sql, { code, name, departmentCode });
        process.stdout.write(`Registered ${code}.\n`);
        return;
      case 'issue': {
        const days = values.days === undefined ? null : Number(values.days);
        if (days !== null && !(Number.isInteger(days) && days > 0)) throw new HubError('BAD_INPUT', '--days must be a whole number above 0.');
        process.stdout.write(`${await issueKey(database.sql, code, new Date(), days)}\n`);
        return;
      }
      case 'revoke':
        process.stdout.write(`Ended ${await revokeKeys(database.sql, code, new Date())} keys of ${code}.\n`);
        return;
      default:
        throw new HubError('BAD_INPUT', 'keys knows register, issue and revoke.');
    }
  } finally {
    await database.close();
  }
}
