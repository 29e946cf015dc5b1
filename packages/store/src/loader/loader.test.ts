import { describe, expect, it } from 'vitest';
import { systemClock } from '../spool/clock.ts';
import type { Spool } from '../spool/spool.ts';
import { openSpool, tableOf, temporaryFolder } from '../testing/spool.ts';
import { Loader } from './loader.ts';
import { ModelEngine } from '../testing/engine.ts';

function loaderOf(spool: Spool, engine: ModelEngine, pauseMs = 1, setsMax = 100): Loader {
  const limits = { setsMax, rowsMax: 1e6, bytesMax: 1e9 };
  return new Loader({ spool, engine, clock: systemClock, report: () => undefined, limits, pauseMs });
}

async function commit(spool: Spool, count: number): Promise<void> {
  for (let set = 0; set < count; set++) await spool.commit([tableOf('spans', 1)]);
}

describe('loader', () => {
  it('(1) goes on with the plan it began, though more sets have come', async () => {
    const { spool } = await openSpool(await temporaryFolder());
    const engine = new ModelEngine();
    engine.fault = (_, attempt) => (attempt <= 3 ? new Error('not now') : undefined);
    await commit(spool, 2);
    const loader = loaderOf(spool, engine);
    loader.start();
    await expect.poll(() => engine.attempts.length).toBeGreaterThan(1);
    await commit(spool, 3);
    await expect.poll(() => engine.rowsOf('spans').length, { timeout: 5000 }).toBe(5);
    await loader.stop(0);
    const [first] = engine.attempts;
    expect(engine.attempts.slice(0, 4)).toEqual([first, first, first, first]);
    expect(first?.files).toBe(2);
  });

  it('(2) keeps what a failing store does not take, and counts the failures', async () => {
    const { spool } = await openSpool(await temporaryFolder());
    const engine = new ModelEngine();
    engine.fault = () => new Error('down');
    await commit(spool, 1);
    const loader = loaderOf(spool, engine);
    loader.start();
    await expect.poll(() => loader.failures).toBeGreaterThan(2);
    expect(spool.usage.files).toBe(2);
    engine.fault = () => undefined;
    await expect.poll(() => loader.failures, { timeout: 5000 }).toBe(0);
    expect(spool.usage.files).toBe(0);
    await loader.stop(0);
  });

  it('(3) joins what arrives during the pause into one insert, and does not pause before a full load', async () => {
    const { spool } = await openSpool(await temporaryFolder());
    const engine = new ModelEngine();
    const loader = loaderOf(spool, engine, 300, 10);
    loader.start();
    await commit(spool, 1);
    await expect.poll(() => engine.attempts.length).toBe(1);
    await commit(spool, 5);
    expect(engine.attempts).toHaveLength(1);
    await expect.poll(() => engine.attempts.length).toBe(2);
    expect(engine.attempts[1]?.files).toBe(5);
    await commit(spool, 25);
    await expect.poll(() => engine.rowsOf('spans').length, { interval: 5 }).toBeGreaterThanOrEqual(26);
    await loader.stop(1000);
    expect(engine.rowsOf('spans')).toHaveLength(31);
    expect(Math.max(...engine.attempts.map((attempt) => attempt.files))).toBeLessThanOrEqual(10);
  });

  it('(4) loads what waits before it stops, within its time', async () => {
    const { spool } = await openSpool(await temporaryFolder());
    const engine = new ModelEngine();
    const loader = loaderOf(spool, engine, 60_000);
    await commit(spool, 3);
    loader.start();
    await loader.stop(5_000);
    expect(engine.rowsOf('spans')).toHaveLength(3);

    await commit(spool, 1);
    engine.fault = () => new Error('down');
    const failing = loaderOf(spool, engine);
    failing.start();
    const startedAt = performance.now();
    await failing.stop(250);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(spool.usage.files).toBe(2);
  });
});
