import { expect, test } from 'vitest';
import { drawnTrace } from './testing/drawn-trace.ts';
import { selfTimeShares, statisticsRows } from './statistics-rows.ts';
import { traceView } from './trace-view.ts';

const { nodes } = traceView(
  drawnTrace(
    `
  web  GET /cart    |=========|
    cart  list       |===|
    cart  list            |=!|
    db  SELECT                |
`,
    { SELECT: { attributes: { 'db.system.name': 'postgresql' } } },
  ),
);

test('added up by service and by name, the most self time first', () => {
  expect(
    statisticsRows(nodes, 'service').map(({ label, count, errors, totalNs, selfNs }) => [
      label,
      count,
      errors,
      totalNs,
      selfNs,
    ]),
  ).toEqual([
    ['cart', 2, 1, 7e6, 7e6],
    ['web', 1, 0, 10e6, 3e6],
    ['postgresql', 1, 0, 0, 0],
  ]);
  const byName = statisticsRows(nodes, 'name');
  expect(byName[0]).toMatchObject({ label: 'cart', name: 'list', count: 2, share: 0.7 });
  expect(byName.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});

test('the shares of self time add up, with a rest', () => {
  expect(selfTimeShares(nodes, 1)).toEqual([
    { of: { kind: 'service', name: 'cart' }, share: 0.7 },
    { of: { kind: 'rest' }, share: expect.closeTo(0.3) as number },
  ]);
  expect(selfTimeShares(nodes, 3).at(-1)).toMatchObject({ of: { kind: 'database' }, share: 0 });
  expect(selfTimeShares([], 3)).toEqual([]);
});
