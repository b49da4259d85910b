/**
 * Objects of many fields, made so that the engine keeps them small and quick.
 *
 * Fields that are put one by one, by names that are computed, turn every object into a hash table of its own: five times the memory, and
 * slow to go through. Here all objects that have the same fields are copies of one, and so have one hidden class.
 */

/** What comes behind some fields: the step to each further field, and the object that has the fields up to here. */
interface Step {
  readonly next: (Step | undefined)[];
  readonly fields: readonly string[];
  empty: Record<string, unknown> | null;
}

/** Sets of fields that are remembered; files have a handful of them, or tell something else in every row. */
const mostSteps = 20_000;

/** Makes objects of some of these fields. */
export class SameShape {
  readonly #fields: readonly string[];
  readonly #first: Step = { next: [], fields: [], empty: null };
  #steps = 0;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  /** An object of the fields whose value is not `undefined`; `values` in the order of the fields. */
  object(values: readonly unknown[]): Record<string, unknown> {
    let step = this.#first;
    for (let place = 0; place < values.length; place += 1) if (values[place] !== undefined) step = step.next[place] ?? this.#further(step, place);
    const made = { ...(step.empty ??= emptyObject(step.fields)) };
    for (let place = 0; place < values.length; place += 1) {
      const value = values[place];
      if (value !== undefined) made[this.#fields[place] as string] = value;
    }
    return made;
  }

  #further(step: Step, place: number): Step {
    const further: Step = { next: [], fields: [...step.fields, this.#fields[place] as string], empty: null };
    if (this.#steps < mostSteps) {
      this.#steps += 1;
      step.next[place] = further;
    }
    return further;
  }
}

/** An object with these fields, all null, to be copied. The engine's reader of JSON makes no hash table of it. */
export function emptyObject(fields: readonly string[]): Record<string, unknown> {
  return JSON.parse(`{${fields.map((field) => `${JSON.stringify(field)}:null`).join()}}`) as Record<string, unknown>;
}
