import { expect, test } from 'vitest';
import { moved, shown, ticksOf, zoomed } from './flame-window.ts';

const whole = { from: 0, to: 1000 };

test('zooming keeps the place under the pointer and stays within the whole', () => {
  expect(zoomed(whole, whole, 250, 0.5)).toEqual({ from: 125, to: 625 });
  expect(zoomed({ from: 125, to: 625 }, whole, 250, 4)).toEqual(whole);
  expect(zoomed({ from: 0, to: 100 }, whole, 0, 2)).toEqual({ from: 0, to: 200 });
});

test('moving stops at the ends', () => {
  expect(moved({ from: 100, to: 200 }, whole, -500)).toEqual({ from: 0, to: 100 });
  expect(moved({ from: 100, to: 200 }, whole, 5000)).toEqual({ from: 900, to: 1000 });
});

test('what is out of sight is brought into it, what is in sight moves nothing', () => {
  expect(shown({ from: 0, to: 100 }, whole, 500, 520)).toEqual({ from: 460, to: 560 });
  expect(shown({ from: 0, to: 100 }, whole, 90, 500)).toEqual({ from: 0, to: 100 });
});

test('ticks are round', () => {
  expect(ticksOf({ from: 0, to: 1000 }, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(ticksOf({ from: 130, to: 260 }, 4)).toEqual([150, 200, 250]);
});
