import { expect, test } from 'vitest';
import { baselineOf, periodText, presetOf } from './periods.ts';

const hourMs = 3_600_000;
const toMs = new Date('2026-11-21T14:32:00').getTime();
const range = { fromMs: toMs - hourMs, toMs };

test('a baseline is as long as the range, and is known again', () => {
  for (const preset of ['before', 'day', 'week'] as const) {
    const baseline = baselineOf(range, preset);
    expect(baseline.toMs - baseline.fromMs).toBe(hourMs);
    expect(presetOf(range, baseline)).toBe(preset);
    expect(presetOf({ fromMs: range.fromMs + 60_000, toMs: range.toMs + 60_000 }, baseline)).toBe(preset);
  }
  expect(baselineOf(range, 'before').toMs).toBe(range.fromMs);
  expect(presetOf(range, { fromMs: range.fromMs - 5 * hourMs, toMs: range.toMs - 5 * hourMs })).toBeUndefined();
});

test('a period of today has no date', () => {
  expect(periodText(range, toMs)).toBe('13:32–14:32');
  expect(periodText(baselineOf(range, 'day'), toMs)).toBe('11-20 13:32–14:32');
  expect(periodText({ fromMs: toMs - 24 * hourMs, toMs }, toMs)).toBe('11-20 14:32–11-21 14:32');
});
