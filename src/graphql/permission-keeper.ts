/**
 * Keeps the columns of the matrix of field permissions judged, for as long as the hub serves: soon after it has started, and after every
 * change of policy, they are there before anybody opens the matrix. It works in short slices with longer rests between, so that whoever asks
 * something meanwhile goes first; what it has not come to yet, whoever asks judges himself.
 */
import { Keeper, pause } from '../db/keeper.ts';
import type { Standing } from '../identity/standing.ts';
import { mostCells } from './field-permissions.ts';
import type { KeptColumns } from './permission-columns.ts';
import { halting } from './turns.ts';

/** What keeping takes. */
export interface ColumnKeeperParts {
  readonly columns: KeptColumns;
  readonly standing: () => Standing;
  readonly now: () => Date;
  /** Hears of what fails; quotes no data. */
  readonly tell: (error: unknown) => void;
}

/** A look at columns that are all there costs next to nothing. */
const everyMs = 1000;

/** See the head of this file. */
export class ColumnKeeper extends Keeper {
  readonly #parts: ColumnKeeperParts;

  constructor(parts: ColumnKeeperParts) {
    super();
    this.#parts = parts;
  }

  protected async keep(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        await this.#fill(over);
      } catch (error) {
        this.#parts.tell(error);
      }
      await pause(everyMs, over);
    }
  }

  async #fill(over: AbortSignal): Promise<void> {
    const { columns, standing, now } = this.#parts;
    const current = standing();
    // There is always somebody who might ask for something else. What has changed meanwhile is another standing's.
    await columns.fill(current, 'QUERY', now().toISOString(), mostCells, { halt: halting(() => true), goesOn: () => !over.aborted && standing() === current });
  }
}
