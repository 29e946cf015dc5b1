import { expect, test } from 'vitest';
import { comparedPeriod, percentileChanges } from './periods.ts';

test('the period before ends where this one begins; a day and a week earlier are the same hours', () => {
  const range = { fromMs: 1e10, toMs: 1e10 + 3_600_000 };
  expect(comparedPeriod(range, 'before')).toEqual({ fromMs: 1e10 - 3_600_000, toMs: 1e10 });
  expect(comparedPeriod(range, 'day').toMs).toBe(range.toMs - 86_400_000);
  expect(comparedPeriod(range, 'week').fromMs).toBe(range.fromMs - 7 * 86_400_000);
});

test('changes of percentiles: only what matters has a colour, and the unknown has none', () => {
  const now = { p50Ns: 10, p95Ns: 30, p99Ns: null };
  const before = { p50Ns: 20, p95Ns: 20, p99Ns: 5 };
  expect(percentileChanges(now, before).map(({ tone }) => tone)).toEqual(['ok', 'bad', 'quiet']);
  expect(percentileChanges(now, undefined).every(({ tone, beforeNs }) => tone === 'quiet' && beforeNs === null)).toBe(true);
});
