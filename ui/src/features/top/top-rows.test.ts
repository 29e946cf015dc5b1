import type { TopItem } from '@sonde/api';
import { expect, test } from 'vitest';
import { changeTone, rowFilters, topRows, type TopQuestion } from './top-rows.ts';

const item: TopItem = {
  key: { kind: 'endpoint', service: 'orders', name: 'POST /orders' },
  requests: 600,
  errors: 6,
  totalNs: 9e9,
  selfNs: 3e9,
  criticalNs: 2e9,
  p50Ns: 1e6,
  p95Ns: 5e6,
  p99Ns: 9e6,
  percentileNs: 4e6,
  maxNs: 2e7,
  share: 0.5,
  trend: [],
  previous: { requests: 300, errors: 0, totalNs: 3e9, selfNs: 1e9, criticalNs: 5e8, percentileNs: 2e6 },
};
const statement: TopItem = {
  ...item,
  key: {
    kind: 'statement',
    statement: 'SELECT ?',
    statementHash: '0123456789abcdef',
    system: 'postgresql',
    address: 'db:5432',
    database: 'shop',
  },
};
const minute = { fromMs: 0, toMs: 60_000 };
const ask = (question: Partial<TopQuestion>): TopQuestion => ({
  by: 'hotspot',
  of: 'endpoint',
  time: 'inclusive',
  percentile: 95,
  ...question,
});

test('what is ranked by is compared with the period before', () => {
  const ranked = (question: Partial<TopQuestion>) =>
    topRows([item], ask(question), minute).map(({ now, before }) => [now, before])[0];
  expect(ranked({ by: 'volume' })).toEqual([600, 300]);
  expect(ranked({ by: 'latency' })).toEqual([4e6, 2e6]);
  expect(ranked({ by: 'hotspot' })).toEqual([9e9, 3e9]);
  expect(ranked({ by: 'hotspot', time: 'self' })).toEqual([3e9, 1e9]);
  expect(ranked({ by: 'hotspot', time: 'critical' })).toEqual([2e9, 5e8]);
  const [alone] = topRows([{ ...item, previous: null }], ask({}), minute);
  expect(alone).toMatchObject({ before: null, isNew: false });
  const [, second] = topRows([item, { ...item, previous: null }], ask({}), minute);
  expect(second).toMatchObject({ before: null, isNew: true });
});

test('an endpoint is named by service and name, a statement by its hash', () => {
  expect(topRows([item], ask({}), minute)[0]).toMatchObject({
    key: 'orders POST /orders',
    label: 'POST /orders',
    where: 'orders',
  });
  expect(topRows([statement], ask({ of: 'statement' }), minute)[0]).toMatchObject({
    key: '0123456789abcdef postgresql db:5432 shop',
    label: 'SELECT ?',
    where: 'postgresql shop',
    address: 'postgresql db:5432 shop',
  });
  const service = { ...item, key: { kind: 'service' as const, service: 'orders' } };
  expect(topRows([service], ask({ of: 'service' }), minute)[0]).toMatchObject({ label: 'orders', where: '' });
});

test('more requests are no fault; half as slow again is', () => {
  const [row] = topRows([item], ask({}), minute);
  if (!row) throw new Error('no row');
  expect([changeTone(row, 'hotspot'), changeTone(row, 'volume'), changeTone({ ...row, before: null }, 'hotspot')]).toEqual([
    'bad',
    'quiet',
    'quiet',
  ]);
});

test('the panel asks for the spans of the row, within what the page was narrowed to', () => {
  const [endpoint] = topRows([item], ask({}), minute);
  const [query] = topRows([statement], ask({ of: 'statement' }), minute);
  if (!endpoint || !query) throw new Error('no row');
  expect(rowFilters(endpoint, { host: 'node-1' })).toEqual({ service: 'orders', name: 'POST /orders', host: 'node-1' });
  expect(rowFilters(query, { service: 'orders' })).toEqual({ statementHash: '0123456789abcdef', service: 'orders' });
});
