/**
 * The thread that draws papers: drawing one takes longer than an event loop may be held up. It knows fonts and papers and nothing else;
 * who may have what was decided before. Started by `printer.ts`.
 */
import { parentPort } from 'node:worker_threads';
import { openFonts } from './fonts.ts';
import type { Paper } from './paper.ts';
import { drawPaper } from './pdf.ts';

/** What is to be drawn. */
export interface DrawRequest {
  readonly no: number;
  readonly paper: Paper;
}

/** What came of it; `pdf` null: it could not be drawn. */
export interface Drawn {
  readonly no: number;
  readonly pdf: Uint8Array | null;
  /** The kind of failure; no message, which may quote the paper. */
  readonly failure?: string;
}

const port = parentPort;
if (!port) throw new Error('pdf-thread.ts runs in a worker thread only');
const fonts = openFonts();
// One after the other: two at once would take as long and twice the memory.
let before = Promise.resolve();
port.on('message', ({ no, paper }: DrawRequest) => {
  before = before.then(async () => {
    let drawn: Drawn;
    try {
      drawn = { no, pdf: await drawPaper(paper, fonts) };
    } catch (error) {
      drawn = { no, pdf: null, failure: error instanceof Error ? `${error.name} ${error.stack?.split('\n')[1]?.trim() ?? ''}` : typeof error };
    }
    port.postMessage(drawn);
  });
});
