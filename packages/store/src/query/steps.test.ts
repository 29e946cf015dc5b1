import { expect, test } from 'vitest';
import { stepSeconds, stepsOf } from './steps.ts';

test.each([
  [3_600_000, 30_000, 30_000, 120],
  [900_000, 30_000, 30_000, 30],
  [900_000, 1000, 10_000, 90],
  [86_400_000, 30_000, 900_000, 96],
  [400 * 86_400_000, 1000, 7 * 86_400_000, 58],
  [1, 1000, 1000, 1],
])('a range of %i ms in steps of at least %i', (lengthMs, stepMsMin, stepMs, count) => {
  const steps = stepsOf({ fromMs: 1000, toMs: 1000 + lengthMs }, stepMsMin);
  expect(steps.stepMs).toBe(stepMs);
  expect(steps.timesMs).toHaveLength(count);
  expect(steps.timesMs[0]).toBe(1000);
});

test('the last step is as long as what is left', () => {
  const range = { fromMs: 0, toMs: 100_000 };
  expect(stepSeconds(range, stepsOf(range, 30_000))).toEqual([30, 30, 30, 10]);
});
