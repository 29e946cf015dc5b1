/** What the collector says of itself, held against what it is told and against the machine. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '@sonde/store';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';

const budget = { timeMs: 20_000, memoryBytes: 1e9, rowsMax: 1e9 };
const spansEach = 7;
let dataDir: string;
let collector: CollectorProcess;
let engine: Engine;
let health: Awaited<ReturnType<CollectorProcess['health']>>;
let residentBytes: number;

function post(signal: string, body: string): Promise<Response> {
  return fetch(`${collector.otlpUrl}/v1/${signal}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-own-'));
  collector = await startCollector({ SONDE_DATA_DIR: dataDir, SONDE_OWN_METRICS_SECONDS: '1' });
  for (let request = 0; request < 10; request++) {
    const spans = Array.from({ length: spansEach }, (_, i) => ({
      traceId: i === 0 ? '0'.repeat(32) : '5b8efff798038103d269b633813fc60c',
      spanId: '00000000000000aa',
      startTimeUnixNano: `${Date.now()}000000`,
    }));
    expect((await post('traces', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }))).status).toBe(200);
  }
  expect((await post('logs', '{"resourceLogs":[')).status).toBe(400);
  await vi.waitUntil(async () => (await collector.health()).counters.traces.pending === 0, { timeout: 10_000, interval: 50 });
  // Two reports later everything that was sent is at rest: nothing may count the reports themselves.
  health = await collector.health();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect((await collector.health()).counters).toEqual(health.counters);
  const status = await readFile(`/proc/${collector.pid}/status`, 'utf8');
  residentBytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  expect(await collector.stop()).toBe(0);
  engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
});
afterAll(async () => {
  await engine.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** The last value of each series of a metric. */
async function last(metric: string): Promise<{ attributes: Record<string, string>; value: number }[]> {
  return await engine.query(
    `SELECT any(series.attributes) AS attributes, argMax(value, timestamp) AS value FROM metric_samples
     JOIN (SELECT DISTINCT series_id, attributes, service FROM metric_series WHERE service = 'sonde') AS series USING series_id
     WHERE metric = {metric:String} GROUP BY series_id`,
    { metric },
    budget,
  );
}

describe('under service.name = sonde', () => {
  test('the disk of the database', async () => {
    const [free] = await last('sonde.disk.free');
    expect(free?.value).toBeGreaterThan(0);
    expect(free?.value).toBeLessThanOrEqual(health.disk?.totalBytes ?? 0);
    expect(await last('sonde.disk.free.limit')).toMatchObject([{ value: health.disk?.freeMinBytes }]);
  });

  test('what became of every item', async () => {
    expect(await last('sonde.items.received')).toContainEqual({ attributes: { signal: 'traces' }, value: 10 * spansEach });
    const settled = await last('sonde.items.settled');
    for (const [outcome, value] of [
      ['stored', 10 * (spansEach - 1)],
      ['rejected', 10],
      ['refused', 0],
      ['quarantined', 0],
    ] as const) {
      expect(settled).toContainEqual({ attributes: { signal: 'traces', outcome }, value });
    }
    expect(await last('sonde.items.received')).toContainEqual({ attributes: { signal: 'metrics' }, value: 0 });
  });

  test('each reason', async () => {
    const [drop] = health.drops;
    expect(await last('sonde.items.dropped')).toEqual([
      { attributes: { signal: 'traces', outcome: 'rejected', reason: drop?.reason }, value: 10 },
    ]);
    expect(await last('sonde.requests.refused')).toEqual([{ attributes: { reason: 'malformed' }, value: 1 }]);
  });

  test('the spool, bytes and rows', async () => {
    expect((await last('sonde.spool.size'))[0]?.value).toBeGreaterThanOrEqual(0);
    expect((await last('sonde.spool.age'))[0]?.value).toBeLessThan(60);
    expect((await last('sonde.decode.io')).find(({ attributes }) => attributes['signal'] === 'traces')?.value).toBeGreaterThan(
      1_000,
    );
    expect((await last('sonde.load.rows'))[0]?.value).toBeGreaterThan(10 * (spansEach - 1));
  });

  test('the time that each step took', async () => {
    const rows = await engine.query<{ metric: string; count: string; sum: number }>(
      `SELECT metric, toString(max(count)) AS count, max(sum) AS sum FROM metric_histograms GROUP BY metric ORDER BY metric`,
      {},
      budget,
    );
    expect(rows.map(({ metric }) => metric)).toEqual([
      'sonde.decode.duration',
      'sonde.load.duration',
      'sonde.spool.commit.duration',
    ]);
    for (const { count, sum } of rows) {
      expect(Number(count)).toBeGreaterThan(0);
      expect(sum / Number(count)).toBeGreaterThan(1e-6);
      expect(sum / Number(count)).toBeLessThan(10);
    }
  });

  test('memory and event loop', async () => {
    const [memory] = await last('process.memory.usage');
    expect(Number(memory?.value) / residentBytes).toBeGreaterThan(0.5);
    expect(Number(memory?.value) / residentBytes).toBeLessThan(2);
    const [p99] = await last('nodejs.eventloop.delay.p99');
    const [max] = await last('nodejs.eventloop.delay.max');
    expect(p99?.value).toBeGreaterThanOrEqual(0);
    expect(Number(max?.value)).toBeGreaterThanOrEqual(Number(p99?.value));
  });
});
