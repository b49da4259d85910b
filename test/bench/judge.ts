/**
 * What the judge costs: CPU of a request, node and PostgreSQL together, of a hub whose caller holds real grants, divided by that of the
 * hub whose caller may have everything; under a case both are asked under the same one, and what a case costs, alone and with grants, is
 * told beside it. And what two thousand other consumers cost it. Ratios are taken within rounds.
 */
import { median } from './report.ts';
import type { Sample } from './report.ts';
import { workloads } from './workloads.ts';
import type { WorkloadName } from './workloads.ts';

/** The hubs that are compared; `hub` is the one whose caller may have everything. */
export const judged = {
  open: 'hub',
  /** Grants with masks and bounds, a territory, ten consumers. */
  granted: 'hub granted',
  /** The same once more: how far two equal hubs differ. */
  again: 'hub granted again',
  /** The same among 2 000 consumers with 200 000 tuples. */
  many: 'hub granted among 2000',
  /** The same where somebody is sealed, so that every statement looks for seals. */
  sealed: 'hub granted with seals',
  /** The hub whose caller may have everything, everybody asked for under a case of his own: a case has to cover him whatever is granted. */
  openInCase: 'hub in a case',
  /** Grants, and everybody asked for under a case of his own. */
  inCase: 'hub granted in a case',
} as const;

/** What grants, masks, territory and bounds may cost. */
export const judgeBar = 1.15;

interface Ratios {
  readonly cpu: readonly number[];
  readonly rate: readonly number[];
}

const cpuOf = ({ node, database }: Sample): number => (node ?? NaN) + (database ?? NaN);

/** One server to another, round by round. */
function ratiosOf(samples: readonly Sample[], upper: string, lower: string): Ratios {
  const below = new Map(samples.filter(({ server }) => server === lower).map((one) => [one.round, one]));
  const pairs = samples.filter(({ server }) => server === upper).flatMap((one) => {
    const other = below.get(one.round);
    return other === undefined ? [] : [{ cpu: cpuOf(one) / cpuOf(other), rate: one.rate / other.rate }];
  });
  return { cpu: pairs.map(({ cpu }) => cpu), rate: pairs.map(({ rate }) => rate) };
}

const spread = (values: readonly number[]): string => `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;

/** The whole run as Markdown; `heaps`: bytes in use by each server before the first request. */
export function judgeMarkdown(samples: readonly Sample[], workloadsRun: readonly WorkloadName[], heaps: ReadonlyMap<string, number>): string {
  const out: string[] = [];
  for (const workload of workloadsRun) {
    const own = samples.filter((one) => one.workload === workload);
    out.push(`### ${workload}: ${workloads[workload].title}`, '', '| server | req/s | CPU ms/req node | postgres | CPU to the hub | rounds | rate to the hub |', '|---|--:|--:|--:|--:|---|--:|');
    for (const server of new Set(own.map((one) => one.server))) {
      const all = own.filter((one) => one.server === server);
      const { cpu, rate } = ratiosOf(own, server, judged.open);
      out.push(`| ${server} | ${Math.round(median(all.map((one) => one.rate)))} | ${median(all.flatMap(({ node }) => node ?? [])).toFixed(3)} | ${median(all.flatMap(({ database }) => database ?? [])).toFixed(3)} | ${median(cpu).toFixed(2)} | ${spread(cpu)} | ${median(rate).toFixed(2)} |`);
    }
    out.push('', ...verdicts(own), '');
  }
  const mib = (server: string): string => `${((heaps.get(server) ?? NaN) / 1_048_576).toFixed(0)} MiB`;
  if (heaps.has(judged.many)) out.push(`Heap when ready: ${mib(judged.granted)} with 10 consumers, ${mib(judged.many)} with 2 000 consumers and 200 000 tuples.`, '');
  return out.join('\n');
}

function verdicts(samples: readonly Sample[]): readonly string[] {
  const said: string[] = [];
  for (const server of [judged.granted, judged.sealed, judged.inCase]) {
    const without = server === judged.inCase ? judged.openInCase : judged.open;
    const { cpu } = ratiosOf(samples, server, without);
    if (cpu.length > 0) said.push(`- ${server} to ${without}: ${median(cpu).toFixed(2)} of its CPU, bar ${judgeBar}: ${median(cpu) <= judgeBar ? 'reached' : 'MISSED'}`);
  }
  for (const [what, server] of [['A case alone', judged.openInCase], ['Grants and a case together', judged.inCase]] as const) {
    const { cpu } = ratiosOf(samples, server, judged.open);
    if (cpu.length > 0) said.push(`- ${what}, ${server} to ${judged.open}: ${median(cpu).toFixed(2)} of its CPU`);
  }
  const [same, many] = [ratiosOf(samples, judged.again, judged.granted), ratiosOf(samples, judged.many, judged.granted)];
  if (same.cpu.length > 0) said.push(`- A/A control: CPU ${median(same.cpu).toFixed(2)} (${spread(same.cpu)}), rate ${median(same.rate).toFixed(2)} (${spread(same.rate)})`);
  if (same.cpu.length > 0 && many.cpu.length > 0) {
    const within = isWithin(median(many.cpu), same.cpu) && isWithin(median(many.rate), same.rate);
    said.push(`- ${judged.many} to ${judged.granted}: CPU ${median(many.cpu).toFixed(2)} (${spread(many.cpu)}), rate ${median(many.rate).toFixed(2)} (${spread(many.rate)}): ${within ? 'within the control' : 'MORE than the control'}`);
  }
  return said;
}

/** As near to 1 as rounds of two equal servers come. */
function isWithin(ratio: number, control: readonly number[]): boolean {
  return Math.abs(ratio - 1) <= Math.max(...control.map((one) => Math.abs(one - 1)));
}
