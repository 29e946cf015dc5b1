import { expect, test } from 'vitest';
import { idlePart, type PathPart } from './facts.ts';
import { newestFirst, type SystemFacts, systemChanges } from './state-changes.ts';

const ms = 1_000_000;
const minute = 60_000;

const part = (over: Partial<PathPart>): PathPart => ({ ...idlePart, version: '1.0', lastSeenMs: 9 * minute, ...over });
const served = (over: Partial<PathPart> = {}) => part({ service: 'shop', instance: 'shop-1', served: 600, ...over });
const calls = (kind: PathPart['kind'], meanMs: number, over: Partial<PathPart> = {}) =>
  part({ kind, service: 'shop', address: 'db:5432', calls: 100, totalNs: 100 * meanMs * ms, ...over });

const period = (parts: readonly PathPart[], hosts: SystemFacts['hosts'] = new Map()): SystemFacts => ({
  fromMs: 0,
  toMs: 10 * minute,
  symptom: { requests: 1 },
  parts,
  hosts,
});
const told = (before: readonly PathPart[], after: readonly PathPart[]) =>
  systemChanges(period(before), period(after)).map(({ kind, name, service, baseline, now }) => [
    kind,
    service,
    name,
    baseline,
    now,
  ]);

test('what is as before changed nothing; what never was before says nothing', () => {
  const all = [served(), calls('statement', 5, { hash: 'a' }), part({ kind: 'queue', service: 'shop', name: 'q', calls: 90 })];
  expect(told(all, all)).toEqual([]);
  expect(told([], all)).toEqual([]);
});

test('versions, instances that came, requests that doubled; a handful of requests is no step', () => {
  const next = served({ version: '2.0', instance: 'shop-2', firstSeenMs: 3 * minute, lastSeenMs: 8 * minute });
  expect(told([served()], [served(), next])).toEqual([
    ['new version', 'shop', '2.0', null, null],
    ['traffic step', 'shop', 'shop', 1, 2],
    ['new instance', 'shop', 'shop-2', 0, 1],
  ]);
  expect(told([served({ served: 3 })], [served({ served: 9 })])).toEqual([]);
});

test('an instance that is silent while another serves is gone', () => {
  const other = served({ instance: 'shop-2' });
  const changes = systemChanges(
    period([served({ served: 6000, lastSeenMs: 0 }), other]),
    period([served({ served: 3000, lastSeenMs: 4 * minute }), served({ ...other, served: 3600 })]),
  );
  expect(changes.find(({ kind }) => kind === 'instance gone')).toMatchObject({ name: 'shop-1', atMs: 4 * minute });
});

test('a dependency slower a call, whoever asks it; the name of the service is of who asks most', () => {
  const before = [
    calls('statement', 5, { hash: 'a' }),
    calls('statement', 5, { hash: 'a', service: 'admin', calls: 10, totalNs: 50 * ms }),
    calls('remote', 50, { address: 'pay:443' }),
    calls('database', 1),
  ];
  const after = [
    calls('statement', 50, { hash: 'a' }),
    calls('statement', 50, { hash: 'a', service: 'admin', calls: 10, totalNs: 500 * ms }),
    calls('remote', 500, { address: 'pay:443' }),
    calls('database', 1.9),
  ];
  expect(told(before, after)).toEqual([
    ['statement slower', 'shop', 'db:5432', 5 * ms, 50 * ms],
    ['remote slower', 'shop', 'pay:443', 50 * ms, 500 * ms],
  ]);
  const rare = (meanMs: number) => [calls('statement', meanMs, { hash: 'a', calls: 19, totalNs: 19 * meanMs * ms })];
  expect(told(rare(5), rare(50))).toEqual([]);
});

test('messages that wait, and messages that nobody reads', () => {
  const queue = (read: number, waitMs: number) => [
    part({ kind: 'queue', service: 'shop', name: 'q', calls: 100 }),
    part({ kind: 'queue', service: 'mail', name: 'q', calls: read, messages: read, waitNs: read * waitMs * ms }),
  ];
  expect(told(queue(100, 100), queue(90, 4000))).toEqual([['queue waits longer', 'mail', 'q', 100 * ms, 4000 * ms]]);
  expect(told(queue(100, 100), queue(0, 0))).toEqual([['queue read less', 'mail', 'q', 1, 0]]);
  expect(told(queue(100, 100), queue(90, 900))).toEqual([]);
});

test('a service that fails more', () => {
  expect(told([served({ servedErrors: 6 })], [served({ servedErrors: 60 })])).toEqual([
    ['fails more', 'shop', 'shop', 0.01, 0.1],
  ]);
  expect(told([served({ servedErrors: 6 })], [served({ servedErrors: 12 })])).toEqual([]);
});

test('a service that passes on what another failed comes after it', () => {
  const failing = (service: string, servedErrors: number, callErrors: number) => [
    served({ service, instance: `${service}-1`, servedErrors }),
    part({ kind: 'service', service, callErrors }),
  ];
  const system = (share: number) => [...failing('gateway', 600 * share, 600 * share), ...failing('pay', 600 * share, 0)];
  expect(told(system(0.01), system(0.2))).toEqual([
    ['fails more', 'pay', 'pay', 0.01, 0.2],
    ['passes failures on', 'gateway', 'gateway', 0.01, 0.2],
  ]);
});

test('each resource of a host that saturates', () => {
  const hosts = (
    cpu: number | null,
    steal: number,
    ioWait: number,
    cpuPressure: number | null = null,
    ioPressure: number | null = null,
  ) => new Map([['node-1', { cpu, steal, ioWait, cpuPressure, ioPressure }]]);
  const changes = (before: SystemFacts['hosts'], after: SystemFacts['hosts']) =>
    systemChanges(period([], before), period([], after)).map(({ measure, name, baseline, now }) => [
      measure,
      name,
      baseline,
      now,
    ]);
  expect(changes(hosts(0.3, 0, 0), hosts(0.95, 0.2, 0.3))).toEqual([
    ['CPU utilization', 'node-1', 0.3, 0.95],
    ['CPU steal', 'node-1', 0, 0.2],
    ['I/O wait', 'node-1', 0, 0.3],
  ]);
  expect(changes(hosts(0.92, 0, 0), hosts(0.95, 0.05, 0.1))).toEqual([]);
  expect(changes(hosts(0.3, 0, 0, 0.15), hosts(0.7, 0, 0, 0.75))).toEqual([['CPU pressure', 'node-1', 0.15, 0.75]]);
  expect(changes(hosts(0.3, 0, 0, 0.15), hosts(0.95, 0, 0, 0.75))).toEqual([['CPU utilization', 'node-1', 0.3, 0.95]]);
  expect(changes(hosts(0.3, 0, 0.01, 0.15, 0.1), hosts(0.7, 0, 0.1, 0.3, 0.9))).toEqual([['I/O pressure', 'node-1', 0.1, 0.9]]);
  expect(changes(hosts(0.3, 0, 0.01, 0.15, 0.1), hosts(0.3, 0, 0.4, 0.15, 0.9))).toEqual([['I/O wait', 'node-1', 0.01, 0.4]]);
  expect(changes(new Map(), hosts(0.95, 0.5, 0.5))).toEqual([['CPU utilization', 'node-1', null, 0.95]]);
});

test('the newest first, the undated last', () => {
  expect(newestFirst([{ atMs: null }, { atMs: 5 }, { atMs: 9 }, { atMs: 0 }])).toEqual([
    { atMs: 9 },
    { atMs: 5 },
    { atMs: 0 },
    { atMs: null },
  ]);
});
