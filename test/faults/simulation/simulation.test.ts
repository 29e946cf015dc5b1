import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { scriptArgs } from '../../fixtures/scripts.ts';
import { History, Violation } from './history.ts';
import { plantedBugs } from './planted-bugs.ts';

const seeds = 2000;

/** What `npm run simulate` prints of so many seeds from the first on, and its sums. */
async function simulate(first: number, count: number): Promise<{ text: string; sums: Readonly<Record<string, number>> }> {
  const argv = [...scriptArgs('simulate'), '--first', String(first), '--seeds', String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, argv).catch((failed: { stdout: string }) => failed);
  const sums = /histories in .*?: (\{.*\})/.exec(stdout)?.[1] ?? '{}';
  return { text: stdout, sums: JSON.parse(sums) as Record<string, number> };
}

test(`every promise holds in ${seeds} histories`, { timeout: 300_000 }, async () => {
  // One for each processor.
  const halves = await Promise.all([simulate(1, seeds / 2), simulate(1 + seeds / 2, seeds / 2)]);
  for (const { text } of halves) expect(text).toMatch(/^1000 histories in [^\n]*\nevery promise held\n$/);
  const sum = (of: string): number => halves.reduce((total, { sums }) => total + (sums[of] ?? 0), 0);
  // It was about something.
  expect(sum('acknowledged')).toBeGreaterThan(seeds * 20);
  expect(sum('quarantined')).toBeGreaterThan(seeds);
  expect(sum('faults')).toBeGreaterThan(seeds);
  expect(sum('starts')).toBeGreaterThan(seeds * 2);
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
