import { expect, test } from 'vitest';
import { baselineRange } from './baseline-range.ts';
import { rollupRange } from './rollup-range.ts';

const range = (from: string, to: string) => ({ fromMs: Date.parse(`2026-03-${from}Z`), toMs: Date.parse(`2026-03-${to}Z`) });

const compared = (asked: ReturnType<typeof range>, wished?: ReturnType<typeof range>) =>
  baselineRange(asked, rollupRange(asked).range, wished).range;

test.each([
  ['the period just before', '10T10:20', '10T10:40', '10T10:00', '10T10:20'],
  ['of a day of whole hours', '10T10:20', '11T10:40', '09T09:00', '10T10:00'],
  ['of a day less some seconds, whose minutes make one', '10T10:20:30', '11T10:20:10', '09T10:00', '10T10:00'],
])('%s', (_, from, to, baselineFrom, baselineTo) => {
  expect(compared(range(from, to))).toEqual(range(baselineFrom, baselineTo));
});

test.each([
  ['it ends in the minute in which the range begins', '10T10:00:10', '10T10:20:05', '10T10:00', '10T10:20'],
  ['it lies in that minute', '10T10:20:01', '10T10:20:05', '10T10:19', '10T10:20'],
  ['it ends in an earlier one', '10T10:00:10', '10T10:19:05', '10T10:00', '10T10:20'],
  ['it is of whole hours', '08T10:00', '10T10:20', '08T10:00', '10T10:00'],
  ['it comes later', '10T10:39:05', '10T10:50', '10T10:39', '10T10:50'],
  ['it was meant to overlap', '10T10:00', '10T10:30', '10T10:00', '10T10:30'],
])('one of its own: %s', (_, from, to, baselineFrom, baselineTo) => {
  const asked = range('10T10:20:05', '10T10:39:05');
  expect(compared(asked, range(from, to))).toEqual(range(baselineFrom, baselineTo));
});
