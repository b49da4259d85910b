/**
 * 64 senders who mean harm, as a process of its own: each from its own address, half of them with a valid key of their own, all asking
 * as fast as they are answered, or sooner. Told where to send and with which keys on standard input; says
 * that it begins, and what became of it when asked to stop.
 *
 * It is started at the lowest priority (`nice`, so that all its threads have it), because in the world senders have machines of their own:
 * what it does to the server is the point, not what it takes from the honest client's processor.
 */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { documentLimits } from '../../src/graphql/limits.ts';

/** Where to, and the keys of those who have one. */
export interface Orders {
  readonly port: number;
  readonly keys: readonly string[];
  readonly matter: string;
}

/** How often each status was answered, by what was sent; and how often a connection broke. */
export type Tally = Record<string, Record<string, number>>;

export const senders = 64;

/** Requests that each keeps open, and milliseconds that each is waited for. */
const inFlight = Number(process.env['HUB_SOAK_IN_FLIGHT'] ?? 4);
const patience = Number(process.env['HUB_SOAK_PATIENCE'] ?? 400);

let serial = 0;
const times = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ');
const nested = (levels: number, name: string): string => `${`${name} { `.repeat(levels)}name${' }'.repeat(levels)}`;
const division = (selection: string): string => `query Q${(serial += 1)} { administrativeDivision(divisionCode: "620623000000") { ${selection} } }`;
const asking = (query: string, variables: unknown = undefined): string => JSON.stringify({ query, variables });

/** What they send; documents hardly twice, so that nothing is known already. */
const kinds: Readonly<Record<string, () => string>> = {
  deep: () => asking(division(nested(2000, 'parent'))),
  'as deep as may be': () => asking(division(nested(documentLimits.depth - 2, 'parent'))),
  wide: () => asking(division(times(7000, () => 'name'))),
  'as wide as may be': () => asking(division(times(documentLimits.fields - 1, (index) => `x${serial}_${index}: name`))),
  aliased: () => asking(`query Q${(serial += 1)} { ${times(20, (index) => `a${index}: administrativeDivision(divisionCode: "620623000000") { ${times(documentLimits.fields / documentLimits.roots - 1, (other) => `b${other}: name`)} }`)} }`),
  fragments: () => asking(`query Q${(serial += 1)} { ...F0 } ${times(30, (n) => `fragment F${n} on Query { ${times(30, (m) => (m === n ? '' : `...F${m}`))} }`)}`),
  overlapping: () => asking(division(times(documentLimits.fields / 3 - 1, () => 'name parent { name }'))),
  'huge pages': () => asking(`query Q${(serial += 1)} ($n: Int) { administrativeDivisions(first: $n) { nodes { subdivisions(first: 100) { nodes { subdivisions(first: 100) { nodes { name } } } } } } }`, { n: 1000 }),
  'costly answers': () => asking('query ($n: Int, $m: Int) { administrativeDivisions(first: $n) { nodes { subdivisions(first: $m) { nodes { name legalEntities(first: 5) { nodes { name } } } } } } }', { n: 300, m: 60 }),
  'huge variables': () => asking('query ($ids: [String!]!) { persons(idNumbers: $ids) { name } }', { ids: Array.from({ length: 40_000 }, () => '622326198001010010') }),
  'deep variables': () => `{"query":"query ($v: JSON) { explain(document: \\"{me{name}}\\", variables: $v) { refused } }","variables":{"v":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
  'huge bodies': () => 'x'.repeat(990_000),
  'larger than huge bodies': () => 'x'.repeat(5_000_000),
  'syntax errors': () => asking(`query Q${(serial += 1)} { me { name ${times(3000, () => '(')}`),
  'unknown fields': () => asking(`query Q${(serial += 1)} { ${times(300, (index) => `nothing${index}`)} }`),
  'no JSON': () => `{"query": ${'{'.repeat(10_000)}`,
};

const names = Object.keys(kinds);

/** So many of each are made before anything is sent: making them is work that the machine does in this test only. */
const distinct = 400;
const bodies = new Map(names.map((name) => {
  const make = kinds[name] as () => string;
  const first = Buffer.from(make());
  return [name, first.length > 50_000 ? [first] : [first, ...Array.from({ length: distinct - 1 }, () => Buffer.from(make()))]];
}));
const tally: Tally = {};
let stopped = false;

const count = (what: string, outcome: string): void => {
  const own = (tally[what] ??= {});
  own[outcome] = (own[outcome] ?? 0) + 1;
};

/** One sender: what it sends changes with every request, unless it is one of those who send slowly. */
async function send(number: number, { port, keys, matter }: Orders): Promise<void> {
  const localAddress = `127.0.1.${number + 1}`;
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const key = number % 2 === 0 ? keys[number / 2] : number % 4 === 1 ? `hub_no-such-key-of-a-sender-number-${number}` : undefined;
  const headers = { 'content-type': 'application/json', 'hub-matter': matter, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  for (let round = Math.floor(Math.random() * names.length); !stopped; round += 1) {
    const what = names[round % names.length] as string;
    const own = bodies.get(what) as readonly Buffer[];
    const body = own[(round * senders + number) % own.length] as Buffer;
    const outcome = await new Promise<string>((resolve) => {
      const sent = request({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', agent, localAddress, headers: { ...headers, 'content-length': body.length } }, (response) => {
        response.resume().on('end', () => resolve(String(response.statusCode))).on('error', () => resolve('broken'));
      });
      // Whoever is kept waiting goes away and comes again.
      const impatient = setTimeout(() => {
        resolve('given up');
        sent.destroy();
      }, patience);
      sent.on('error', () => resolve('broken')).on('close', () => clearTimeout(impatient)).end(body);
    });
    count(`${what}${key?.startsWith('hub_hostile') ? ', with a key' : ''}`, outcome);
    // A refused connection is not asked for again at once: that would be a loop in this process alone.
    if (outcome === 'broken') await new Promise((wake) => setTimeout(wake, 5));
  }
  agent.destroy();
}

/** Bodies that come byte by byte, on many connections. */
async function drip(number: number, { port, keys }: Orders): Promise<void> {
  const key = keys[number % keys.length] ?? '';
  while (!stopped) {
    const socket = connect({ host: '127.0.0.1', port, localAddress: `127.0.2.${(number % 8) + 1}` });
    await new Promise<void>((resolve) => {
      socket.on('error', () => resolve()).on('close', () => resolve());
      socket.write(`POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer ${key}\r\ncontent-length: 9000\r\n\r\n`);
      const dripping = setInterval(() => (stopped ? socket.destroy() : socket.write(' ')), 200);
      socket.on('close', () => clearInterval(dripping));
      socket.resume();
    });
    count('slow bodies', 'closed');
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

if (import.meta.main) {
  const lines = createInterface({ input: process.stdin });
  lines.once('line', (line) => {
    const orders = JSON.parse(line) as Orders;
    process.stdout.write('sending\n');
    const all = Promise.all([
      ...Array.from({ length: inFlight * senders }, (_, number) => send(number % senders, orders)),
      ...Array.from({ length: 64 }, (_, number) => drip(number, orders)),
    ]);
    lines.once('line', () => {
      stopped = true;
      // Whoever is still waiting for an answer is not waited for.
      void Promise.race([all, new Promise((wake) => setTimeout(wake, 5000))]).then(() => process.stdout.write(`${JSON.stringify(tally)}\n`, () => process.exit(0)));
    });
  });
}
