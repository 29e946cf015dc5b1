import { expect, test } from 'vitest';
import { drawnTrace } from '../testing/drawn-trace.ts';
import { traceView } from '../trace-view.ts';
import { compareRows, countVerdicts, orderRows, summarize } from './compare-rows.ts';

const sql = { SELECT: { kind: 'client' as const, attributes: { 'db.system.name': 'postgresql' } } };
const a = traceView(
  drawnTrace(
    `
    web  GET /cart     |==========|
      cart  list        |====|
        cart  SELECT     |==|
      cart  cached           |==|
  `,
    sql,
  ),
);
const b = traceView(
  drawnTrace(
    `
    web  GET /cart     |===================|
      cart  list        |================|
        cart  SELECT     |==|
        cart  SELECT        |==========|
  `,
    sql,
  ),
);

test('counts what is there, and shows the worst first by what a span itself took', () => {
  const rows = compareRows(a, b);
  expect(countVerdicts(rows)).toEqual({ onlyInA: 1, onlyInB: 1, slower: 2, faster: 0, same: 1 });
  expect(orderRows(rows, 'worst', undefined)[0]).toMatchObject({ label: 'postgresql', verdict: 'onlyInB', selfNs: 11e6 });
  expect(orderRows(rows, 'tree', 'onlyInA').map(({ name }) => name)).toEqual(['cached']);
});

test('the summary names where on the critical path the difference is, calls of one name together', () => {
  const { durationNs, causes, against } = summarize(compareRows(a, b), a, b);
  expect(durationNs).toBe(9e6);
  expect(causes[0]).toMatchObject({ label: 'postgresql', name: 'SELECT', criticalNs: 11e6 });
  expect(against).toMatchObject({ name: 'cached', criticalNs: -3e6 });
});
