import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEngine } from '@sonde/store';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ClickHouse, startClickHouse } from '../fixtures/clickhouse/start.ts';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';
import { type FaultProxy, startFaultProxy } from '../fixtures/fault-proxy.ts';
import { sendSpans } from '../fixtures/otlp-json.ts';
import { expectLedgerHolds } from './expect-ledger.ts';
import { type LedgerSender, startSending } from './ledger-sender.ts';

/** A collector whose ClickHouse is a server, behind a proxy with faults. */
let dataDir: string;
let clickhouse: ClickHouse;
let proxy: FaultProxy;
let collector: CollectorProcess;
const senders: LedgerSender[] = [];

beforeAll(async () => {
  clickhouse = await startClickHouse();
});
afterAll(() => clickhouse.stop());
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-server-'));
  await fetch(clickhouse.url, { method: 'POST', body: 'DROP DATABASE IF EXISTS sonde_default SYNC' });
  proxy = await startFaultProxy(clickhouse.port);
  collector = await startCollector({
    SONDE_DATA_DIR: dataDir,
    SONDE_CLICKHOUSE_URL: proxy.url,
    SONDE_SPOOL_MAX_BYTES: '16777216',
  });
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.stop()));
  await collector.kill();
  await proxy.close();
  await rm(dataDir, { recursive: true, force: true });
});

const startSender = (options: Parameters<typeof startSending>[2] = { pauseMs: 30 }): LedgerSender => {
  const sender = startSending(() => collector.otlpUrl, 3, options);
  senders.push(sender);
  return sender;
};

/** What is asked about is more than chance. */
const acknowledgedMin = 300;

function fewestAcknowledged(sender: LedgerSender): number {
  return Math.min(...Object.values(sender.ledgers).map(({ acknowledged }) => acknowledged.size));
}

/** Ends the sender, waits until the spool is empty, and compares. */
async function expectAllStored(sender: LedgerSender): Promise<void> {
  await sender.stop();
  await collector.drained(25_000);
  // The last load is counted a moment before it is over, and with it the failures before it.
  await expect
    .poll(() => collector.health(), { timeout: 5_000 })
    .toMatchObject({ status: 'ok', store: { kind: 'server', state: 'reachable' } });
  const { counters } = await collector.health();
  expect(counters.traces.quarantined + counters.logs.quarantined + counters.metrics.quarantined).toBe(0);
  expect(fewestAcknowledged(sender)).toBeGreaterThan(acknowledgedMin);
  const engine = await openEngine({ url: clickhouse.url, database: 'sonde_default' });
  try {
    await expectLedgerHolds(engine, sender);
  } finally {
    await engine.close();
  }
}

test('what is sent is stored in the server and answered from it', async () => {
  const traceId = await sendSpans(collector.otlpUrl, 'by way of a server');
  const ask = () => fetch(`${collector.apiUrl}/traces/${traceId}`);
  await expect.poll(async () => (await ask()).status, { timeout: 5_000 }).toBe(200);
  expect(await (await ask()).json()).toMatchObject({ spans: [{ service: 'by way of a server' }, {}] });
  const { store } = await collector.health();
  expect(store).toEqual({ kind: 'server', version: expect.stringMatching(/^2\d\.\d+/), state: 'reachable' });
});

test('the server is down: everything is taken, health says so, and it drains afterwards', async () => {
  const sender = startSender();
  await sleep(700);
  await proxy.refuse();
  await sleep(1_500);
  const { spool, status, store } = await collector.health();
  expect({ status, state: store.state }).toEqual({ status: 'degraded', state: 'unreachable' });
  expect(spool.bytes).toBeGreaterThan(0);
  expect(spool.oldestSeconds).toBeGreaterThan(1);
  const asked = await fetch(`${collector.apiUrl}/services`);
  expect(asked.status).toBe(503);
  expect(asked.headers.get('retry-after')).toBe('5');
  expect(await asked.json()).toMatchObject({ code: 'store-unreachable' });
  await proxy.accept();
  await expectAllStored(sender);
  expect(sender.failures).toEqual(new Map());
});

