import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketIndex, bucketLowerNs, histogramPercentile } from './index.ts';

test('a duration lies in its bucket', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e15, noNaN: true }), fc.constantFrom(2, 8), (ns, perOctave) => {
      const index = bucketIndex(ns, perOctave);
      expect(bucketLowerNs(index, perOctave)).toBeLessThanOrEqual(ns);
      expect(bucketLowerNs(index + 1, perOctave)).toBeGreaterThan(ns);
    }),
  );
});

test('powers of two begin an octave', () => {
  expect(bucketIndex(1024, 8)).toBe(80);
  expect(bucketIndex(0, 8)).toBe(0);
});

test('a percentile is within 4.5 % of the exact one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1e12 }), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 1, max: 99 }),
      (values, p) => {
        const histogram = new Map<number, number>();
        for (const value of values) histogram.set(bucketIndex(value, 8), (histogram.get(bucketIndex(value, 8)) ?? 0) + 1);
        const exact = values.toSorted((a, b) => a - b)[Math.ceil((p / 100) * values.length) - 1] as number;
        const answer = histogramPercentile(histogram, 8, p) as number;
        expect(Math.abs(answer / exact - 1)).toBeLessThan(0.045);
      },
    ),
  );
});

test('of nothing there is no percentile', () => {
  expect(histogramPercentile(new Map(), 8, 95)).toBeUndefined();
});
