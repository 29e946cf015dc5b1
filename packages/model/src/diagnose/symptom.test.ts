import { expect, test } from 'vitest';
import { isFailing } from './symptom.ts';

const of = (errors: number, requests = 1000) => ({ errors, requests });

test.each([
  ['twice the share', of(20), of(40), true],
  ['twice of next to nothing', of(1), of(15), false],
  ['half more of little', of(40), of(60), false],
  ['of much already, a third of all more', of(378), of(697), true],
  ['of much already, less than a tenth more', of(378), of(470), false],
  ['of few requests, what chance does', of(8, 25), of(12, 25), false],
  ['of few requests, more than chance does', of(8, 25), of(23, 25), true],
  ['nothing asked before', of(0, 0), of(40), true],
  ['too few now', of(0), of(19, 19), false],
  ['fewer', of(400), of(100), false],
])('%s', (_case, baseline, now, expected) => {
  expect(isFailing(baseline, now)).toBe(expected);
});