test('the server is slow: everything is taken', async () => {
  proxy.inject({ kind: 'trickle', bytesPerSecond: 200_000 }, 'inserts');
  const sender = startSender();
  await sleep(1_000);
  proxy.inject({ kind: 'delay', ms: 400 }, 'inserts');
  await sleep(500);
  await expectAllStored(sender);
  expect(sender.failures).toEqual(new Map());
});

test('the server is killed in the middle of inserts', async () => {
  const sender = startSender();
  for (const afterMs of [5, 30, 60]) {
    await new Promise<void>((call) => proxy.inject({ kind: 'passed', call }, 'inserts into spans'));
    proxy.inject(undefined);
    await sleep(afterMs);
    await clickhouse.kill();
    await clickhouse.start();
  }
  await expectAllStored(sender);
  expect(sender.failures).toEqual(new Map());
});

test('replies are lost after success, requests are cut, and answers are no answers', async () => {
  const sender = startSender();
  const faults = [
    // One table after the other, for a load goes no further than its first failure.
    ...(['spans', 'logs', 'metric_samples'] as const).map(
      (table) => [{ kind: 'lose reply' }, `inserts into ${table}`] as const,
    ),
    [{ kind: 'cut request', afterBytes: 2_000 }, 'inserts'],
    [{ kind: 'answer', status: 500, body: '<h1>Oops</h1>' }, 'inserts'],
  ] as const;
  for (const [fault, requests] of faults) {
    proxy.inject(fault, requests);
    await expect.poll(() => proxy.met, { timeout: 60_000 }).toBeGreaterThan(1);
    // Between two faults it recovers, and waits no longer than it must.
    proxy.inject(undefined);
    await expect.poll(async () => (await collector.health()).spool.oldestSeconds, { timeout: 60_000 }).toBeLessThan(2);
  }
  await expectAllStored(sender);
  expect(sender.failures).toEqual(new Map());
}, 240_000);

test('the spool is full: 503 with Retry-After until the server is back, then it recovers by itself', async () => {
  const sender = startSender({ padBytes: 10_000 });
  await proxy.refuse();
  await expect.poll(() => sender.failures.get('status 503') ?? 0, { timeout: 30_000 }).toBeGreaterThan(3);
  const headers = { 'content-type': 'application/json' };
  const post = () => fetch(`${collector.otlpUrl}/v1/traces`, { method: 'POST', headers, body: '{"resourceSpans":[]}' });
  const { spool } = await collector.health();
  expect(spool.bytes).toBeLessThanOrEqual(16_777_216);
  const refused = await post();
  if (refused.status !== 200) expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect([...sender.failures.keys()]).toEqual(['status 503']);
  await proxy.accept();
  await expect.poll(async () => (await post()).status, { timeout: 20_000 }).toBe(200);
  await sleep(500);
  await expectAllStored(sender);
}, 90_000);

test('the collector is killed while the server is down, starts without it, takes and spools, and both come back', async () => {
  const sender = startSender();
  await sleep(700);
  await proxy.refuse();
  await sleep(500);
  await collector.kill();
  await collector.restart();
  const acknowledged = sender.ledgers.logs.acknowledged.size;
  await expect.poll(() => sender.ledgers.logs.acknowledged.size).toBeGreaterThan(acknowledged);
  expect((await collector.health()).store).toEqual({ kind: 'server', version: '', state: 'unreachable' });
  expect((await fetch(`${collector.apiUrl}/services`)).status).toBe(503);
  await clickhouse.kill();
  await clickhouse.start();
  await proxy.accept();
  await expectAllStored(sender);
  expect((await collector.health()).store.version).toMatch(/^2\d\.\d+/);
});

test('SIGTERM while the server is a black hole: ends in time, and what waits is kept', async () => {
  const sender = startSender();
  proxy.inject({ kind: 'black hole' });
  await expect.poll(() => fewestAcknowledged(sender), { timeout: 20_000 }).toBeGreaterThan(acknowledgedMin);
  await sender.stop();
  const startedAt = performance.now();
  expect(await collector.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
  proxy.inject(undefined);
  proxy.cut();
  await collector.restart();
  await expectAllStored(sender);
});
