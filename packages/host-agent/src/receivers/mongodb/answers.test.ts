import { expect, test } from 'vitest';
import { type Metric } from '../../metric.ts';
import { databaseMetrics, replicationMetrics, statusMetrics } from './answers.ts';

const lines = (metrics: readonly Metric[]): string[] =>
  metrics.flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );

test('serverStatus; what a storage engine or a version does not say is left out', () => {
  const status = {
    connections: { current: 3, available: 838_857, active: 1 },
    mem: { bits: 64, resident: 78, supported: true },
    globalLock: { totalTime: 58_964_000, activeClients: { total: 0, readers: 2, writers: 0 } },
    opcounters: { insert: 4, deprecated: { query: 1 } },
    opLatencies: { reads: { latency: 2_500_000, ops: 5 } },
    wiredTiger: {
      cache: { 'pages read into cache': 14, 'pages requested from the cache': 215, 'maximum bytes configured': 256 },
    },
  };
  expect(lines(statusMetrics(status))).toEqual([
    'mongodb.connection.count active: 1',
    'mongodb.connection.count available: 838857',
    'mongodb.connection.count current: 3',
    'mongodb.memory.usage resident: 81788928',
    'mongodb.operation.count insert: 4',
    'mongodb.global_lock.time: 58964',
    'mongodb.active.reads: 2',
    'mongodb.active.writes: 0',
    'mongodb.cache.operations hit: 201',
    'mongodb.cache.operations miss: 14',
    'sonde.mongodb.cache.limit: 256',
    'sonde.mongodb.operation.timed read: 5',
    'sonde.mongodb.operation.time read: 2.5',
  ]);
});

test('dbStats of each database', () => {
  expect(lines(databaseMetrics([{ db: 'shop', collections: 3, dataSize: 2048, ok: 1 }], 4))).toEqual([
    'mongodb.database.count: 4',
    'mongodb.collection.count shop: 3',
    'mongodb.data.size shop: 2048',
  ]);
});

const member = (name: string, stateStr: string, written: string, more: object = {}) => ({
  name,
  stateStr,
  health: 1,
  optimeDate: new Date(`2026-11-22T10:00:${written}Z`),
  ...more,
});
const a = member('a:27017', 'PRIMARY', '30');
const b = member('b:27017', 'SECONDARY', '28');
// What the documentation shows of a member that cannot be reached.
const gone = { name: 'c:27017', stateStr: '(not reachable/healthy)', health: 0, optimeDate: new Date(0) };
const arbiter = { name: 'd:27017', stateStr: 'ARBITER', health: 1 };

test('the primary tells of the others, and one that is gone has no lag', () => {
  expect(lines(replicationMetrics({ set: 'rs', members: [{ ...a, self: true }, b, gone, arbiter] }))).toEqual([
    'sonde.mongodb.replication.lag b:27017: 2',
    'sonde.mongodb.replication.member_up b:27017: 1',
    'sonde.mongodb.replication.member_up c:27017: 0',
    'sonde.mongodb.replication.member_up d:27017: 1',
  ]);
});

test('a secondary tells of itself, and knows no lag where there is no primary', () => {
  const self = { ...b, self: true };
  const up = 'sonde.mongodb.replication.member_up b:27017: 1';
  expect(lines(replicationMetrics({ members: [a, self, gone] }))).toEqual(['sonde.mongodb.replication.lag b:27017: 2', up]);
  expect(lines(replicationMetrics({ members: [self, gone] }))).toEqual([up]);
  // Its clock of writes may be ahead of what it knows of the primary.
  expect(lines(replicationMetrics({ members: [a, { ...self, optimeDate: new Date('2026-11-22T10:00:31Z') }] }))).toEqual([
    'sonde.mongodb.replication.lag b:27017: 0',
    up,
  ]);
});
