import { expect, test } from 'vitest';
import { barLayout, markAt } from './bar-layout.ts';
import { drawnTrace } from './testing/drawn-trace.ts';
import { traceView } from './trace-view.ts';

const view = traceView(
  drawnTrace(`
  web  GET /cart   |==================|
    db  SELECT      |=====|
    web  render                      ||
`),
);
const layouts = view.nodes.map((node) => barLayout(node, view.durationNs));

test('bars stand where the drawing has them', () => {
  expect(layouts.map(({ left, width }) => [left * view.durationNs, width * view.durationNs].map(Math.round))).toEqual([
    [0, 19e6],
    [1e6, 6e6],
    [18e6, 1e6],
  ]);
});

test('a label goes where there is room: after the bar, within a long one, before a short one at the end', () => {
  expect(layouts.map(({ label }) => label)).toEqual(['inside', 'right', 'left']);
});

test('the critical share is that of the bar itself', () => {
  expect(layouts[1]?.critical).toBe(1);
  expect(layouts[0]?.critical).toBeCloseTo(12 / 19);
});

test('a clock that runs ahead keeps the bar within the axis', () => {
  const [node] = view.nodes;
  if (!node) throw new Error('no node');
  expect(barLayout({ ...node, startNs: -5, durationNs: 1e12 }, view.durationNs)).toMatchObject({ left: 0, width: 1 });
  expect(markAt(-5, 10)).toBe(0);
  expect(markAt(50, 10)).toBe(1);
});
