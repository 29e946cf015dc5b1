/** How soon what was acknowledged can be asked for: a promise of time, so it is measured with nothing beside it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';

let dataDir: string;
let collector: CollectorProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-freshness-'));
  collector = await startCollector({ SONDE_DATA_DIR: dataDir });
});

afterAll(async () => {
  await collector?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('what was acknowledged can be asked for within 2 seconds', async () => {
  for (let n = 1; n <= 5; n++) {
    const traceId = n.toString(16).padStart(32, '0');
    const span = { traceId, spanId: '00000000000000aa', name: 'GET /', startTimeUnixNano: `${Date.now()}000000` };
    const sent = await fetch(`${collector.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    });
    expect(sent.status).toBe(200);
    const acknowledgedAt = performance.now();
    while ((await fetch(`${collector.apiUrl}/traces/${traceId}`)).status !== 200) {
      expect(performance.now() - acknowledgedAt).toBeLessThan(2_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});
