/**
 * Connections are opened one in a pass, address by address: nobody waits for all who came at once.
 */
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { paceArrivals } from '../../src/http/arrivals.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A server that writes down in which order it answers, by the address of who asks. */
async function paced() {
  const served: string[] = [];
  const server = createServer((request, response) => {
    served.push(request.socket.remoteAddress ?? '');
    response.end('ok');
  });
  paceArrivals(server);
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
