import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Health } from '@sonde/api';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorEnv, collectorFolder, collectorMain } from '../fixtures/collector.ts';
import { type Started, startProcess } from '../fixtures/process.ts';
import { startSending } from '../faults/ledger-sender.ts';

describe('a running collector', () => {
  let dataDir: string;
  let collector: Started;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sonde-process-'));
    collector = await startProcess([collectorMain], { ...collectorEnv, SONDE_DATA_DIR: dataDir });
  });
  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    await rm(dataDir, { recursive: true, force: true });
  });

  async function health(): Promise<Health> {
    const response = await fetch(`${collector.ready['api']}/api/v1/health`);
    return Value.Parse(Health, await response.json());
  }

  const post = (signal: string, contentType: string, body: string): Promise<Response> =>
    fetch(`${collector.ready['otlpHttp']}/v1/${signal}`, { method: 'POST', headers: { 'content-type': contentType }, body });

  test('listens on the loopback address only', () => {
    expect(collector.ready['api']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(collector.ready['otlpHttp']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(collector.ready['otlpGrpc']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('accounts for every item, while it works and afterwards', async () => {
    const before = await health();
    const sender = startSending(() => String(collector.ready['otlpHttp']), 6);
    for (let look = 0; look < 10; look++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      expectBalance(await health());
    }
    await sender.stop();
    await expect.poll(async () => (await health()).spool.bytes, { timeout: 5_000 }).toBe(0);
    const after = await health();
    expectBalance(after);
    expect(after.spool).toEqual({ bytes: 0, files: 0, oldestSeconds: 0 });
    for (const signal of ['traces', 'metrics', 'logs'] as const) {
      const sent = sender.ledgers[signal].acknowledged.size;
      expect(sent).toBeGreaterThan(100);
      expect(after.counters[signal].stored - before.counters[signal].stored).toBe(sent);
    }
    expect(after.status).toBe('ok');
  });

  test('counts what it turns away, by reason', async () => {
    const before = (await health()).refusedRequests;
    await post('traces', 'application/json', '{"resourceSpans": 5}');
    await post('traces', 'text/plain', 'x');
    await fetch(`${collector.ready['otlpHttp']}/v1/traces`);
    const illegal = { traceId: '0'.repeat(32), spanId: '00000000000000aa' };
    await post('traces', 'application/json', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [illegal] }] }] }));
    const { counters, drops, refusedRequests } = await health();
    for (const reason of ['malformed', 'unsupported-content-type', 'method-not-allowed']) {
      expect(refusedRequests[reason], reason).toBe((before[reason] ?? 0) + 1);
    }
    expect(counters.traces.rejected).toBe(1);
    expect(drops).toEqual([{ signal: 'traces', outcome: 'rejected', reason: expect.stringMatching(/\w/), items: 1 }]);
  });
});

function expectBalance({ counters }: Health): void {
  for (const { pending, quarantined, received, refused, rejected, stored } of Object.values(counters)) {
    expect(stored + pending + rejected + refused + quarantined).toBe(received);
  }
}

/** What a collector that cannot start says. */
async function refusal(env: Record<string, string>): Promise<string> {
  const dataDir = await collectorFolder('start');
  try {
    const started = await startProcess([collectorMain], {
      ...collectorEnv,
      SONDE_DATA_DIR: dataDir,
      SONDE_LOG_LEVEL: 'warn',
      ...env,
    });
    await started.stop();
    return 'it started';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

describe('a start that cannot be', () => {
  test('a wrong setting is named in one line', async () => {
    expect(await refusal({ SONDE_PORT: 'http' })).toMatch(
      /ended with 1:\nsonde: cannot start: SONDE_PORT cannot be "http"[^\n]*\n$/,
    );
  });

  test('a folder that cannot be written is named in one line', async () => {
    expect(await refusal({ SONDE_DATA_DIR: '/dev/null/sonde' })).toMatch(
      /ended with 1:\nsonde: cannot start: [^\n]*\/dev\/null\/sonde[^\n]*\n$/,
    );
  });

  test('a port in use is named in one line', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    for (const variable of ['SONDE_OTLP_HTTP_PORT', 'SONDE_OTLP_GRPC_PORT']) {
      expect(await refusal({ [variable]: port }), variable).toMatch(
        /ended with 1:\nsonde: cannot start: [^\n]*EADDRINUSE[^\n]*\n$/,
      );
    }
    server.close();
  });
});
