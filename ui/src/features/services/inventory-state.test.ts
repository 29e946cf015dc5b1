import type { InventoryItem } from '@sonde/api';
import { expect, test } from 'vitest';
import { registry, stateOf } from './inventory-state.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const nowMs = 1_000 * hourMs;
const item = (firstAgoMs: number, lastAgoMs: number, more: Partial<InventoryItem> = {}): InventoryItem => ({
  service: 'orders',
  namespace: '',
  environment: '',
  version: '1',
  instance: 'a',
  host: 'h1',
  firstSeenMs: nowMs - firstAgoMs,
  lastSeenMs: nowMs - lastAgoMs,
  ...more,
});

test.each([
  ['running', [item(9 * hourMs, 0)]],
  ['running', [item(9 * hourMs, 5 * minuteMs)]],
  ['silent', [item(9 * hourMs, 5 * minuteMs + 1)]],
  ['silent', [item(99 * hourMs, 24 * hourMs)]],
  ['gone', [item(99 * hourMs, 24 * hourMs + 1)]],
  ['new', [item(hourMs, 0)]],
  ['running', [item(hourMs + 1, 0)]],
  ['updated', [item(9 * hourMs, 2 * minuteMs), item(hourMs, 0, { version: '2' })]],
  // Another instance of a version that is known is none.
  ['running', [item(9 * hourMs, 0), item(minuteMs, 0, { instance: 'b' })]],
  ['new', [item(30 * minuteMs, 9 * minuteMs), item(5 * minuteMs, 0, { version: '2' })]],
] as const)('%s: %#', (state, items) => {
  expect(stateOf(items, nowMs)).toBe(state);
});

test('what is gone is no longer counted, what is silent is counted as such', () => {
  const found = registry(
    [
      item(99 * hourMs, 50 * hourMs, { instance: 'old', version: '0', host: 'h0' }),
      item(9 * hourMs, 0),
      item(8 * hourMs, 30 * minuteMs, { instance: 'b', version: '2', host: 'h2' }),
      item(1, 0, { service: '' }),
    ],
    nowMs,
  );
  expect([...found.keys()]).toEqual(['orders']);
  expect(found.get('orders')).toMatchObject({
    state: 'running',
    versions: ['2', '1'],
    instances: 2,
    silentInstances: 1,
    hosts: ['h1', 'h2'],
  });
});
