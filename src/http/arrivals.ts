/**
 * Connections are opened one at a time, address by address: first where registered callers were answered lately, then from addresses
 * that nothing is known of, then from those whose connections have borne nothing (`addresses.ts`).
 *
 * Many that come at once would all be read in one pass of the event loop, and everybody who is served already would wait until the last
 * of them has been looked at. So each pass opens one, and whoever is not known waits a few milliseconds more after the one before: what
 * all of them together take from the process has an end, however many they are and however often they come. Until then nothing of what
 * is sent is read. Where nobody crowds, nobody notices. What has waited for so long that its sender has most likely given up is refused unread.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { HubError } from '../errors.ts';
import { formatted } from '../graphql/answer.ts';
import type { Addresses, Repute } from './addresses.ts';

/** Milliseconds that the next connection of its kind waits after one was opened. */
const apart: Readonly<Record<Repute, number>> = { known: 0, new: 2, fruitless: 8 };

/** So long a connection of a fruitless address waits at most, in milliseconds; and so many of each kind wait at once, those of known addresses aside. */
const longestWait = 5000;
const mostWaiting = 5000;

/** Refusals in one pass. */
const mostRefused = 8;

/** What is said to whoever is not opened. */
const tooMany = refusal(new HubError('RATE_LIMITED', 'Too many connections come from network addresses where nobody with a valid key has been answered lately. Ask again in 1 second, and over connections that are kept open.', { retryAfter: 1 }));

function refusal(error: HubError): string {
  const body = JSON.stringify({ errors: [formatted(error)] });
  return `HTTP/1.1 ${error.status} Too Many Requests\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nretry-after: 1\r\nconnection: close\r\n\r\n${body}`;
}

/** What paces the connections of a server. */
export interface Pacing {
  /** What was seen of addresses; absent: all are known, as where a proxy stands between. */
  readonly addresses?: Addresses;
  /** Is told of each connection that is refused unread. */
  readonly refused?: () => void;
}

/** Makes the connections of a server wait for their pass. Before it listens. */
export function paceArrivals(server: Server, pacing: Pacing = {}): void {
  const openers = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  const arrivals = new Arrivals(pacing, (socket) => {
    for (const open of openers) open.call(server, socket);
    socket.resume();
  }, () => server.listening);
  // Until then what is sent stays with its sender. (An option of `net.createServer` that `node:http` does not take.)
  Object.assign(server, { pauseOnConnect: true });
  server.removeAllListeners('connection');
  server.on('connection', (socket) => arrivals.add(socket));
}

/** A connection that waits, and since when. */
interface Arrival {
  readonly socket: Socket;
  readonly at: number;
}

class Arrivals {
  readonly #open: (socket: Socket) => void;
  readonly #listening: () => boolean;
  readonly #addresses: Addresses | undefined;
  readonly #refused: () => void;
  /** Who waits, by repute and address; whose turn was longest ago first. */
  readonly #waiting: Readonly<Record<Repute, Map<string, Arrival[]>>> = { known: new Map(), new: new Map(), fruitless: new Map() };
  readonly #count = { known: 0, new: 0, fruitless: 0 };
  /** Was one opened in this pass? */
  #opened = false;
  /** When the next of each kind may be opened. */
  readonly #from = { known: 0, new: 0, fruitless: 0 };
  /** A pass that is on its way. */
  #coming: { readonly at: number; readonly stop: () => void } | null = null;

  constructor({ addresses, refused = ignored }: Pacing, open: (socket: Socket) => void, listening: () => boolean) {
    this.#open = open;
    this.#listening = listening;
    this.#addresses = addresses;
    this.#refused = refused;
  }

