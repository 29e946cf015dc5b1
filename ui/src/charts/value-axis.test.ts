import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueScale } from './value-axis.ts';

test('a share that reaches to its whole is divided in four', () => {
  expect(valueScale(0.3, '1', 1)).toEqual({ max: 1, interval: 0.25 });
});

test('bytes are divided in their own units', () => {
  expect(valueScale(15.5 * 2 ** 30, 'By')).toEqual({ max: 16 * 2 ** 30, interval: 4 * 2 ** 30 });
  expect(valueScale(1.3 * 2 ** 20, 'By/s')).toEqual({ max: 1.5 * 2 ** 20, interval: 0.5 * 2 ** 20 });
});

test('what is counted is divided in no smaller parts than are written', () => {
  expect(valueScale(0.012, '{event}/s')).toEqual({ max: 0.02, interval: 0.01 });
  expect(valueScale(0.0003, '{deadlock}/s')).toEqual({ max: 0.01, interval: 0.01 });
  expect(valueScale(0.09, '{error}/s').interval).toBe(0.03);
});

test('nothing but zero still makes an axis', () => {
  expect(valueScale(0, 'ns')).toEqual({ max: 1, interval: 1 });
  expect(valueScale(Number.NaN, 'ns')).toEqual({ max: 1, interval: 1 });
});

test('whatever the values, the axis holds them in one to four intervals', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), fc.constantFrom('1', 'By', 'ns'), (highest, unit) => {
      const { max, interval } = valueScale(highest, unit);
      expect(max).toBeGreaterThanOrEqual(highest * (1 - 1e-6));
      const intervals = Math.round(max / interval);
      expect(intervals).toBeGreaterThanOrEqual(1);
      expect(intervals).toBeLessThanOrEqual(4);
    }),
  );
});
