import { expect, test } from 'vitest';
import { traceRows } from './trace-rows.ts';

const item = (traceId: string, durationNs: number) => ({
  traceId,
  startTimeUnixNano: '1800000000123456789',
  durationNs,
  root: { service: 'gateway', name: 'POST /checkout' },
  spanCount: 3,
  errorCount: 1,
  services: [
    { service: 'payment', spans: 1 },
    { service: 'orders', spans: 4 },
    { service: 'gateway', spans: 2 },
  ],
});

test('durations are shares of the longest, the root stands first, then the busiest', () => {
  const rows = traceRows([item('a', 100), item('b', 400)]);
  expect(rows.map(({ durationShare }) => durationShare)).toEqual([0.25, 1]);
  expect(rows[0]?.services.map(({ name }) => name)).toEqual(['gateway', 'orders', 'payment']);
  expect(rows[0]?.startMs).toBeCloseTo(1_800_000_000_123.457, 3);
});

test('no traces, or traces that took no time, divide by nothing', () => {
  expect(traceRows([])).toEqual([]);
  expect(traceRows([item('a', 0)])[0]?.durationShare).toBe(0);
});
