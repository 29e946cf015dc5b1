import { expect, test } from 'vitest';
import { logTicks } from './log-ticks.ts';

test('powers of ten over a wide axis, finer steps over a narrow one, the ends over a very narrow one', () => {
  expect(logTicks(5e5, 2e9)).toEqual([1e6, 1e7, 1e8, 1e9]);
  expect(logTicks(4e6, 9e7)).toEqual([5e6, 1e7, 2e7, 5e7]);
  expect(logTicks(5.1e6, 8e6)).toEqual([5.1e6, 8e6]);
  expect(logTicks(0, 10)).toEqual([]);
});
