import { expect, test } from 'vitest';
import { fit, pan, reveal, scaleMax, start, zoomAt } from './zoom.ts';

const view = { width: 1000, height: 500 };

test('a large map is made small enough, a small one is not blown up, both are in the middle', () => {
  expect(fit({ width: 2000, height: 500 }, view)).toEqual({ scale: 0.5, dx: 0, dy: 125 });
  expect(fit({ width: 400, height: 100 }, view)).toEqual({ scale: 1, dx: 300, dy: 200 });
  expect(fit({ width: 0, height: 0 }, view)).toEqual({ scale: 1, dx: 0, dy: 0 });
});

test('a map that would be too small to read begins at its left', () => {
  expect(start({ width: 2000, height: 500 }, view)).toEqual(fit({ width: 2000, height: 500 }, view));
  expect(start({ width: 4000, height: 800 }, view)).toEqual({ scale: 0.5, dx: 0, dy: 50 });
  expect(start({ width: 1000, height: 4000 }, view)).toEqual({ scale: 0.5, dx: 250, dy: -750 });
});

test('zooming leaves what is under the pointer where it is, and ends at the largest scale', () => {
  const before = { scale: 1, dx: 10, dy: 20 };
  const at = { x: 110, y: 220 };
  const after = zoomAt(before, 2, at);
  expect((at.x - after.dx) / after.scale).toBe((at.x - before.dx) / before.scale);
  expect((at.y - after.dy) / after.scale).toBe((at.y - before.dy) / before.scale);
  expect(zoomAt(before, 100, at).scale).toBe(scaleMax);
});

test('what is outside is brought in, what is inside stays', () => {
  const half = { width: 90, height: 20 };
  const inside = { scale: 1, dx: 0, dy: 0 };
  expect(reveal(inside, { x: 500, y: 250 }, half, view)).toEqual(inside);
  expect(reveal(inside, { x: 1200, y: 10 }, half, view)).toEqual({ scale: 1, dx: 1000 - 8 - 90 - 1200, dy: 18 });
  expect(pan(inside, { x: 3, y: -4 })).toEqual({ scale: 1, dx: 3, dy: -4 });
});
