/** A request of the largest size: stored whole, told as small ones are, and nobody else waits for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openEngine } from '@sonde/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';

const MiB = 1024 ** 2;
let dataDir: string;
let collector: CollectorProcess;
let stored = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-large-'));
  collector = await startCollector({ SONDE_DATA_DIR: dataDir });
});
afterAll(async () => {
  await collector.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** About `bytes` of OTLP/JSON; every tenth span has no legal trace id. */
function request(bytes: number): { readonly body: string; readonly spans: number; readonly rejected: number } {
  const spans: string[] = [];
  let rejected = 0;
  for (let length = 0; length < bytes;) {
    const isIllegal = spans.length % 10 === 9;
    if (isIllegal) rejected++;
    const traceId = (isIllegal ? 0 : spans.length + 1).toString(16).padStart(32, '0');
    const text = `{"traceId":"${traceId}","spanId":"00000000000000aa","name":"large","startTimeUnixNano":"${Date.now()}000000",
      "attributes":[{"key":"filler","value":{"stringValue":"${'x'.repeat(600)}"}}]}`;
    length += text.length + 1;
    spans.push(text);
  }
  return { body: `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans.join(',')}]}]}]}`, spans: spans.length, rejected };
}

function post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  const all = { 'content-type': 'application/json', ...headers };
  return fetch(`${collector.otlpUrl}/v1/traces`, { method: 'POST', headers: all, body: body as BodyInit });
}

test.each([2 * MiB, 63 * MiB])('%d bytes, plain and packed', async (bytes) => {
  const { body, rejected, spans } = request(bytes);
  for (const answer of [await post(body), await post(gzipSync(body), { 'content-encoding': 'gzip' })]) {
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ partialSuccess: { rejectedSpans: String(rejected) } });
    stored += spans - rejected;
  }
});

test('a large one that is malformed is refused, and what comes after it is not', async () => {
  const { body, rejected, spans } = request(3 * MiB);
  expect((await post(body.slice(0, -3))).status).toBe(400);
  expect((await post(body)).status).toBe(200);
  stored += spans - rejected;
});

test('small requests are answered while large ones are decoded', async () => {
  const { body, rejected, spans } = request(40 * MiB);
  const large = post(body);
  const done = new AbortController();
  void large.finally(() => done.abort());
  let answered = 0;
  while (!done.signal.aborted) {
    expect((await post('{}')).status).toBe(200);
    answered++;
  }
  expect((await large).status).toBe(200);
  stored += spans - rejected;
  // Decoded on the event loop, it would let through those that came before it: a handful.
  expect(answered).toBeGreaterThan(50);
});

test('all of it is in the database', async () => {
  const { counters } = await collector.health();
  expect(counters.traces).toMatchObject({ refused: 0, quarantined: 0 });
  expect(counters.traces.stored + counters.traces.pending).toBe(stored);
  expect(await collector.stop()).toBe(0);
  const engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
  const [row] = await engine.query<{ spans: string }>(
    "SELECT toString(count()) AS spans FROM spans WHERE name = 'large'",
    {},
    budget,
  );
  await engine.close();
  expect(Number(row?.spans)).toBe(stored);
});
