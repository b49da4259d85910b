/**
 * Progress of a long job: one line that renews itself on a terminal, a plain line now and then elsewhere.
 */

/** Called with what is being loaded and how many records are in so far. */
export type Progress = (what: string, loaded: number) => void;

/** A progress printer to standard output. */
export function progressLine(): Progress {
  const began = performance.now();
  let last = 0;
  return (what, loaded) => {
    const now = performance.now();
    const every = process.stdout.isTTY ? 100 : 5000;
    if (now - last < every) return;
    last = now;
    const rate = Math.round(loaded / ((now - began) / 1000));
    const line = `  ${loaded} records, ${rate} a second: ${what}`;
    process.stdout.write(process.stdout.isTTY ? `\r\u001B[2K${line}` : `${line}\n`);
  };
}
