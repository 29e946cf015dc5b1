import { expect, test } from 'vitest';
import { metricsOf, numberOf } from './metric-table.ts';

test('lines of one name are one metric; what is not a number is left out', () => {
  const metrics = metricsOf(
    [
      ['queue.messages', '{messages}', 'level', 'ready', { attributes: { state: 'ready' } }],
      ['queue.messages', '{messages}', 'level', 'unacked', { attributes: { state: 'unacked' } }],
      ['queue.time', 's', 'counter', 'ms', { scale: 0.001 }],
      ['queue.absent', '1', 'gauge', 'absent'],
    ],
    [
      { values: { ready: '3', unacked: null, ms: 1500 }, attributes: { queue: 'a' } },
      { values: { ready: 0, unacked: 2 }, attributes: { queue: 'b' } },
    ],
  );
  expect(metrics.map(({ name, points }) => [name, points.map(({ value, attributes }) => [value, attributes])])).toEqual([
    [
      'queue.messages',
      [
        [3, { queue: 'a', state: 'ready' }],
        [0, { queue: 'b', state: 'ready' }],
        [2, { queue: 'b', state: 'unacked' }],
      ],
    ],
    ['queue.time', [[1.5, { queue: 'a' }]]],
  ]);
});

test.each([
  ['12', 12],
  ['1.5e3', 1500],
  [true, 1],
  [9n, 9],
  ['', undefined],
  ['12 MB', undefined],
  [null, undefined],
  [Number.NaN, undefined],
])('%o is %o', (value, number) => expect(numberOf(value)).toBe(number));
