/**
 * Figures as monitoring reads them: the Prometheus text format 0.0.4, and the two kinds that grow by being counted. Counting is an addition
 * to a number that is kept; nothing is written, hashed or allocated before somebody reads.
 *
 * It decides nothing about labels: whoever counts sees to it that their values are few and tell nothing.
 */

/** What the text format is sent as. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** One figure of a family, with its labels. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A family of figures: its name, what it says, its kind and its samples. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

/** Upper bounds of the steps of a duration, in seconds. */
const steps = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Durations, counted by steps. */
export class Durations {
  readonly #counts = new Float64Array(steps.length + 1);
  #seconds = 0;

  /** Counts one, in seconds. */
  add(seconds: number): void {
    let step = 0;
    while (step < steps.length && seconds > (steps[step] as number)) step += 1;
    this.#counts[step] = (this.#counts[step] as number) + 1;
    this.#seconds += seconds;
  }

  /** Its lines, each step with all below it. */
  lines(name: string, labels: Readonly<Record<string, string>>): readonly string[] {
    let below = 0;
    const buckets = [...steps.map(String), '+Inf'].map((le, step) => {
      below += this.#counts[step] as number;
      return lineOf(`${name}_bucket`, { ...labels, le }, below);
    });
    return [...buckets, lineOf(`${name}_sum`, labels, this.#seconds), lineOf(`${name}_count`, labels, below)];
  }
}

/** The lines of a family. */
export function linesOf({ name, help, kind, samples }: Family): readonly string[] {
  return samples.length === 0 ? [] : [...headOf(name, help, kind), ...samples.map(([labels, value]) => lineOf(name, labels, value))];
}

/** What stands before the lines of a family. */
export function headOf(name: string, help: string, kind: 'counter' | 'gauge' | 'histogram'): readonly string[] {
  return [`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${kind}`];
}

function lineOf(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join()}}`} ${Number.isNaN(value) ? 'NaN' : String(value)}`;
}
