import { expect, test } from 'vitest';
import type { FlameFrame } from './flame-frame.ts';
import { flameIndex, frameAt, frameBeside, framesBetween } from './flame-index.ts';

const frame = (key: string, depth: number, from: number, to: number): FlameFrame => ({
  key,
  depth,
  from,
  to,
  label: key,
  color: 1,
});

const index = flameIndex([
  frame('root', 0, 0, 100),
  frame('b', 1, 40, 90),
  frame('a', 1, 0, 30),
  frame('b1', 2, 41, 45),
  frame('b2', 2, 50, 90),
]);

const drawn = (row: readonly FlameFrame[], from: number, to: number, smallest: number) => {
  const keys: string[] = [];
  framesBetween(row, from, to, smallest, ({ key }) => keys.push(key));
  return keys;
};

test('what is in sight is drawn in order, what is beside it not', () => {
  expect(drawn(index.rows[1] ?? [], 0, 100, 0.1)).toEqual(['a', 'b']);
  expect(drawn(index.rows[1] ?? [], 30, 40, 0.1)).toEqual([]);
  expect(drawn(index.rows[1] ?? [], 29, 41, 0.1)).toEqual(['a', 'b']);
});

test('a hundred thousand frames in a row cost no more than the width that they are drawn on', () => {
  const many = flameIndex(Array.from({ length: 100_000 }, (_, at) => frame(String(at), 0, at, at + 1)));
  const pixels = 1000;
  const keys = drawn(many.rows[0] ?? [], 0, 100_000, 100_000 / pixels);
  expect(keys.length).toBeGreaterThan(pixels * 0.9);
  expect(keys.length).toBeLessThanOrEqual(pixels + 1);
  expect(drawn(many.rows[0] ?? [], 500, 510, 0.01)).toHaveLength(10);
});

test('a frame is found where it is, and a little beside it', () => {
  const row = index.rows[2];
  expect(frameAt(row, 43, 0)?.key).toBe('b1');
  expect(frameAt(row, 46, 0.5)).toBeUndefined();
  expect(frameAt(row, 46, 2)?.key).toBe('b1');
  expect(frameAt(row, 49, 2)?.key).toBe('b2');
  expect(frameAt(undefined, 1, 1)).toBeUndefined();
});

test('arrows lead along a row, to the parent and to the widest frame beneath', () => {
  const b = index.byKey.get('b') as FlameFrame;
  const to = (from: FlameFrame, step: 'left' | 'right' | 'up' | 'down') => frameBeside(index, from, step)?.key;
  expect([to(b, 'left'), to(b, 'right'), to(b, 'up'), to(b, 'down')]).toEqual(['a', undefined, 'root', 'b2']);
});
