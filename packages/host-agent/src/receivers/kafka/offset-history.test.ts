import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lagMs, type OffsetHistory, withSighting } from './offset-history.ts';

const historyOf = (sightings: readonly (readonly [atMs: number, end: number])[]): OffsetHistory =>
  sightings.reduce<OffsetHistory>((history, [atMs, end]) => withSighting(history, atMs, end), []);

test('between two sightings, as if writing had been even', () => {
  const history = historyOf([
    [0, 100],
    [10_000, 200],
    [20_000, 200],
    [30_000, 210],
  ]);
  expect(lagMs(history, 150, 30_000)).toBe(25_000);
  expect(lagMs(history, 199, 30_000)).toBe(20_100);
  // Nothing was written between 10 s and 20 s.
  expect(lagMs(history, 200, 30_000)).toBe(10_000);
  expect(lagMs(history, 205, 30_000)).toBe(5000);
  expect(lagMs(history, 210, 30_000)).toBe(0);
  expect(lagMs(history, 999, 30_000)).toBe(0);
});

test('what was there at first counts from then, and of a partition never seen nothing is known', () => {
  expect(lagMs(historyOf([[5000, 100]]), 40, 65_000)).toBe(60_000);
  expect(lagMs([], 40, 65_000)).toBeUndefined();
});

test('a partition that is idle keeps two sightings, and one that was made anew begins anew', () => {
  const idle = historyOf([0, 1, 2, 3, 4, 5].map((second) => [second * 1000, 7] as const));
  expect(idle).toEqual([
    { atMs: 0, end: 7 },
    { atMs: 5000, end: 7 },
  ]);
  expect(withSighting(idle, 6000, 2)).toEqual([{ atMs: 6000, end: 2 }]);
});

test('whatever is written when: a message lies between the sightings around it, later ones lag less, and the history stays bounded', () => {
  const steps = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 5000 }), isSeen: fc.boolean() }), {
    minLength: 1,
    maxLength: 400,
  });
  fc.assert(
    fc.property(steps, (taken) => {
      // The slow, obvious model: when each message was written, and when one looked.
      const writtenMs: number[] = [];
      let history: OffsetHistory = withSighting([], 0, 0);
      let nowMs = 0;
      for (const { waitMs, isSeen } of taken) {
        nowMs += waitMs;
        if (isSeen) history = withSighting(history, nowMs, writtenMs.length);
        else writtenMs.push(nowMs);
      }
      history = withSighting(history, nowMs, writtenMs.length);
      expect(history.length).toBeLessThanOrEqual(60);
      expect(history[0]).toEqual({ atMs: 0, end: 0 });
      const lags = writtenMs.map((_, offset) => lagMs(history, offset, nowMs) ?? NaN);
      lags.forEach((lag, offset) => {
        const after = history.find(({ end }) => end > offset)?.atMs ?? NaN;
        const before = history.findLast(({ end }) => end <= offset)?.atMs ?? NaN;
        const estimatedMs = nowMs - lag;
        for (const ms of [estimatedMs, writtenMs[offset] ?? NaN]) {
          expect(ms).toBeGreaterThanOrEqual(before - 1e-6);
          expect(ms).toBeLessThanOrEqual(after + 1e-6);
        }
        expect(lag).toBeLessThanOrEqual((lags[offset - 1] ?? Infinity) + 1e-6);
      });
    }),
    { seed: 20_261_122 },
  );
});
