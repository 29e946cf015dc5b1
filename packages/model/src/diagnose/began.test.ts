import { expect, test } from 'vitest';
import { beganMs, median } from './began.ts';

test('the first step beyond the middle between the usual and the farthest', () => {
  expect(beganMs([9, 60, 100], [3, 4, 5], 8)).toBe(4);
  expect(beganMs([9, 30, null, 100], [3, 4, 5, 6], 8)).toBe(6);
});

test('downwards too', () => {
  expect(beganMs([9, 1, 0], [3, 4, 5], 9, 'down')).toBe(4);
  expect(beganMs([9, 1, 0], [3, 4, 5], 9, 'up')).toBeNull();
});

test('unknown where what is usual is not known, or nothing is beyond it', () => {
  expect(beganMs([9, 60, 100], [3, 4, 5], null)).toBeNull();
  expect(beganMs([9, 9, 8], [3, 4, 5], 9)).toBeNull();
  expect(beganMs([null, null], [3, 4], 9)).toBeNull();
});

test('the median of what is known', () => {
  expect(median([null, 9, 1, 5])).toBe(5);
  expect(median([null])).toBeNull();
});
