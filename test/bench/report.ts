/**
 * Figures of a run, put together: medians over rounds, ratios within rounds, and the table.
 */
import { workloads } from './workloads.ts';
import type { WorkloadName } from './workloads.ts';

/** One server under one workload in one round. */
export interface Sample {
  readonly server: string;
  readonly workload: WorkloadName;
  readonly round: number;
  /** Answers a second. */
  readonly rate: number;
  /** CPU milliseconds a request: the server's process, and PostgreSQL; null where /proc does not tell. */
  readonly node: number | null;
  readonly database: number | null;
  readonly bytes: number;
  readonly latencies: readonly number[];
}

/** What the ratios are taken to, and what must be reached (issue 3). */
export interface Bars {
  readonly hub: Readonly<Record<WorkloadName, number>>;
  /** To a limit that writes the same audit; and to the bare one (issue 5). */
  readonly audited: Readonly<Record<WorkloadName, number>>;
  readonly bare: Partial<Readonly<Record<WorkloadName, number>>>;
  readonly peers: Readonly<Record<string, Partial<Record<WorkloadName, number>>>>;
}

export const bars: Bars = {
  hub: { W1: 0.6, W2: 0.65, W3: 0.8, W4: 0.8 },
  audited: { W1: 0.65, W2: 0.65, W3: 0.75, W4: 0.75 },
  bare: { W1: 0.4, W2: 0.5 },
  peers: {
    postgraphile: { W1: 2, W2: 2, W4: 2 },
    yoga: { W2: 5, W3: 4, W4: 3 },
    mercurius: { W2: 5, W3: 4, W4: 3 },
  },
};

/** The hub without its audit: what is beside the bare limit like with like. */
export const silent = 'hub without audit';

/** The limit's two ways, their answers waiting for the record that the hub's wait for. */
export const audited = ['limit json + audit', 'limit rows + audit'] as const;

/** The servers that stand for the limit, and the one that is the limit measured again. */
export const limits = ['limit json', 'limit rows'] as const;
export const again = 'limit again';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length === 0 ? NaN : sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

interface Line {
  readonly server: string;
  readonly rate: number;
  /** Ratios of the rounds to the limit. */
  readonly ratios: readonly number[];
  readonly p50: number;
  readonly p99: number;
  readonly node: number;
  readonly database: number;
  /** CPU of the limit divided by this server's: as a ratio of rates if only CPU were short. */
  readonly cpuRatio: number;
}

/** The stronger way of the limit under a workload: by its rate, and where that differs by less than 15 %, by its CPU. */
export function strongest(samples: readonly Sample[], workload: WorkloadName, ways: readonly [string, string] = limits): string {
  const own = (server: string): readonly Sample[] => samples.filter((one) => one.server === server && one.workload === workload);
  const rate = (server: string): number => median(own(server).map((one) => one.rate)) || 0;
  const cpu = (server: string): number => median(own(server).map(({ node, database }) => (node ?? NaN) + (database ?? 0)));
  const [json, rows] = ways;
  const [more, less] = [Math.max(rate(json), rate(rows)), Math.min(rate(json), rate(rows))];
  if (less > 0.85 * more && cpu(json) !== cpu(rows)) return cpu(rows) < cpu(json) ? rows : json;
  return rate(rows) > rate(json) ? rows : json;
}

function lines(samples: readonly Sample[], workload: WorkloadName, limit: string): readonly Line[] {
  const own = samples.filter((one) => one.workload === workload);
  const base = new Map(own.filter(({ server }) => server === limit).map((one) => [one.round, one]));
  const cost = (all: readonly Sample[], part: 'node' | 'database'): number => median(all.flatMap((one) => one[part] ?? []));
  const total = (server: string): number => {
    const all = own.filter((one) => one.server === server);
    return cost(all, 'node') + (all.some(({ database }) => database !== null) ? cost(all, 'database') : 0);
  };
  return [...new Set(own.map(({ server }) => server))].map((server): Line => {
    const all = own.filter((one) => one.server === server);
    const sorted = all.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
    return {
      server, rate: median(all.map(({ rate }) => rate)), ratios: all.flatMap((one) => one.rate / (base.get(one.round)?.rate ?? NaN)),
      p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), node: cost(all, 'node'), database: cost(all, 'database'), cpuRatio: total(limit) / total(server),
    };
  });
}

const two = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(2));
const three = (value: number): string => (Number.isNaN(value) ? '-' : value < 10 ? value.toFixed(3) : value.toFixed(1));

