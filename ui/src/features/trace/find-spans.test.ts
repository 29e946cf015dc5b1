import { expect, test } from 'vitest';
import { drawnTrace } from './testing/drawn-trace.ts';
import { findSpans, nextMatch } from './find-spans.ts';
import { traceView } from './trace-view.ts';

const { nodes } = traceView(
  drawnTrace(
    `
  gateway  POST /checkout   |==========|
    orders  POST /orders     |=====|
      orders  UPDATE             |=!|
`,
    {
      UPDATE: {
        attributes: { 'db.query.text': 'UPDATE orders SET x = 1', 'server.port': 5432 },
        status: { code: 'error', message: 'Deadlock found' },
      },
    },
  ),
);

test.each([
  ['ORDERS', [1, 2]],
  ['deadlock', [2]],
  ['5432', [2]],
  ['server.port', [2]],
  ['nothing', []],
  ['  ', []],
])('%j is found in %j', (text, indices) => {
  expect(findSpans(nodes, text)).toEqual(indices);
});

test('n and N go round', () => {
  expect(nextMatch([1, 4], undefined, 1)).toBe(1);
  expect(nextMatch([1, 4], 1, 1)).toBe(4);
  expect(nextMatch([1, 4], 4, 1)).toBe(1);
  expect(nextMatch([1, 4], 3, -1)).toBe(1);
  expect(nextMatch([1, 4], 1, -1)).toBe(4);
  expect(nextMatch([], 1, 1)).toBeUndefined();
});
