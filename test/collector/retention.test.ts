/** Retention in the process: what it is told by its environment and through the API, and what it says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Retention } from '@sonde/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CollectorProcess, startCollector } from '../fixtures/collector.ts';

let dataDir: string;
let collector: CollectorProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-retention-'));
  collector = await startCollector({
    SONDE_DATA_DIR: dataDir,
    SONDE_RETENTION_LOGS_DAYS: '5',
    // More than any disk has.
    SONDE_DISK_FREE_MIN_BYTES: String(10 ** 15),
  });
});
afterAll(async () => {
  await collector.kill();
  await rm(dataDir, { recursive: true, force: true });
});

async function retention(settings?: Retention['settings']): Promise<Retention> {
  const answer = await fetch(`${collector.apiUrl}/retention`, {
    ...(settings && { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(settings) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Retention;
}

test('the environment holds until something is set, and that outlives a kill', async () => {
  const { setAtMs, settings } = await retention();
  expect([setAtMs, settings.logsDays, settings.spansDays]).toEqual([null, 5, 7]);
  expect((await retention({ ...settings, logsDays: 9, samplePercent: 0.5 })).settings.logsDays).toBe(9);
  await collector.kill();
  await collector.restart();
  const after = await retention();
  expect(after.settings).toEqual({ ...settings, logsDays: 9, samplePercent: 0.5 });
  expect(after.setAtMs).toBeGreaterThan(Date.now() - 60_000);
});

test('too little room is degraded, whoever took it', async () => {
  await expect.poll(async () => (await collector.health()).disk?.state, { timeout: 5_000 }).toBe('full');
  const { disk, status } = await collector.health();
  expect(status).toBe('degraded');
  expect(disk?.freeMinBytes).toBe(10 ** 15);
  expect(disk?.freeBytes).toBeGreaterThan(0);
  expect(await collector.stop()).toBe(0);
});
