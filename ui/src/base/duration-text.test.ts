import { expect, test } from 'vitest';
import { parseDurationMs } from './duration-text.ts';

test.each([
  ['250', 250],
  [' 1.5 s ', 1500],
  ['2m', 120_000],
  ['40 µs', 0.04],
  ['0', 0],
  ['', undefined],
  ['-5', undefined],
  ['5 parsecs', undefined],
])('%j is %s ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});
