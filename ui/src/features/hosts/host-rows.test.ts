import type { HostDetail, HostSummary } from '@sonde/api';
import { expect, test } from 'vitest';
import { factorTone } from '../../base/factor-tone.ts';
import { findHosts, hostServiceRows, sendsMetrics, utilizationTone } from './host-rows.ts';

const summary: HostSummary = {
  host: 'node-1',
  hostId: 'a',
  os: 'linux',
  lastSeenMs: 0,
  cpu: { cores: 4, utilization: 0.3, iowait: 0, steal: 0, load1m: 1 },
  memory: { totalBytes: 8, usedBytes: 4, utilization: 0.5 },
  network: { receiveBytesPerSecond: 1, transmitBytesPerSecond: 1, errorsPerSecond: 0 },
  disk: { readBytesPerSecond: 1, writeBytesPerSecond: 1, busy: 0.1 },
  filesystem: { mountpoint: '/', totalBytes: 10, usedBytes: 5, utilization: 0.5 },
  services: ['orders'],
  trend: [],
};
const service = { service: 'orders', instance: 'i', version: '1', requests: 60, errors: 0, p95Ns: 2e6, elsewhereP95Ns: 1e6 };
const detail: HostDetail = {
  range: { fromMs: 0, toMs: 60_000 },
  summary,
  services: [
    { ...service, service: 'alone', elsewhereP95Ns: null },
    service,
    { ...service, service: 'idle', requests: 0, p95Ns: null },
  ],
  stepMs: 1,
  timesMs: [],
  cpu: [],
  memory: [],
  network: [],
  diskIo: [],
  filesystem: [],
  inodes: [],
  pressure: [],
  diskOperations: [],
  diskQueue: [],
  networkErrors: [],
  connections: [],
  swap: [],
};

test('a host is found by its name and by what runs there', () => {
  expect(findHosts([summary], 'NODE')).toHaveLength(1);
  expect(findHosts([summary], 'order')).toHaveLength(1);
  expect(findHosts([summary], 'cart')).toHaveLength(0);
});

test('what is slower here than elsewhere comes first; what runs nowhere else cannot be compared', () => {
  const rows = hostServiceRows(detail);
  expect(rows.map(({ service: name, factor }) => [name, factor])).toEqual([
    ['orders', 2],
    ['alone', null],
    ['idle', null],
  ]);
  expect(rows[0]?.requestsPerSecond).toBe(1);
  expect(rows[2]?.errorShare).toBeNull();
  expect([factorTone(2), factorTone(1.1), factorTone(null)]).toEqual(['bad', 'quiet', 'quiet']);
});

test('a host without the agent is told apart from one at rest', () => {
  expect(sendsMetrics(summary)).toBe(true);
  expect(
    sendsMetrics({
      ...summary,
      cpu: { ...summary.cpu, utilization: null },
      memory: { ...summary.memory, utilization: null },
      filesystem: { ...summary.filesystem, utilization: null },
    }),
  ).toBe(false);
});

test('colour only near the end', () => {
  expect([null, 0.5, 0.8, 0.95].map(utilizationTone)).toEqual([undefined, undefined, 'warn', 'bad']);
});
