import type { OverviewApi } from '@sonde/api';
import { expect, test } from 'vitest';
import { overviewRows, splitName, timeShares, toneOf } from './overview-rows.ts';

const api: OverviewApi = {
  service: 'gateway',
  name: 'POST /checkout',
  state: 'degraded',
  reason: 'errors',
  requests: 6000,
  errors: 9,
  p50Ns: 1e6,
  p95Ns: 2e6,
  p99Ns: 3e9,
  budgetBurnt: 1.5,
  trend: [],
  time: { ownNs: 1e6, servicesNs: 0, databaseNs: 3e6, queueNs: 0, remoteNs: 0 },
  hosts: [],
};
const answer = { objective: { okShare: 0.999, p99Ns: 1e9 }, range: { fromMs: 0, toMs: 60_000 } };

test('an API has its rate, what is left of its budget, and whether it is slow', () => {
  expect(overviewRows({ ...answer, apis: [api] }, {})).toMatchObject([
    { kind: 'api', tone: 'bad', method: 'POST', path: '/checkout', requestsPerSecond: 100, budgetLeft: -0.5, isSlow: true },
  ]);
  const silent = {
    ...api,
    requests: 0,
    errors: 0,
    budgetBurnt: null,
    p99Ns: null,
    state: 'unknown',
    reason: 'silent',
  } as const;
  expect(overviewRows({ ...answer, apis: [silent] }, {})).toMatchObject([
    { tone: 'unknown', errorShare: null, budgetLeft: null, isSlow: false },
  ]);
});

test('hosts in trouble stand beneath the API that ran on them', () => {
  const host = { host: 'node-7', reason: 'busy', cpu: 0.93, lastSeenMs: 1 } as const;
  const rows = overviewRows(
    {
      ...answer,
      apis: [
        { ...api, hosts: [host] },
        { ...api, name: 'GET /' },
      ],
    },
    {},
  );
  expect(rows.map((row) => (row.kind === 'api' ? row.api.name : row.host.host))).toEqual(['POST /checkout', 'node-7', 'GET /']);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(3);
});

test('of many hosts in trouble three are shown, and how many more there are', () => {
  const hosts = ['a', 'b', 'c', 'd', 'e'].map((host) => ({ host, reason: 'silent', cpu: null, lastSeenMs: 1 }) as const);
  const rows = overviewRows({ ...answer, apis: [{ ...api, hosts }] }, {});
  expect(rows.map((row) => (row.kind === 'host' ? row.more : 'api'))).toEqual(['api', 0, 0, 2]);
});

test('state and filter narrow the list', () => {
  const apis = [api, { ...api, service: 'search', state: 'healthy', reason: null } as const];
  expect(overviewRows({ ...answer, apis }, { state: 'healthy' })).toMatchObject([{ api: { service: 'search' } }]);
  expect(overviewRows({ ...answer, apis }, { find: ' WAY post' })).toMatchObject([{ api: { service: 'gateway' } }]);
});

test('shares of time add up to one, and what takes none is not drawn', () => {
  const shares = timeShares(api.time);
  expect(shares.map(({ part, share }) => [part, share])).toEqual([
    ['own', 0.25],
    ['database', 0.75],
  ]);
  expect(timeShares({ ownNs: 0, servicesNs: 0, databaseNs: 0, queueNs: 0, remoteNs: 0 })).toEqual([]);
});

test('only a method is set apart', () => {
  expect(splitName('GET /a b')).toEqual({ method: 'GET', path: '/a b' });
  expect(splitName('orders process')).toEqual({ method: '', path: 'orders process' });
  expect(splitName('GET')).toEqual({ method: '', path: 'GET' });
});

test('failing is worse than slow', () => {
  const of = (reason: OverviewApi['reason']) => toneOf({ state: 'degraded', reason });
  expect([of('errors'), of('silent'), of('latency'), of('busy')]).toEqual(['bad', 'bad', 'warn', 'warn']);
  expect([toneOf({ state: 'healthy', reason: null }), toneOf({ state: 'unknown', reason: 'few' })]).toEqual(['ok', 'unknown']);
});
