import { expect, test } from 'vitest';
import { barLayout } from './bar-layout.ts';
import { drawnTrace } from './testing/drawn-trace.ts';
import { traceView } from './trace-view.ts';

const view = traceView(
  drawnTrace(`
  web  GET /cart   |==================|
    db  SELECT      |=====|
    web  render                      ||
`),
);
const all = { fromNs: 0, toNs: view.durationNs };
const layouts = view.nodes.map((node) => barLayout(node, all));
const inMs = (stretches: readonly { left: number; width: number }[]) =>
  stretches.map(({ left, width }) => [left, width].map((share) => Math.round((share * view.durationNs) / 1e6)));

test('bars stand where the drawing has them', () => {
  expect(inMs(layouts)).toEqual([
    [0, 19],
    [1, 6],
    [18, 1],
  ]);
});

test('a label goes where there is room: after the bar, within a long one, before a short one at the end', () => {
  expect(layouts.map(({ label }) => label)).toEqual(['inside', 'right', 'left']);
});

test('the critical path lies where the span itself was waited for', () => {
  expect(layouts.map(({ critical }) => inMs(critical))).toEqual([
    [
      [0, 1],
      [7, 11],
    ],
    [[1, 6]],
    [[18, 1]],
  ]);
});

test('a zoom shows a part of the bar, and of its critical path', () => {
  const half = { fromNs: 0, toNs: 4e6 };
  expect(view.nodes.map((node) => barLayout(node, half)).map(({ left, width, outside }) => [left, width, outside])).toEqual([
    [0, 1, false],
    [0.25, 0.75, false],
    [1, 0, true],
  ]);
  expect(barLayout(view.nodes[0] as (typeof view.nodes)[0], half).critical).toEqual([{ left: 0, width: 0.25 }]);
});

test('a clock that runs ahead keeps the bar within the axis', () => {
  const [node] = view.nodes;
  if (!node) throw new Error('no node');
  expect(barLayout({ ...node, startNs: -5, durationNs: 1e12 }, all)).toMatchObject({ left: 0, width: 1 });
});
