import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { request } from './request.ts';

let server: Server;
let url: URL;
const sockets: Socket[] = [];
beforeEach(async () => {
  server = createServer((incoming, response) => {
    if (incoming.url === '/slow') return;
    incoming.resume().on('end', () => response.setHeader('Server', 'a').end('x'.repeat(10)));
  });
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  sockets.length = 0;
});
const signal = (): AbortSignal => AbortSignal.timeout(5000);

test('an answer, on a connection that is kept', async () => {
  const answer = await request(url, { method: 'POST', body: Buffer.from('ä'), signal: signal(), bytesMax: 10 });
  expect(answer).toMatchObject({ status: 200, text: 'x'.repeat(10) });
  expect(answer.headers.get('server')).toBe('a');
  await request(url, { signal: signal(), bytesMax: 10 });
  expect(sockets).toHaveLength(1);
});

test('a kept connection that the server has reset meanwhile is not a failure', async () => {
  await request(url, { signal: signal(), bytesMax: 10 });
  server.prependOnceListener('request', (incoming) => incoming.socket.resetAndDestroy());
  expect(await request(url, { signal: signal(), bytesMax: 10 })).toMatchObject({ status: 200 });
  expect(sockets).toHaveLength(2);
});

test('a new connection that is reset is one', async () => {
  server.prependOnceListener('request', (incoming) => incoming.socket.resetAndDestroy());
  await expect(request(url, { signal: signal(), bytesMax: 10 })).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('more than the bound, and no answer in time', async () => {
  await expect(request(url, { signal: signal(), bytesMax: 9 })).rejects.toThrow('more than 9 bytes');
  const slow = request(new URL('/slow', url), { signal: AbortSignal.timeout(30), bytesMax: 10 });
  await expect(slow).rejects.toMatchObject({ name: 'AbortError' });
});
