import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClickHouse } from '../fixtures/clickhouse/start.ts';
import { startCollector } from '../fixtures/collector.ts';
import { startFaultProxy } from '../fixtures/fault-proxy.ts';
import { startClickHouse18 } from '../fixtures/servers/clickhouse-18.ts';
import { startSending } from './ledger-sender.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-server-start-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** What a collector that must not start says, after its exit code. */
async function refusal(url: string): Promise<string> {
  const started = startCollector({ SONDE_DATA_DIR: dataDir, SONDE_CLICKHOUSE_URL: url });
  return await started.then(
    async (collector) => `it started, and ended with ${await collector.stop()}`,
    (error: Error) => error.message,
  );
}

const inOneLine = (sentence: RegExp) => new RegExp(`ended with 1:\nsonde: cannot start: ${sentence.source}\n$`);

test('(2) a server of 2018 is refused in one line, with its version and the version that is needed', async () => {
  const server = await startClickHouse18();
  try {
    const said = await refusal(`http://127.0.0.1:${server.port}`);
    expect(said).toMatch(inOneLine(/ClickHouse 18\.16\.1 is too old: Sonde needs 26\.7 or newer\./));
    const stranger = await refusal(`http://stranger:guess@127.0.0.1:${server.port}`);
    expect(stranger).toMatch(inOneLine(/ClickHouse at [^\n]* refuses the user: [^\n]*Unknown user stranger[^\n]*/));
    expect(stranger).not.toContain('guess');
  } finally {
    await server.stop();
  }
});

test('(2) something else than ClickHouse, and a schema of a newer build, are refused in one line', async () => {
  const server = await startClickHouse();
  const proxy = await startFaultProxy(server.port);
  try {
    proxy.inject({ kind: 'answer', status: 404, body: 'no such page' });
    expect(await refusal(proxy.url)).toMatch(inOneLine(/What answers at [^\n]* is not ClickHouse's HTTP interface[^\n]*/));
    const collector = await startCollector({ SONDE_DATA_DIR: dataDir, SONDE_CLICKHOUSE_URL: server.url });
    expect(await collector.stop()).toBe(0);
    await fetch(`${server.url}/?database=sonde_default`, {
      method: 'POST',
      body: "INSERT INTO migrations (version, name) VALUES (999, 'of tomorrow')",
    });
    expect(await refusal(server.url)).toMatch(inOneLine(/The database has schema version 999, [^\n]*/));
  } finally {
    await proxy.close();
    await server.stop();
  }
});

test('(1, 3) a server that is away refuses nothing; one that comes back unusable is said, and what was taken stays', async () => {
  const server = await startClickHouse18();
  const proxy = await startFaultProxy(server.port);
  await proxy.refuse();
  const collector = await startCollector({ SONDE_DATA_DIR: dataDir, SONDE_CLICKHOUSE_URL: proxy.url });
  try {
    const sender = startSending(() => collector.otlpUrl, 1, { pauseMs: 20 });
    await expect.poll(() => sender.ledgers.metrics.acknowledged.size).toBeGreaterThan(100);
    await proxy.accept();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await sender.stop();
    expect(sender.failures).toEqual(new Map());
    const { counters, status, store } = await collector.health();
    expect({ status, store }).toEqual({ status: 'degraded', store: { kind: 'server', version: '', state: 'unreachable' } });
    expect(counters.traces.pending).toBe(sender.ledgers.traces.acknowledged.size);
    expect(await collector.stop()).toBe(0);
  } finally {
    await collector.kill();
    await proxy.close();
    await server.stop();
  }
});
