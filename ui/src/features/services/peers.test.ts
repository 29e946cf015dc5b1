import type { ServiceInstance } from '@sonde/api';
import { expect, test } from 'vitest';
import { apartFromPeers, hostRows } from './peers.ts';

const of = (host: string, p95Ms: number, more: Partial<ServiceInstance> = {}): ServiceInstance => ({
  instance: `i-${host}`,
  host,
  version: '1',
  requests: 100,
  errors: 0,
  p50Ns: 1e6,
  p95Ns: p95Ms * 1e6,
  p99Ns: p95Ms * 1e6,
  lastSeenMs: 0,
  hostCpu: null,
  ...more,
});
const verdicts = (instances: readonly ServiceInstance[], measure: 'p95' | 'errors' = 'p95') =>
  apartFromPeers(instances, measure).map(({ apart }) => apart);

test('one that is twice as slow as the median of its peers is apart, and its peers are not', () => {
  expect(verdicts([of('a', 20), of('b', 22), of('c', 400)])).toEqual(['like', 'like', 'bad']);
  expect(verdicts([of('a', 20), of('b', 22), of('c', 32)])).toEqual(['like', 'like', 'warn']);
});

test('of two, the slower one is apart', () => {
  expect(verdicts([of('a', 20), of('b', 400)])).toEqual(['like', 'bad']);
});

test('nobody is apart who is alone, and few requests say nothing', () => {
  expect(verdicts([of('a', 20)])).toEqual(['unknown']);
  expect(verdicts([of('a', 20), of('b', 20), of('c', 400, { requests: 9 })])).toEqual(['like', 'like', 'unknown']);
});

test('a millisecond more is nothing, however many times more it is', () => {
  expect(verdicts([of('a', 0.5), of('b', 0.5), of('c', 4)])).toEqual(['like', 'like', 'like']);
});

test('by errors, a share of one in a hundred more', () => {
  expect(verdicts([of('a', 1), of('b', 1), of('c', 1, { errors: 1 })], 'errors')).toEqual(['like', 'like', 'bad']);
  expect(verdicts([of('a', 1, { errors: 50 }), of('b', 1, { errors: 51 })], 'errors')).toEqual(['like', 'like']);
});

test('the host with the worst comes first', () => {
  const rows = hostRows(apartFromPeers([of('a', 20), of('b', 22), of('b', 21), of('c', 400)], 'p95'));
  expect(rows.map(({ host, cells }) => [host, cells.length])).toEqual([
    ['c', 1],
    ['a', 1],
    ['b', 2],
  ]);
});
