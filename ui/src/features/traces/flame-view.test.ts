import { expect, test } from 'vitest';
import { flameBoxes, slowestRows } from './flame-view.ts';

const figures = (totalMs: number, selfMs: number) => ({ traces: 1, spans: 1, totalNs: totalMs * 1e6, selfNs: selfMs * 1e6 });
const flames = {
  range: { fromMs: 0, toMs: 1 },
  selection: { examined: 2, complete: true },
  rest: { examined: 10, complete: true },
  leftOut: 0,
  frames: [
    { service: 'web', name: 'GET /', parent: null, selection: figures(200, 20), rest: figures(500, 100) },
    { service: 'db', name: 'SELECT', parent: 0, selection: figures(160, 160), rest: figures(200, 200) },
    { service: 'cache', name: 'GET', parent: 0, selection: figures(20, 20), rest: figures(200, 200) },
  ],
};

test('a frame lies below its parent, as wide as its time', () => {
  const boxes = flameBoxes(flames).map(({ name, depth, left, width }) => [name, depth, left, width]);
  expect(boxes[0]).toEqual(['GET /', 0, 0, 1]);
  expect(boxes[1]).toEqual(['SELECT', 1, 0, 0.8]);
  expect(boxes[2]).toEqual(['GET', 1, 0.8, expect.closeTo(0.1) as number]);
});

test('children that ran side by side share the width of their parent', () => {
  const frames = flames.frames.map((frame) => (frame.parent === 0 ? { ...frame, selection: figures(200, 200) } : frame));
  expect(flameBoxes({ ...flames, frames }).map(({ width }) => width)).toEqual([1, 0.5, 0.5]);
});

test('times are per trace, and what is slower is positive', () => {
  const [web, db, cache] = flameBoxes(flames);
  expect([web?.selectionNs, web?.restNs]).toEqual([100e6, 50e6]);
  expect(db?.change).toBe(1);
  expect(cache?.change).toBeCloseTo(-10 / 60);
});

test('without a rest nothing is slower', () => {
  const boxes = flameBoxes({ ...flames, rest: { examined: 0, complete: true } });
  expect(boxes.every(({ change, restNs }) => change === 0 && restNs === null)).toBe(true);
});

test('the table begins with what costs the selection most', () => {
  expect(slowestRows(flames, 2).map(({ name, changeNs }) => [name, changeNs])).toEqual([
    ['SELECT', 60e6],
    ['GET /', 0],
  ]);
});
