/**
 * The mutation tester of the judge: `npm run test:mutants [-- part of a file's name]`. Changes `src/sharing/` in every small way that mutate.ts
 * knows, one at a time, and runs the pure tests of test/sharing against each. A mutant that no test notices survives: it is printed
 * with its place. Fails below 95 % killed, and on a listed equivalent (equivalent.ts) that is none any more.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { equivalents } from './equivalent.ts';
import type { Equivalent } from './equivalent.ts';
import { mutantsOf } from './mutate.ts';
import type { Mutant } from './mutate.ts';
import type { Order, Outcome } from './worker.ts';

const root = join(import.meta.dirname, '../..');
/** Longer than any run of the tests takes: a mutant that never ends is noticed too. */
const patienceMs = 60_000;
/** Modules stay in a process for good, so a process runs so many mutants. */
const perProcess = 150;

/** A mutant with what became of it; null: it survived. */
export interface Judged {
  readonly mutant: Mutant;
  readonly killedBy: string | null;
}

/** All mutants of the judge. */
export function allMutants(part = ''): readonly Mutant[] {
  const files = readdirSync(join(root, 'src/sharing')).filter((name) => name.endsWith('.ts') && name.includes(part)).map((name) => `src/sharing/${name}`);
  return files.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
}

/** Runs the tests against each. Throws if they fail without any change. */
export async function judge(mutants: readonly Mutant[], told: (judged: Judged) => void = () => undefined): Promise<readonly Judged[]> {
  const waiting = mutants.map((mutant, place): Order => ({ number: place + 1, file: mutant.file, source: mutant.source }));
  const judged: Judged[] = [];
  const unchanged = new Runner();
  const failure = await unchanged.run({ number: 0, file: null, source: '' });
  unchanged.stop();
  if (failure !== null) throw new Error(`The tests fail without any change: ${failure}`);
  const work = async (): Promise<void> => {
    const runner = new Runner();
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
      const one = { mutant: mutants[order.number - 1] as Mutant, killedBy: await runner.run(order) };
      judged.push(one);
      told(one);
    }
    runner.stop();
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return judged;
}

/** A process that runs mutants, and another one after it is worn or hangs. */
class Runner {
  #process: ChildProcess | undefined;
  #runs = 0;

  run(order: Order): Promise<string | null> {
    if (this.#runs >= perProcess) this.stop();
    this.#runs += 1;
    const child = this.#process ??= fork(join(import.meta.dirname, 'worker.ts'), { execArgv: ['--no-warnings'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    return new Promise((resolve) => {
      const settle = (killedBy: string | null): void => {
        clearTimeout(timer);
        child.off('message', answered).off('exit', ended);
        resolve(killedBy);
      };
      const answered = (outcome: Outcome): void => settle(outcome.killedBy);
      const ended = (): void => { this.#process = undefined; this.#runs = 0; settle('the process ended'); };
      const timer = setTimeout(() => { this.stop(); settle('never ends'); }, patienceMs);
      child.on('message', answered).on('exit', ended);
      child.send(order);
    });
  }

  stop(): void {
    this.#process?.removeAllListeners().kill('SIGKILL');
    this.#process = undefined;
    this.#runs = 0;
  }
}

/** Is this mutant listed as one that changes nothing anybody could see? */
export function equivalentOf({ file, text, was, becomes }: Mutant): Equivalent | undefined {
  return equivalents.find((one) => one.file === file && one.line === text && one.was === was && one.becomes === becomes);
}

if (import.meta.main) {
  const started = performance.now();
  const mutants = allMutants(process.argv[2]);
  let [done, alive] = [0, 0];
  const judged = await judge(mutants, ({ killedBy }) => {
    done += 1;
    if (killedBy === null) alive += 1;
    if (done % 100 === 0) process.stderr.write(`${done} of ${mutants.length}, ${alive} alive\n`);
  });
  const survivors = judged.filter(({ killedBy }) => killedBy === null).map(({ mutant }) => mutant);
  const unexplained = survivors.filter((mutant) => equivalentOf(mutant) === undefined);
  const short = (code: string): string => JSON.stringify(code.length > 90 ? `${code.slice(0, 90)}...` : code);
  for (const { file, line, was, becomes, text } of unexplained.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)) console.log(`survived ${file}:${line}: ${short(was)} → ${short(becomes)} in ${short(text)}`);
  const stale = process.argv[2] === undefined ? equivalents.filter((one) => !survivors.some((mutant) => equivalentOf(mutant) === one)) : [];
  for (const { file, line, was, becomes } of stale) console.log(`listed as equivalent, but it is none: ${file}: ${short(was)} → ${short(becomes)} in ${short(line)}`);
  const real = mutants.length - (survivors.length - unexplained.length);
  const killed = mutants.length - survivors.length;
  console.log(`${mutants.length} mutants, ${survivors.length - unexplained.length} of them equivalent: ${killed} of ${real} killed (${(100 * killed / real).toFixed(1)} %) in ${Math.round((performance.now() - started) / 1000)} s`);
  if (killed < 0.95 * real || stale.length > 0) process.exitCode = 1;
}
