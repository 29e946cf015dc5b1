import { expect, test } from 'vitest';
import { scatterExtent } from './scatter-options.ts';

const points = [10, 20].map((rate) => ({ rate, utilization: 0.1 + 0.01 * rate }));

test('as far as the bound, but not so far that the points are a speck', () => {
  expect(scatterExtent({ points, bound: 0.8, line: { idle: 0.1, costPerRequest: 0.01 } })).toBeCloseTo(70 * 1.08, 9);
  expect(scatterExtent({ points, bound: 0.8, line: { idle: 0.1, costPerRequest: 0.0001 } })).toBeCloseTo(80 * 1.08, 9);
  expect(scatterExtent({ points, bound: 0.8, line: undefined })).toBeCloseTo(20 * 1.08, 9);
  expect(scatterExtent({ points: [], bound: 0.8, line: undefined })).toBe(1);
});
