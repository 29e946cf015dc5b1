import { expect, test } from 'vitest';
import { differenceRows } from './difference-rows.ts';

const side = (examined: number) => ({ count: examined, examined });
const item = (key: string, more: object) => ({
  key,
  scope: 'attribute' as const,
  difference: 0.8,
  score: 0.7,
  selection: 10,
  rest: 90,
  distinct: 2,
  values: [],
  buckets: [],
  ...more,
});
const compared = (...items: ReturnType<typeof item>[]) => ({
  range: { fromMs: 0, toMs: 1 },
  selection: side(10),
  rest: side(90),
  items,
  leftOut: ['rare'],
});

test('each value with its share on both sides, and how a click asks for it', () => {
  const { rows } = differenceRows(
    compared(
      item('user.id', {
        values: [
          { value: 'u 1', selection: 9, rest: 9 },
          { value: 'u2', selection: 1, rest: 81 },
        ],
      }),
    ),
  );
  expect(rows[0]?.bars).toEqual([
    { text: 'u 1', selection: 0.9, rest: 0.1, filter: { in: 'user.id = "u 1"', out: 'user.id != "u 1"' } },
    { text: 'u2', selection: 0.1, rest: 0.9, filter: { in: 'user.id = u2', out: 'user.id != u2' } },
  ]);
});

test('numbers are ranges', () => {
  const { rows } = differenceRows(compared(item('size', { buckets: [{ from: 4, to: 8, selection: 10, rest: 0 }] })));
  expect(rows[0]?.bars[0]).toMatchObject({
    text: '4 – 8',
    filter: { in: 'size >= 4 and size < 8', out: 'not (size >= 4 and size < 8)' },
  });
});

test('having no value is a bar of its own', () => {
  const { rows } = differenceRows(compared(item('tenant', { selection: 0, values: [{ value: 'a', selection: 0, rest: 90 }] })));
  expect(rows[0]?.bars).toContainEqual({
    text: '',
    selection: 1,
    rest: 0,
    filter: { in: 'tenant not exists', out: 'tenant exists' },
  });
});

test('what chance explains is counted, not shown', () => {
  const { rows, same } = differenceRows(compared(item('a', {}), item('b', { score: 0 })));
  expect(rows.map(({ key }) => key)).toEqual(['a']);
  expect(same).toBe(2);
});
