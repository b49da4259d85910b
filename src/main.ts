/**
 * The process of a command: its words and its environment in, its exit code out.
 */
import { runCommand } from './commands/run.ts';

process.exitCode = await runCommand(process.argv.slice(2), process.env);
