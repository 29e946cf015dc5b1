import { expect, test } from 'vitest';
import { type Metric } from '../../metric.ts';
import { lockMetrics, replicaMetrics, sessionMetrics, statementMetrics, writerMetrics } from './metrics.ts';

const lines = (metrics: readonly Metric[]): string[] =>
  metrics.flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );

// Captured from PostgreSQL 15.13, as the driver gives it: 64-bit and decimal numbers are text.
test('sessions, by what they do and wait for', () => {
  const rows = [
    {
      datname: 'shop',
      state: 'active',
      wait_event_type: 'Lock',
      sessions: '2',
      longest_transaction: '9.5',
      longest_query: '9.1',
    },
    {
      datname: 'shop',
      state: 'active',
      wait_event_type: null,
      sessions: '1',
      longest_transaction: '0.1',
      longest_query: '0.1',
    },
    {
      datname: 'shop',
      state: 'active',
      wait_event_type: 'Client',
      sessions: '1',
      longest_transaction: null,
      longest_query: '0',
    },
    { datname: 'shop', state: 'idle in transaction', wait_event_type: 'Client', sessions: '1', longest_transaction: '61.2' },
  ];
  expect(lines(sessionMetrics(rows))).toEqual([
    'sonde.postgresql.sessions shop active: 4',
    'sonde.postgresql.sessions shop idle in transaction: 1',
    'sonde.postgresql.sessions.waiting shop Lock: 2',
    'sonde.postgresql.transaction.longest: 61.2',
    'sonde.postgresql.query.longest: 9.1',
  ]);
});

test('a replica that has not said how late it is', () => {
  const rows = [{ client: 'unix', bytes: '168', write: '0.000210', flush: '0.0005', replay: null }];
  expect(lines(replicaMetrics(rows))).toEqual([
    'postgresql.replication.data_delay unix: 168',
    'postgresql.wal.lag unix write: 0.00021',
    'postgresql.wal.lag unix flush: 0.0005',
    'postgresql.wal.delay unix write: 0.00021',
    'postgresql.wal.delay unix flush: 0.0005',
  ]);
});

test('PostgreSQL 17 does not say what backends wrote: left out', () => {
  const row = {
    checkpoints_timed: '3',
    checkpoints_req: '1',
    buffers_clean: '0',
    buffers_checkpoint: '40',
    buffers_alloc: '264',
  };
  expect(lines(writerMetrics(row))).toEqual([
    'postgresql.bgwriter.buffers.allocated: 264',
    'postgresql.bgwriter.buffers.writes checkpoints: 40',
    'postgresql.bgwriter.buffers.writes bgwriter: 0',
    'postgresql.bgwriter.checkpoint.count scheduled: 3',
    'postgresql.bgwriter.checkpoint.count requested: 1',
  ]);
});

test('locks and statements', () => {
  const lock = { datname: 'shop', mode: 'AccessShareLock', locktype: 'relation', locks: '3', waiting: '1' };
  expect(lines(lockMetrics([lock]))).toEqual([
    'postgresql.database.locks shop AccessShareLock relation: 3',
    'sonde.postgresql.locks.waiting shop AccessShareLock relation: 1',
  ]);
  const row = {
    datname: 'shop',
    queryid: '-42',
    query: 'SELECT $1',
    calls: '2',
    milliseconds: 1500,
    rows: '2',
    blocks_read: '0',
  };
  expect(lines(statementMetrics([row]))).toEqual([
    'sonde.db.statement.calls shop SELECT $1 -42: 2',
    'sonde.db.statement.time shop SELECT $1 -42: 1.5',
    'sonde.db.statement.rows shop SELECT $1 -42: 2',
    'sonde.postgresql.statement.blocks_read shop SELECT $1 -42: 0',
  ]);
});
