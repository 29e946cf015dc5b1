import { expect, test } from 'vitest';
import { errorShare, perSecond } from './rates.ts';

test('so many a second of the range, and never of no time at all', () => {
  expect(perSecond(120, { fromMs: 0, toMs: 60_000 })).toBe(2);
  expect(perSecond(5, { fromMs: 7, toMs: 7 })).toBe(5000);
});

test('the share of failed requests is unknown, not zero, where there was none', () => {
  expect(
    [
      { errors: 3, requests: 120 },
      { errors: 0, requests: 4 },
      { errors: 0, requests: 0 },
    ].map(errorShare),
  ).toEqual([0.025, 0, null]);
});
