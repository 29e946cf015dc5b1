/** CORS as a real browser judges it: a page of another origin sends OTLP/JSON to the real process. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../fixtures/browser.ts';
import { collectorEnv, collectorFolder, collectorMain } from '../fixtures/collector.ts';
import { type Started, startProcess } from '../fixtures/process.ts';

let dataDir: string;
let browser: Browser;
let collector: Started;
let allowed: Server;
let other: Server;

/** An empty page on a port, and so an origin, of its own. */
async function servePage(): Promise<Server> {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  dataDir = await collectorFolder('cors');
  [allowed, other, browser] = await Promise.all([servePage(), servePage(), startBrowser()]);
  collector = await startProcess([collectorMain], {
    SONDE_DATA_DIR: dataDir,
    ...collectorEnv,
    SONDE_CORS_ORIGINS: originOf(allowed),
  });
});
afterAll(async () => {
  await browser.close();
  allowed.close();
  other.close();
  expect(await collector.stop()).toBe(0);
  await rm(dataDir, { recursive: true, force: true });
});

/** What a script of the page sees of its request: the status and the body, or that the browser kept the answer from it. */
async function sendFrom(page: Server, path: string, contentType: string, body: string): Promise<string> {
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    await tab.goto(originOf(page));
    const url = `${collector.ready['otlpHttp']}${path}`;
    return await tab.evaluate(
      async ([target, type, text]) => {
        const headers = {
          'content-type': type,
          'x-shop': '1',
          traceparent: '00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01',
        };
        try {
          const response = await fetch(target, { method: 'POST', headers, body: text });
          return `${response.status} ${await response.text()}`;
        } catch (error) {
          return String(error);
        }
      },
      [url, contentType, body] as const,
    );
  } finally {
    await context.close();
  }
}

function spans(traceId: string): string {
  const span = { traceId, spanId: 'eee19b7ec3c1b174', name: 'click', startTimeUnixNano: `${Date.now()}000000` };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}

const statusOfTrace = async (traceId: string): Promise<number> =>
  (await fetch(`${collector.ready['api']}/api/v1/traces/${traceId}`)).status;

test('a page on the list sends, and reads its answers, errors among them', async () => {
  const traceId = 'a'.repeat(32);
  expect(await sendFrom(allowed, '/v1/traces', 'application/json', spans(traceId))).toBe('200 {}');
  expect(await sendFrom(allowed, '/v1/traces', 'application/json', '{"resourceSpans":5}')).toMatch(/^400 \{"code":3/);
  expect(await sendFrom(allowed, '/v1/traces', 'text/plain', 'x')).toMatch(/^415 /);
  await expect.poll(() => statusOfTrace(traceId), { timeout: 5_000 }).toBe(200);
});

test('a page that is not on the list cannot send at all', async () => {
  const traceId = 'b'.repeat(32);
  expect(await sendFrom(other, '/v1/traces', 'application/json', spans(traceId))).toBe('TypeError: Failed to fetch');
  // What came later is there; so what was blocked would be.
  const later = 'c'.repeat(32);
  expect(await sendFrom(allowed, '/v1/traces', 'application/json', spans(later))).toBe('200 {}');
  await expect.poll(() => statusOfTrace(later), { timeout: 5_000 }).toBe(200);
  expect(await statusOfTrace(traceId)).toBe(404);
});

test('the same holds for Zipkin, also for what a browser sends without asking', async () => {
  const zipkin = (traceId: string): string => JSON.stringify([{ traceId, id: '1', timestamp: Date.now() * 1000 }]);
  const [blocked, unasked, later] = ['d', 'e', 'f'].map((digit) => digit.repeat(32)) as [string, string, string];
  expect(await sendFrom(other, '/api/v2/spans', 'application/json', zipkin(blocked))).toBe('TypeError: Failed to fetch');
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(originOf(other));
  // No preflight: no content type, no header of its own. It does reach the collector.
  const arrived = await tab.evaluate(
    async ([url, text]) => (await fetch(url, { method: 'POST', mode: 'no-cors', body: new Blob([text]) })).type,
    [`${collector.ready['otlpHttp']}/api/v2/spans`, zipkin(unasked)] as const,
  );
  await context.close();
  expect(arrived).toBe('opaque');
  expect(await sendFrom(allowed, '/api/v2/spans', 'application/json', zipkin(later))).toBe('202 ');
  await expect.poll(() => statusOfTrace(later), { timeout: 5_000 }).toBe(200);
  expect([await statusOfTrace(blocked), await statusOfTrace(unasked)]).toEqual([404, 404]);
});

test('a preflight is answered 204 to the origin on the list, and 405 to any other', async () => {
  const preflight = (origin: string): Promise<Response> =>
    fetch(`${collector.ready['otlpHttp']}/v1/logs`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
  const known = await preflight(originOf(allowed));
  expect(known.status).toBe(204);
  expect(known.headers.get('access-control-allow-origin')).toBe(originOf(allowed));
  expect(known.headers.get('vary')).toBe('Origin');
  expect(known.headers.has('content-length')).toBe(false);
  const unknown = await preflight(originOf(other));
  expect(unknown.status).toBe(405);
  expect(unknown.headers.get('access-control-allow-origin')).toBeNull();
  expect(unknown.headers.get('vary')).toBe('Origin');
});
