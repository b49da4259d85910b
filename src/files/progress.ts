/**
 * How far a long reading of a file is: a bar with rate and remaining time on a terminal, a plain line now and then elsewhere.
 */

/** A moment of an import. */
export interface FileProgress {
  /** The part of the file that is done, 0 to 1. */
  readonly part: number;
  readonly rows: number;
  readonly rejected: number;
}

/** Where lines go; `process.stdout` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A printer of progress; `end` leaves a clean line behind. */
export function fileProgress(stream: ProgressStream, clock: () => number = () => performance.now()): { (now: FileProgress): void; end(): void } {
  const began = clock();
  let first: FileProgress | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let drawn = false;
  const print = (now: FileProgress): void => {
    first ??= now;
    const at = clock();
    if (at - last < (stream.isTTY === true ? 100 : 5000)) return;
    last = at;
    const seconds = Math.max((at - began) / 1000, 0.001);
    // Rows of an earlier run, before a resume, are none of this one's speed.
    const rate = Math.round((now.rows - first.rows) / seconds);
    const done = now.part - first.part;
    const left = done > 0 ? duration(((1 - now.part) / done) * seconds) : '?';
    const words = `${String(Math.floor(now.part * 100)).padStart(3)} %  ${grouped(now.rows)} rows  ${grouped(rate)}/s  ${left} left${now.rejected > 0 ? `  ${grouped(now.rejected)} rejected` : ''}`;
    if (stream.isTTY !== true) {
      stream.write(`${words}\n`);
      return;
    }
    const width = Math.max(0, Math.min(30, (stream.columns ?? 80) - words.length - 4));
    const full = Math.round(width * Math.min(1, now.part));
    drawn = true;
    stream.write(`\r\u001B[2K${width < 5 ? '' : `[${'='.repeat(full)}${' '.repeat(width - full)}] `}${words}`);
  };
  return Object.assign(print, { end: () => { if (drawn) stream.write('\n'); } });
}

/** Minutes and seconds, or hours and minutes. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}
