import type { OverviewApi, TopItem } from '@sonde/api';
import { expect, test } from 'vitest';
import { apiRows, namedLike, otherRows } from './chooser-rows.ts';

const api = (name: string, more: Partial<OverviewApi> = {}): OverviewApi => ({
  service: 'gateway',
  name,
  state: 'healthy',
  reason: null,
  requests: 600,
  errors: 0,
  p50Ns: 10e6,
  p95Ns: 50e6,
  p99Ns: 60e6,
  budgetBurnt: 0,
  trend: [],
  time: { ownNs: 1, servicesNs: 0, databaseNs: 0, queueNs: 0, remoteNs: 0 },
  hosts: [],
  ...more,
});

const before = (name: string, percentileNs: number, errors = 0, requests = 600) =>
  ({
    key: { kind: 'api', service: 'gateway', name },
    previous: { requests, errors, totalNs: 0, selfNs: 0, criticalNs: 0, percentileNs },
  }) as TopItem;

const range = { fromMs: 0, toMs: 60_000 };

test('what got worse first, by how much; then what is bad as it always was; the unknown last', () => {
  const apis = [
    api('chronic', { reason: 'latency', state: 'degraded', p95Ns: 3e9 }),
    api('few', { reason: 'few', state: 'unknown', requests: 3 }),
    api('fine'),
    api('slower'),
    api('much slower'),
    api('failing', { errors: 60 }),
  ];
  const earlier = [
    before('chronic', 3e9),
    before('fine', 48e6),
    before('slower', 30e6),
    before('much slower', 5e6),
    before('failing', 50e6),
  ];
  expect(apiRows({ apis, range }, earlier).map(({ name, problem }) => [name, problem])).toEqual([
    ['failing', 'failing'],
    ['much slower', 'slower'],
    ['slower', 'slower'],
    ['chronic', 'latency'],
    ['fine', 'none'],
    ['few', 'few'],
  ]);
});

test('too few requests before say nothing about a change', () => {
  const [row] = apiRows({ apis: [api('new')], range }, [before('new', 1e6, 0, 3)]);
  expect(row).toMatchObject({ problem: 'none', requestsPerSecond: 10, beforeNs: 1e6 });
  expect(apiRows({ apis: [api('new')], range }, [])[0]).toMatchObject({ problem: 'none', beforeNs: null });
});

test('a search finds services and inner endpoints beside the APIs', () => {
  const rows = apiRows({ apis: [api('GET /orders')], range }, []);
  expect(namedLike(rows, ' ORDERS ')).toHaveLength(1);
  const endpoints = [
    { key: { kind: 'endpoint' as const, service: 'gateway', name: 'GET /orders' } },
    { key: { kind: 'endpoint' as const, service: 'orders', name: 'list' } },
  ];
  expect(otherRows(['gateway', 'orders'], endpoints, rows, 'orders').map(({ name, service }) => [service, name])).toEqual([
    ['orders', undefined],
    ['orders', 'list'],
  ]);
  expect(otherRows(['orders'], endpoints, rows, ' ')).toEqual([]);
});
