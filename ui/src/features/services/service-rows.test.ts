import { expect, test } from 'vitest';
import { errorTone, serviceRows } from './service-rows.ts';

const summary = {
  service: 'orders',
  requests: 120,
  errors: 3,
  p50Ns: 1e6,
  p95Ns: 2e6,
  p99Ns: 3e6,
  instances: 2,
  hosts: ['node-1'],
  versions: ['1.0.0'],
  lastSeenMs: 60_000,
  signals: { traces: true, metrics: true, logs: false },
  instrumentation: { runtime: true, host: false },
  trend: [1, 2],
};
const minute = { fromMs: 0, toMs: 60_000 };

test('rates are over the range that was answered for', () => {
  expect(serviceRows([summary], minute, {})[0]).toMatchObject({ requestsPerSecond: 2, errorShare: 0.025 });
});

test('no request: the error share is unknown, not zero; no traces: so is the rate', () => {
  const [idle, silent] = serviceRows(
    [
      { ...summary, requests: 0, errors: 0 },
      { ...summary, requests: 0, errors: 0, signals: { traces: false, metrics: true, logs: true } },
    ],
    minute,
    {},
  );
  expect(idle).toMatchObject({ requestsPerSecond: 0, errorShare: null });
  expect(silent).toMatchObject({ requestsPerSecond: null, errorShare: null });
});

test('the filter looks anywhere in the name, whatever the case', () => {
  expect(serviceRows([summary], minute, { find: ' DER ' })).toHaveLength(1);
  expect(serviceRows([summary], minute, { find: 'cart' })).toHaveLength(0);
});

test('only an error share that matters has a colour', () => {
  expect([null, 0, 0.0005, 0.002, 0.05].map(errorTone)).toEqual(['quiet', 'quiet', 'quiet', 'warn', 'bad']);
});

test('what only the inventory knows comes after what sent something, with its state', () => {
  const known = { firstSeenMs: 0, lastSeenMs: 1, versions: ['1'], instances: 2, silentInstances: 1, hosts: ['h'] };
  const registry = new Map([
    ['mailer', { ...known, service: 'mailer', state: 'gone' as const }],
    ['cart', { ...known, service: 'cart', state: 'silent' as const, lastSeenMs: 2 }],
    ['orders', { ...known, service: 'orders', state: 'updated' as const }],
  ]);
  const rows = serviceRows([summary], minute, {}, registry);
  expect(rows.map(({ service, state, requestsPerSecond }) => [service, state, requestsPerSecond])).toEqual([
    ['orders', 'updated', 2],
    ['cart', 'silent', null],
    ['mailer', 'gone', null],
  ]);
  expect(serviceRows([summary], minute, { state: 'silent' }, registry)).toMatchObject([
    { service: 'cart', silentInstances: 1 },
  ]);
});