  add(socket: Socket): void {
    // Known only as long as the connection is there.
    const address = socket.remoteAddress ?? '';
    const repute = this.#reputeOf(address);
    const at = performance.now();
    if (!this.#opened && this.#waiting[repute].size === 0 && at >= this.#from[repute]) this.#begin(socket, address, repute);
    else {
      // Until it is opened, it is nobody's whose connection breaks.
      socket.on('error', ignored);
      if (repute !== 'known' && this.#count[repute] >= mostWaiting) this.#refuse(socket);
      else this.#wait(repute, address, [{ socket, at }]);
    }
    this.#soon();
  }

  #reputeOf(address: string): Repute {
    return this.#addresses?.of(address) ?? 'known';
  }

  #wait(repute: Repute, address: string, arrivals: readonly Arrival[]): void {
    const own = this.#waiting[repute].get(address);
    if (own === undefined) this.#waiting[repute].set(address, [...arrivals]);
    else own.push(...arrivals);
    this.#count[repute] += arrivals.length;
  }

  #begin(socket: Socket, address: string, repute: Repute): void {
    this.#opened = true;
    this.#from[repute] = performance.now() + apart[repute];
    this.#addresses?.opened(address);
    this.#open(socket);
  }

  /** Opens the next whose time has come. */
  #pass(): void {
    this.#opened = false;
    const left = { refusals: mostRefused };
    for (const repute of ['known', 'new', 'fruitless'] as const) {
      for (const [address, own] of this.#waiting[repute]) {
        if (this.#opened || left.refusals <= 0 || performance.now() < this.#from[repute]) break;
        this.#waiting[repute].delete(address);
        this.#count[repute] -= own.length;
        // What has been seen of it since it came counts; whoever was known then stays it for this time.
        const now = repute === 'known' ? repute : this.#reputeOf(address);
        if (now === repute) this.#next(repute, address, own, left);
        else this.#wait(now, address, own);
      }
    }
  }

  /** Opens one of an address, and lets the others wait on, behind everybody. */
  #next(repute: Repute, address: string, own: Arrival[], left: { refusals: number }): void {
    const given = performance.now() - longestWait;
    while (repute === 'fruitless' && own[0] !== undefined && own[0].at < given && left.refusals > 0) {
      this.#refuse((own.shift() as Arrival).socket);
      left.refusals -= 1;
    }
    // Of those that are mostly given up, the last one is most likely still there.
    const socket = left.refusals > 0 ? (repute === 'fruitless' ? own.pop() : own.shift())?.socket : undefined;
    if (own.length > 0) this.#wait(repute, address, own);
    // Whoever has gone meanwhile costs nothing more.
    if (socket === undefined || socket.destroyed) return;
    socket.off('error', ignored);
    this.#begin(socket, address, repute);
  }

  #refuse(socket: Socket): void {
    this.#refused();
    socket.write(tooMany);
    socket.destroySoon();
  }

  /** Sees to it that the next pass comes when somebody's time has. */
  #soon(): void {
    const { known, new: others, fruitless } = this.#waiting;
    const at = this.#opened || known.size > 0 ? 0 : Math.min(others.size > 0 ? this.#from.new : Infinity, fruitless.size > 0 ? this.#from.fruitless : Infinity);
    if (at === Infinity || (this.#coming !== null && this.#coming.at <= at)) return;
    this.#coming?.stop();
    const come = (): void => {
      this.#coming = null;
      if (this.#listening()) this.#pass();
      else this.#end();
      this.#soon();
    };
    const rest = at - performance.now();
    // After whatever is ready now.
    if (rest > 0) {
      const timer = setTimeout(come, rest);
      this.#coming = { at, stop: () => clearTimeout(timer) };
    } else {
      const turn = setImmediate(come);
      this.#coming = { at: 0, stop: () => clearImmediate(turn) };
    }
  }

  /** Nobody is opened any more. */
  #end(): void {
    this.#opened = false;
    for (const repute of ['known', 'new', 'fruitless'] as const) {
      for (const own of this.#waiting[repute].values()) for (const { socket } of own) socket.destroy();
      this.#waiting[repute].clear();
      this.#count[repute] = 0;
    }
  }
}

function ignored(): void {}
