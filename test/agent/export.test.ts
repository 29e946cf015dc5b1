import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { partialSuccessOf } from '../fixtures/otlp/decode.ts';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { agentByImport, runApp, startApp } from '../fixtures/run-app.ts';
import { promisedTime } from '../fixtures/promised-time.ts';

let capture: Capture;
beforeAll(async () => {
  capture = await startCapture();
});
beforeEach(() => {
  capture.answer = undefined;
  capture.clear();
});
afterAll(() => capture.stop());

const to = (url: string, env: Record<string, string> = {}) => ({
  agent: agentByImport,
  env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env },
});

/** An HTTP answer by hand. */
const answer = (head: string) => (socket: Socket) => void socket.once('data', () => socket.write(`HTTP/1.1 ${head}\r\n\r\n`));

test('10,000 spans at once: 10,000 sent, each once', async () => {
  const ran = await runApp('burst.mjs', { ...to(capture.url), args: ['10000'] });
  expect(ran).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  expect(new Set(capture.spans.map(({ attributes }) => attributes['i'])).size).toBe(10_000);
  expect(capture.spans).toHaveLength(10_000);
});

test('more than may wait: what fits is sent, the rest counted and reported once', async () => {
  const ran = await runApp('burst.mjs', { ...to(capture.url, { OTEL_BSP_MAX_QUEUE_SIZE: '1000' }), args: ['5000'] });
  expect(capture.spans).toHaveLength(1000);
  expect(ran.stderr.match(/buffer full/g)).toHaveLength(1);
  const dropped = capture.points.filter(({ metric }) => metric === 'sonde.agent.dropped');
  expect(dropped.at(-1)).toMatchObject({ value: 4000, attributes: { signal: 'traces', reason: 'buffer full' } });
});

describe('a collector that is', () => {
  let plain: Server;
  let sockets: Socket[];
  /** What a connection to the bad collector meets. */
  let serve: (socket: Socket) => void;
  let url: string;
  beforeAll(async () => {
    sockets = [];
    plain = createServer((socket) => {
      sockets.push(socket.on('error', () => socket.destroy()));
      serve(socket);
    }).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    url = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    plain.close();
  });

  test.each([
    ['a black hole', () => undefined],
    ['closing every connection', (socket: Socket) => void socket.destroy()],
    ['not speaking HTTP', (socket: Socket) => void socket.write('hello\r\n')],
    ['overloaded', answer('503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0')],
    ['refusing', answer('400 No\r\nContent-Length: 0')],
    [
      'answering without end',
      (socket: Socket) => {
        answer('200 OK\r\nTransfer-Encoding: chunked')(socket);
        const talk = setInterval(() => socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`), 5);
        socket.once('close', () => clearInterval(talk));
      },
    ],
  ])('%s: the application does not notice and ends within 2 s', promisedTime, async (_what, how) => {
    serve = how;
    const without = await runApp('burst.mjs', { args: ['2000'] });
    const ran = await runApp('burst.mjs', { ...to(url), args: ['2000'] });
    expect(ran).toMatchObject({ code: 0, stdout: 'done\n' });
    // Beside the 2 s: loading the agent.
    expect(ran.durationMs - without.durationMs).toBeLessThan(3500);
  });

  test.each(['http://127.0.0.1:1', 'https://127.0.0.1:1', 'http://[::1]:1', 'not an address'])(
    'nowhere (%s)',
    promisedTime,
    async (nowhere) => {
      const ran = await runApp('burst.mjs', { ...to(nowhere), args: ['2000'] });
      expect(ran).toMatchObject({ code: 0, stdout: 'done\n' });
      expect(ran.durationMs).toBeLessThan(3500);
      expect(ran.stderr).toMatch(/^sonde agent: /);
    },
  );
});

test('busy and then well again: everything arrives, once', async () => {
  let refusals = 3;
  capture.answer = (path, response) => {
    if (path !== '/v1/traces' || refusals-- <= 0) return false;
    response.writeHead(503, { 'retry-after': '0' }).end();
    return true;
  };
  const app = startApp('exits.mjs', { ...to(capture.url), args: ['stay'] });
  await capture.until(() => capture.spans.length > 0);
  app.child.kill('SIGTERM');
  expect((await app.ended).stderr).toBe('');
  expect(capture.spans.map(({ name }) => name)).toEqual(['last words']);
});

test('what the collector rejects of a request is counted', async () => {
  capture.answer = (path, response) => {
    if (path !== '/v1/traces') return false;
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(partialSuccessOf(3));
    return true;
  };
  const app = startApp('burst.mjs', { ...to(capture.url), args: ['5'] });
  expect((await app.ended).stderr).toContain('traces are being dropped: rejected');
});

test('whatever is handed to the API: nothing is thrown, what can be sent is sent', async () => {
  const ran = await runApp('misuse.mjs', to(capture.url));
  expect(ran).toMatchObject({ code: 0, stdout: 'done\n' });
  expect(capture.spans.map(({ name }) => name)).toContain('still there');
});