/** The whole run as Markdown; `wayOfAgain`: which of the limit's ways was measured again. */
export function markdown(samples: readonly Sample[], workloadsRun: readonly WorkloadName[], wayOfAgain: (workload: WorkloadName) => string): string {
  const out: string[] = [];
  for (const workload of workloadsRun) {
    const limit = strongest(samples, workload);
    const found = lines(samples, workload, limit);
    const hub = found.find(({ server }) => server === 'hub');
    const own = samples.filter((one) => one.workload === workload);
    // Of the limit, which answers nothing but what is asked; where it is not there, of whoever is.
    const size = median((own.some(({ server }) => server === limit) ? own.filter(({ server }) => server === limit) : own).map(({ bytes }) => bytes));
    out.push(
      `### ${workload}: ${workloads[workload].title} (${(size / 1024).toFixed(1)} KB)`, '',
      '| server | req/s | ratio to limit | rounds | CPU ratio | p50 ms | p99 ms | CPU ms/req node | postgres | hub is faster |', '|---|--:|--:|---|--:|--:|--:|--:|--:|--:|',
      ...found.map((line) => {
        const times = hub && line.server !== 'hub' ? median(roundsOf(samples, workload, 'hub', line.server)) : NaN;
        return `| ${line.server === limit ? `**${line.server}**` : line.server} | ${Math.round(line.rate)} | ${two(median(line.ratios))} | ${two(Math.min(...line.ratios))} to ${two(Math.max(...line.ratios))} | ${two(line.cpuRatio)} | ${two(line.p50)} | ${two(line.p99)} | ${three(line.node)} | ${three(line.database)} | ${Number.isNaN(times) ? '' : `${times.toFixed(2)}x`} |`;
      }), '', ...verdicts(samples, workload, found, wayOfAgain(workload)), '');
  }
  return out.join('\n');
}

/** The ratio of two servers' rates in each round. */
function roundsOf(samples: readonly Sample[], workload: WorkloadName, upper: string, lower: string): readonly number[] {
  const own = samples.filter((one) => one.workload === workload);
  const below = new Map(own.filter(({ server }) => server === lower).map(({ round, rate }) => [round, rate]));
  return own.filter(({ server }) => server === upper).flatMap(({ round, rate }) => (below.has(round) ? [rate / (below.get(round) as number)] : []));
}

/** Rates that are less than 15 % from a bar say nothing on machines of this kind: then the CPU decides, for better or worse. */
function reached(ratio: number, bar: number, cpu: number): string {
  const near = Math.abs(ratio / bar - 1) < 0.15 && !Number.isNaN(cpu);
  return `${two(ratio)}, bar ${bar}: ${(near ? cpu : ratio) >= bar ? 'reached' : 'MISSED'}${near ? ' by CPU' : ''} (CPU ratio ${two(cpu)})`;
}

function verdicts(samples: readonly Sample[], workload: WorkloadName, found: readonly Line[], measuredAgain: string): readonly string[] {
  const said: string[] = [];
  const pair = median(roundsOf(samples, workload, again, measuredAgain));
  if (!Number.isNaN(pair)) said.push(`- A/A control: ${two(pair)}${Math.abs(pair - 1) > 0.05 ? ', NOT within 5 %: read the CPU columns' : ''}`);
  const hub = found.find(({ server }) => server === 'hub');
  const without = found.find(({ server }) => server === silent);
  if (without) said.push(`- hub without audit to limit: ${reached(median(without.ratios), bars.hub[workload], without.cpuRatio)}`);
  if (hub) said.push(`- hub to the bare limit: ${bars.bare[workload] === undefined ? `${two(median(hub.ratios))} (CPU ratio ${two(hub.cpuRatio)})` : reached(median(hub.ratios), bars.bare[workload], hub.cpuRatio)}`);
  const same = strongest(samples, workload, audited);
  const ratios = roundsOf(samples, workload, 'hub', same);
  const own = lines(samples, workload, same).find(({ server }) => server === 'hub');
  if (ratios.length > 0 && own) said.push(`- hub to ${same}: ${reached(median(ratios), bars.audited[workload], own.cpuRatio)}`);
  for (const [server, wanted] of Object.entries(bars.peers)) {
    const bar = wanted[workload];
    const times = median(roundsOf(samples, workload, 'hub', server));
    if (bar !== undefined && !Number.isNaN(times)) said.push(`- hub to ${server}: ${times.toFixed(2)}x, bar ${bar}x: ${times >= bar ? 'reached' : 'MISSED'}`);
  }
  return said;
}
