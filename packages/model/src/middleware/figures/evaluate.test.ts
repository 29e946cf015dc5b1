import { expect, test } from 'vitest';
import { kindIdentities } from '../kinds.ts';
import { chartLines, evaluate, formulasOf, type Measured, needed, tableRows } from './evaluate.ts';
import { level, line, linesBy, rate } from './figure.ts';
import { kindPages } from './kind-pages.ts';

/** `rate hits 3 5 -`: the values of each step; `level queue{name=a} 1`. */
function measured(...lines: readonly string[]): Measured[] {
  return lines.flatMap((text) => {
    const [, as, metric = '', labels = '', values = ''] = /^(rate|level) ([^\s{]+)(?:\{(.*)\})? (.*)$/.exec(text) ?? [];
    const attributes = Object.fromEntries(
      labels === '' ? [] : labels.split(', ').map((label) => label.split('=') as [string, string]),
    );
    return values
      .split(' ')
      .flatMap((value, step): Measured[] =>
        value === '-' ? [] : [{ metric, as: as as Measured['as'], attributes, step, value: Number(value) }],
      );
  });
}

const rows = measured('rate hits 3 0 -', 'rate misses 1 0 4', 'level hits 9 9 9');

test('a part of a whole; unknown where nothing was measured, or nothing happened', () => {
  const hitRate = { of: [rate('hits')], over: [rate('hits'), rate('misses')] };
  expect(evaluate(hitRate, rows, 3)).toEqual([0.75, null, null]);
  expect(evaluate({ ...hitRate, complement: true }, rows, 3)).toEqual([0.25, null, null]);
  expect(evaluate({ of: [rate('hits')], scale: 2 }, rows, 3)).toEqual([6, 0, null]);
});

test('series that are not told apart are added up, of a lag the worst counts', () => {
  const lags = measured('level lag{replica=a} 1 7', 'level lag{replica=b} 3 2', 'level lag{replica=b, x=y} 1 -');
  expect(evaluate({ of: [level('lag')] }, lags, 2)).toEqual([5, 9]);
  expect(evaluate({ of: [level('lag')], combine: 'max' }, lags, 2)).toEqual([3, 7]);
  expect(evaluate({ of: [level('lag', { replica: 'b' })] }, lags, 2)).toEqual([4, 2]);
});

test('lines by an attribute, the largest first, and each divided by its own', () => {
  const used = measured(
    'level used{node=a} 1 1',
    'level used{node=b} 4 4',
    'level limit{node=a} 2 2',
    'level limit{node=b} 8 0',
  );
  const chart = { id: '', unit: '', lines: [linesBy('node', level('used')), line('none', level('nothing'))] };
  expect(chartLines(chart, used, 2)).toEqual([
    { name: 'b', values: [4, 4] },
    { name: 'a', values: [1, 1] },
  ]);
  const limit = { ...line('limit', level('limit', { node: 'b' })), zeroIsNone: true } as const;
  expect(chartLines({ ...chart, lines: [limit] }, used, 2)).toEqual([{ name: 'limit', values: [8, null] }]);
  const shares = { ...chart, lines: [{ ...linesBy('node', level('used')), over: [level('limit')] }] };
  expect(chartLines(shares, used, 2)).toEqual([
    { name: 'a', values: [0.5, 0.5] },
    { name: 'b', values: [0.5, null] },
  ]);
});

test('a row for each value, the highest in the first column first; what has no such attribute is no row', () => {
  const queues = measured(
    'level ready{queue=a} 1',
    'level ready{queue=b} 5',
    'rate done{queue=b} 2',
    'rate done{queue=c} 1',
    'rate done 9',
  );
  const columns = [
    { id: 'ready', unit: '', of: [level('ready')] },
    { id: 'behind', unit: 's', of: [level('ready')], over: [rate('done')] },
    { id: 'done', unit: '', of: [rate('done')] },
  ];
  expect(tableRows({ id: '', by: ['queue'], columns }, queues)).toEqual([
    { names: ['b'], values: [5, 2.5, 2] },
    { names: ['a'], values: [1, null, null] },
    { names: ['c'], values: [null, null, 1] },
  ]);
});

test('of a lag the worst series counts, also among those that were added up', () => {
  const added = [{ metric: 'lag', as: 'level' as const, attributes: {}, step: 0, value: 13, highest: 12 }];
  const lag = { of: [level('lag')] };
  expect([evaluate({ ...lag, combine: 'max' }, added, 1), evaluate(lag, added, 1)]).toEqual([[12], [13]]);
});

test('what has to be read of a page', () => {
  expect(needed([{ of: [rate('a'), level('b', { state: 'x' })], over: [rate('a')], by: ['queue'] }])).toEqual({
    rates: ['a'],
    levels: ['b'],
    keys: ['queue', 'state'],
  });
});

test('every kind that clients can be joined with has a page, whose parts have names of their own', () => {
  expect(kindPages.map(({ kind }) => kind).toSorted()).toEqual(kindIdentities.map(({ kind }) => kind).toSorted());
  for (const page of kindPages) {
    for (const parts of [page.charts, page.figures, page.tables, ...page.tables.map(({ columns }) => columns)]) {
      const ids = parts.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)]);
    }
    const { atOnce, overTime } = formulasOf(page);
    const { levels, rates } = needed([...atOnce, ...overTime]);
    // A counter has no level that means anything, and a level no rate.
    expect(levels.filter((metric) => rates.includes(metric))).toEqual([]);
  }
});
