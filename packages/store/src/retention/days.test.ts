import { expect, test } from 'vitest';
import { dayMs, dayOf, dayText, isPast, lastDayOf } from './days.ts';

test('a partition is a day or a month', () => {
  expect(dayText(lastDayOf('20260310') as number)).toBe('2026-03-10');
  expect(dayText(lastDayOf('202402') as number)).toBe('2024-02-29');
  expect(lastDayOf('19700101')).toBe(0);
  for (const other of ['all', '', '2026', 'a20260310']) expect(lastDayOf(other)).toBeUndefined();
  expect(dayOf('2026-03-10')).toBe(lastDayOf('20260310'));
});

test('a day is past its limit when its last moment is', () => {
  const day = dayOf('2026-03-10');
  const end = (day + 1) * dayMs;
  expect(isPast(day, 7, end + 7 * dayMs - 1)).toBe(false);
  expect(isPast(day, 7, end + 7 * dayMs)).toBe(true);
});
