import { expect, test } from 'vitest';
import { brushed, parseZoom, shareOf, windowOf, zoomText } from './time-window.ts';

test('what was brushed comes back from the URL, whichever way the hand moved', () => {
  const window = brushed(0.75, 0.25, 1_000_000);
  expect(window).toEqual({ fromNs: 250_000, toNs: 750_000 });
  expect(parseZoom(window && zoomText(window))).toEqual(window);
});

test('a click, or all of the axis, is no zoom', () => {
  expect(brushed(0.5, 0.501, 1_000_000)).toBeUndefined();
  expect(brushed(-0.1, 1.2, 1_000_000)).toBeUndefined();
  expect(['5-1', '5-50', 'x', '-1-900', undefined].map(parseZoom)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a zoom beyond the trace shows the trace', () => {
  expect(windowOf('2000-9000', 1000)).toEqual({ fromNs: 0, toNs: 1000 });
  expect(windowOf('500-9000', 1000)).toEqual({ fromNs: 500, toNs: 1000 });
  expect(windowOf(undefined, 1000)).toEqual({ fromNs: 0, toNs: 1000 });
});

test('a moment outside of the window stands beyond its edge', () => {
  const window = { fromNs: 500, toNs: 1000 };
  expect([250, 500, 750, 1000, 1250].map((ns) => shareOf(ns, window))).toEqual([-0.5, 0, 0.5, 1, 1.5]);
});
