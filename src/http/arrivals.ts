/**
 * Connections are opened one at a time, address by address.
 *
 * Many that come at once would all be read in one pass of the event loop, and everybody who is served already would wait until the last
 * of them has been looked at. So each pass opens one; between two passes whatever else is ready goes on. Nothing is refused and
 * nobody waits for a clock: a connection that comes alone is opened at once.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections that one pass opens. */
const perPass = 1;

/** Makes the connections of a server wait for their pass. Before it listens. */
export function paceArrivals(server: Server): void {
  const openers = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  const arrivals = new Arrivals((socket) => {
    for (const open of openers) open.call(server, socket);
    socket.resume();
  });
  // Until then what is sent stays with its sender. (An option of `net.createServer` that `node:http` does not take.)
  Object.assign(server, { pauseOnConnect: true });
  server.removeAllListeners('connection');
  server.on('connection', (socket) => arrivals.add(socket));
}

class Arrivals {
  readonly #open: (socket: Socket) => void;
  /** Who waits, by address; whose turn was longest ago first. */
  readonly #waiting = new Map<string, Socket[]>();
  #opened = 0;
  #passing = false;

  constructor(open: (socket: Socket) => void) {
    this.#open = open;
  }

  add(socket: Socket): void {
    if (!this.#passing) this.#soon();
    if (this.#opened < perPass && this.#waiting.size === 0) {
      this.#opened += 1;
      this.#open(socket);
      return;
    }
    // Until it is opened, it is nobody's whose connection breaks.
    socket.on('error', ignored);
    const address = socket.remoteAddress ?? '';
    const own = this.#waiting.get(address);
    if (own === undefined) this.#waiting.set(address, [socket]);
    else own.push(socket);
  }

  #next(): void {
    this.#passing = false;
    this.#opened = 0;
    for (const [address, own] of this.#waiting) {
      if (this.#opened >= perPass) break;
      const socket = own.shift();
      this.#waiting.delete(address);
      if (own.length > 0) this.#waiting.set(address, own);
      // Whoever has gone meanwhile costs nothing more.
      if (socket === undefined || socket.destroyed) continue;
      this.#opened += 1;
      socket.off('error', ignored);
      this.#open(socket);
    }
    if (this.#waiting.size > 0 || this.#opened > 0) this.#soon();
  }

  #soon(): void {
    this.#passing = true;
    setImmediate(() => this.#next());
  }
}

function ignored(): void {}
