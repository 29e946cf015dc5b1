import { expect, test } from 'vitest';
import { sparklinePath } from './sparkline-path.ts';

const size = { widthPx: 24, heightPx: 14 };

test('from zero at the bottom to the maximum at the top', () => {
  expect(sparklinePath([0, 5, 10], size)).toBe('M2 12L12 7L22 2');
  expect(sparklinePath([0, 0, 0], size)).toBe('M2 12L12 12L22 12');
});

test('unknown is a gap, and a value between gaps a dot', () => {
  expect(sparklinePath([10, 10, null, 10, null], size)).toBe('M2 2L7 2M17 2h.01');
  expect(sparklinePath([null, null], size)).toBe('');
  expect(sparklinePath([], size)).toBe('');
});
