import { expect, test } from 'vitest';
import { History, Violation } from './history.ts';
import { plantedBugs } from './planted-bugs.ts';

const seeds = 2000;

test(`every promise holds in ${seeds} histories`, { timeout: 300_000 }, async () => {
  const failed: string[] = [];
  const sums = { acknowledged: 0, quarantined: 0, faults: 0, starts: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      const figures = await new History(seed).run();
      for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += figures[key];
    } catch (error) {
      failed.push(`npm run simulate -- --seed ${seed}: ${String(error)}`);
    }
  }
  expect(failed).toEqual([]);
  // It was about something.
  expect(sums.acknowledged).toBeGreaterThan(seeds * 20);
  expect(sums.quarantined).toBeGreaterThan(seeds);
  expect(sums.faults).toBeGreaterThan(seeds);
  expect(sums.starts).toBeGreaterThan(seeds * 2);
});

test('a seed tells the same story each time', async () => {
  for (const seed of [3, 14, 15]) {
    const [first, second] = [new History(seed), new History(seed)];
    await first.run();
    await second.run();
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(10);
  }
});

test.each(Object.entries(plantedBugs))('finds: %s', { timeout: 120_000 }, async (_, planted) => {
  for (let seed = 1; seed <= 1000; seed++) {
    const outcome = await new History(seed, planted).run().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (outcome instanceof Violation) return;
    if (outcome !== undefined) throw outcome;
  }
  expect.fail('1,000 histories went well');
});
