import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@sonde/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collectorEnv, collectorMain } from '../fixtures/collector.ts';
import { type Started, startProcess } from '../fixtures/process.ts';
import { expectLedgerHolds } from './expect-ledger.ts';
import { type LedgerSender, startSending } from './ledger-sender.ts';

const seed = Number(process.env['SEED'] ?? 20_261_121);

let dataDir: string;
let collector: Started | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sonde-kill-'));
});
afterEach(async () => {
  if (collector && collector.child.exitCode === null) {
    collector.child.kill('SIGKILL');
    await once(collector.child, 'exit');
  }
  collector = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<Started> {
  collector = await startProcess([collectorMain], {
    ...collectorEnv,
    SONDE_DATA_DIR: dataDir,
    SONDE_LOG_LEVEL: 'warn',
    SONDE_OWN_METRICS_SECONDS: '1',
  });
  return collector;
}

async function kill({ child }: Started): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function setsInSpool(): Promise<number> {
  return (await readdir(join(dataDir, 'spool'))).filter((name) => !['quarantine', 'reserve'].includes(name)).length;
}

/** Holds what the database has against what the sender knows; the collector must have ended. */
async function expectStored(sender: LedgerSender): Promise<void> {
  const engine = await openEngine({ path: join(dataDir, 'clickhouse'), database: 'sonde_default' });
  try {
    await expectLedgerHolds(engine, sender);
  } finally {
    await engine.close();
  }
}

/** Numbers in [0, 1) that depend on the seed alone (a linear congruential generator). */
function* random(state: number): Generator<number, never> {
  for (let next = state; ;) {
    next = (Math.imul(next, 1_664_525) + 1_013_904_223) >>> 0;
    yield next / 2 ** 32;
  }
}

describe('every acknowledged item is stored once', () => {
  test(`after 20 times kill -9 under load (seed ${seed})`, { timeout: 180_000 }, async () => {
    const chance = random(seed);
    let url = (await start()).ready['otlpHttp'] ?? '';
    const sender = startSending(() => url, 12);
    for (let kills = 0; kills < 20; kills++) {
      await new Promise((resolve) => setTimeout(resolve, 100 + 900 * chance.next().value));
      if (collector) await kill(collector);
      url = (await start()).ready['otlpHttp'] ?? '';
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    await sender.stop();
    await expect.poll(setsInSpool, { timeout: 20_000 }).toBe(0);
    expect(await readdir(join(dataDir, 'spool', 'quarantine'))).toEqual([]);
    expect(await collector?.stop()).toBe(0);
    for (const { acknowledged } of Object.values(sender.ledgers)) expect(acknowledged.size).toBeGreaterThan(10_000);
    await expectStored(sender);
  });

  test('after SIGTERM under load, which ends within 10 seconds with code 0', { timeout: 60_000 }, async () => {
    const url = (await start()).ready['otlpHttp'] ?? '';
    const sender = startSending(() => url, 12);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const startedAt = performance.now();
    expect(await collector?.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await sender.stop();
    // It had time to load everything.
    expect(await setsInSpool()).toBe(0);
    await expectStored(sender);
  });
});

describe('starting', () => {
  test('a second collector on the same folder is refused in one line', async () => {
    await start();
    const second = start();
    await expect(second).rejects.toThrow(/ended with 1:\nsonde: cannot start: the spool .* is in use by another collector\n$/);
  });
});
