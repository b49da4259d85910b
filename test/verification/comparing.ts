/**
 * Comparisons for tests: a hub's database, a grant for lists, and a file in, chunk after chunk, its result out.
 */
import type { OpenAudit } from '../../src/audit/open.ts';
import { civilDate } from '../../src/graphql/context.ts';
import { coveredBy } from '../../src/matters/open-cases.ts';
import type { Purpose } from '../../src/identity/purpose.ts';
import { Comparisons } from '../../src/verification/comparison.ts';
import type { ComparisonShown } from '../../src/verification/comparison.ts';
import { compareNext } from '../../src/verification/comparison-run.ts';
import type { RunParts } from '../../src/verification/comparison-run.ts';
import type { FileForm } from '../../src/verification/comparison-file.ts';
import { ClaimsJudge } from '../../src/verification/judged.ts';
import type { Asker } from '../../src/verification/judged.ts';
import { auditOn } from '../audit/world.ts';
import { testMatter } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { grantTo } from '../world/grants.ts';
import { testPersonKey } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

export const csv: FileForm = { format: 'csv', encoding: 'utf-8' };
export const jsonLines: FileForm = { format: 'lines', encoding: 'utf-8' };

/** What comparing names and phones in lists takes. */
export const listGrant = [
  { item: 'RK-0000', uses: ['EXIST'], modes: ['BATCH'], matters: [testMatter] },
  { item: 'RK-0001', uses: ['KEY'], modes: ['BATCH'], matters: [testMatter] },
  ...['RK-0002', 'RK-0007', 'RK-0020', 'RK-0031', 'RK-0032', 'RK-0040'].map((item) => ({ item, uses: ['VERIFY'], modes: ['BATCH'], matters: [testMatter] })),
];

/** See the head of this file. */
export class Comparing {
  readonly hub: TestHub;
  readonly audit: OpenAudit;
  readonly comparisons: Comparisons;
  readonly parts: RunParts;
  now = new Date('2026-11-24T02:01:00.000Z');

  constructor(hub: TestHub, { mostUnmet = 20 }: { readonly mostUnmet?: number } = {}) {
    this.hub = hub;
    this.audit = auditOn(hub.database);
    const nobodyCovered = { covers: () => null } as unknown as Parameters<typeof coveredBy>[0];
    const judge = new ClaimsJudge({ contract: hub.schema.contract, lanes: hub.database, personKey: testPersonKey, covered: coveredBy(nobodyCovered) });
    const { sql } = hub.database;
    this.comparisons = new Comparisons({ sql, judge, audit: this.audit, keepDays: 7 });
    this.parts = { sql, judge, audit: this.audit, standing: () => hub.standing, now: () => this.now, civilDate, personKey: testPersonKey, mostUnmet, fence: async () => undefined };
  }

  asker(caller: CallerName = 'market', purpose: Partial<Purpose> = {}): Asker {
    const { standing } = this.hub;
    const consumer = standing.consumer(`test-${caller}`);
    if (consumer === undefined) throw new Error('no such caller');
    return { caller: consumer, standing, today: civilDate(this.now), now: this.now.toISOString(), purpose: { mode: 'QUERY', matter: standing.matter(testMatter) ?? null, caseNo: null, operator: null, behalf: null, problem: null, ...purpose } };
  }

  async granted(approvalNo = 'B-1', lines: readonly { readonly item: string }[] = listGrant): Promise<void> {
    const { errors } = await grantTo(this.hub, 'test-market', approvalNo, lines);
    if (errors.length > 0) throw new Error(errors[0]?.message);
  }

  upload(text: string | Buffer, form: FileForm = csv, asker = this.asker()): Promise<ComparisonShown> {
    return this.comparisons.receive(pieces(Buffer.from(text)), form, asker);
  }

  /** Compares all that waits. */
  async run(): Promise<void> {
    while (await compareNext(this.parts));
  }

  async of({ id }: Pick<ComparisonShown, 'id'>): Promise<ComparisonShown> {
    const found = await this.comparisons.of(id, 'test-market');
    if (found === null) throw new Error('no such comparison');
    return found;
  }

  async fetch({ id }: Pick<ComparisonShown, 'id'>, format: FileForm['format'] = 'csv', asker = this.asker()): Promise<string> {
    let text = '';
    for await (const part of await this.comparisons.fetch(id, format, asker)) text += part;
    return text;
  }
}

/** A body as it comes over a line: in pieces that end anywhere. */
async function* pieces(whole: Buffer, size = 1 << 16): AsyncIterable<Buffer> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}
