import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './search-params.ts';
import {
  parseRangeUrl,
  relativeRanges,
  resolveTimeRange,
  shiftTimeRange,
  type TimeRange,
  timeRangeOf,
  timeRangeUrl,
} from './time-range.ts';

const nowMs = 1_800_000_000_000;

test('every range survives the URL', () => {
  const ranges: TimeRange[] = [
    ...relativeRanges.map((last) => ({ kind: 'relative', last }) as const),
    { kind: 'absolute', fromMs: nowMs - 1000, toMs: nowMs },
  ];
  for (const range of ranges) {
    expect(timeRangeOf(parseRangeUrl(parseSearch(stringifySearch(timeRangeUrl(range)))))).toEqual(range);
  }
});

test('the default writes nothing, nonsense reads as the default', () => {
  expect(stringifySearch(timeRangeUrl({ kind: 'relative', last: '15m' }))).toBe('');
  for (const search of ['?range=2y', '?from=5', '?from=5&to=4', '?from=x&to=y']) {
    expect(timeRangeOf(parseRangeUrl(parseSearch(search)))).toEqual({ kind: 'relative', last: '15m' });
  }
  expect(parseRangeUrl(parseSearch('?live=1&range=5m'))).toEqual({ live: true, range: '5m' });
});

test('stepping back and forth moves by one window and never beyond now', () => {
  const hour = 3_600_000;
  const back = shiftTimeRange({ kind: 'relative', last: '1h' }, -1, nowMs);
  expect(back).toEqual({ kind: 'absolute', fromMs: nowMs - 2 * hour, toMs: nowMs - hour });
  expect(shiftTimeRange(back, 1, nowMs)).toEqual({ kind: 'absolute', fromMs: nowMs - hour, toMs: nowMs });
  expect(resolveTimeRange(shiftTimeRange({ kind: 'relative', last: '1h' }, 1, nowMs), nowMs)).toMatchObject({ toMs: nowMs });
});
