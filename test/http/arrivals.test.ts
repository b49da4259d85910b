/**
 * Connections are opened one in a pass, address by address: nobody waits for all who came at once. Where callers are answered goes first; what
 * waits for long behind it is refused unread.
 */
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Addresses } from '../../src/http/addresses.ts';
import { paceArrivals } from '../../src/http/arrivals.ts';
import type { Pacing } from '../../src/http/arrivals.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A server that writes down in which order it answers, by the address of who asks. */
async function paced(pacing: Pacing = {}) {
  const served: string[] = [];
  const server = createServer((request, response) => {
    served.push(request.socket.remoteAddress ?? '');
    response.end('ok');
  });
  paceArrivals(server, pacing);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { served, server, port: (server.address() as AddressInfo).port };
}

test('whoever asks is answered, on a connection that stays and after many came at once', async () => {
  const { served, port } = await paced();
  const ask = async (path: string): Promise<number | undefined> => {
    const [response] = await once(get({ host: '127.0.0.1', port, path }), 'response') as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  expect(await ask('/')).toBe(200);
  expect(await Promise.all(Array.from({ length: 60 }, (_, index) => ask(`/${index}`)))).toEqual(Array.from({ length: 60 }, () => 200));
  expect(served).toHaveLength(61);
});

test('one of another address is not behind all of one; who has gone is not opened', async () => {
  const { served, server, port } = await paced();
  const opened: string[] = [];
  server.prependListener('request', ({ socket }) => opened.push(socket.remoteAddress ?? ''));
  const sockets: Socket[] = [];
  const send = (localAddress: string): Socket => {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    sockets.push(socket);
    return socket;
  };
  closing.push(() => sockets.forEach((socket) => socket.destroy()));
  for (let index = 0; index < 40; index += 1) send('127.0.0.2');
  const answered = once(send('127.0.0.3'), 'data');
  await answered;
  expect(served.filter((address) => address === '127.0.0.2').length).toBeLessThan(41);
  await Promise.all(sockets.slice(0, 40).map((socket) => (socket.bytesRead > 0 ? undefined : once(socket, 'data'))));
  expect(served).toHaveLength(41);
  expect(opened).toHaveLength(41);
});

/** Connections to a server, each with a request on it. */
function sending(port: number) {
  const sockets: Socket[] = [];
  closing.push(() => sockets.forEach((socket) => socket.destroy()));
  return (localAddress: string): Socket => {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    sockets.push(socket);
    return socket;
  };
}

test('where callers were answered goes before those whose connections bore nothing, however many came first', async () => {
  const addresses = new Addresses();
  addresses.opened('127.0.0.2');
  addresses.answered('127.0.0.3');
  const { served, port } = await paced({ addresses });
  const send = sending(port);
  const crowd = Array.from({ length: 30 }, () => send('127.0.0.2'));
  const known = send('127.0.0.3');
  const stranger = send('127.0.0.4');
  await Promise.all([known, stranger].map((socket) => once(socket, 'data')));
  expect(served.filter((address) => address === '127.0.0.2').length).toBeLessThan(15);
  await Promise.all(crowd.map((socket) => (socket.bytesRead > 0 ? undefined : once(socket, 'data'))));
  expect(served).toHaveLength(32);
});

test('where many bear nothing, what has waited too long is refused unread with the next step, and counted', async () => {
  const addresses = new Addresses();
  for (let index = 2; index < 250; index += 1) addresses.opened(`127.0.0.${index}`);
  let refused = 0;
  const { served, port } = await paced({ addresses, refused: () => (refused += 1) });
  const send = sending(port);
  const crowd = Array.from({ length: 992 }, (_, index) => send(`127.0.0.${2 + (index % 248)}`));
  const texts = await Promise.all(crowd.map(async (socket) => {
    const [text] = await once(socket.setEncoding('utf8'), 'data') as [string];
    return text;
  }));
  const refusals = texts.filter((text) => text.startsWith('HTTP/1.1 429'));
  expect([refusals.length, served.length]).toEqual([refused, texts.length - refused]);
  expect(refused).toBeGreaterThan(0);
  expect(refusals[0]).toMatch(/retry-after: 1\r\n[^]*"code":"RATE_LIMITED"/);
});

test('a server that closes waits for nobody who was not opened', async () => {
  const addresses = new Addresses();
  for (let index = 2; index < 60; index += 1) addresses.opened(`127.0.0.${index}`);
  const { served, server, port } = await paced({ addresses });
  const send = sending(port);
  const crowd = Array.from({ length: 58 }, (_, index) => send(`127.0.0.${2 + index}`));
  await Promise.all(crowd.map((socket) => once(socket, 'connect')));
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  crowd.forEach((socket) => socket.once('data', () => socket.destroy()));
  await closed;
  expect(served.length).toBeLessThan(58);
});
