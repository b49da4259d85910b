/**
 * Keeps a process small that is about to read a long file, and spares a server its first long halt.
 *
 * `startSmall` comes before everything is loaded: what loading leaves behind would double the process. `settle` comes behind it: that goes,
 * and the space for young objects may grow until it holds what a batch needs. With less, batches are carried into the space for old
 * objects and collected there at a higher cost; more of it is only resident.
 *
 * Both change the whole process and are meant for a command that does one thing. A server does not call them; it calls `tidy` once it is
 * loaded, so that what loading leaves behind is not collected while somebody waits (40 to 50 ms). Without effect where the engine does
 * not offer it.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of the space for young objects, both halves and what grows with them. */
const youngMost = 16 << 20;

const growth = (factor: number): void => setFlagsFromString(`--semi-space-growth-factor=${factor}`);

/** Keeps the space for young objects as it is at the start. */
export function startSmall(): void {
  growth(1);
}

/** Collects what nobody holds any more. */
export function tidy(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' });
}

/** See the head of this file. */
export function settle(): void {
  tidy();
  growth(2);
  // Old objects may be twice of what lives before they are collected; the engine would wait for four times.
  setFlagsFromString('--heap-growing-percent=100');
  const watch = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (young !== undefined && young.space_size < youngMost) return;
    growth(1);
    clearInterval(watch);
  }, 10);
  watch.unref();
}
