import { expect, test } from 'vitest';
import { type Metric } from '../../metric.ts';
import { replicaMetrics, statementMetrics, statusMetrics, statusOf } from './status.ts';

const lines = (metrics: readonly Metric[]): string[] =>
  metrics.flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );

test('SHOW GLOBAL STATUS; what a server does not have is left out', () => {
  const status = statusOf([
    { Variable_name: 'Uptime', Value: '61' },
    { Variable_name: 'Threads_running', Value: '2' },
    { Variable_name: 'Com_select', Value: '17' },
    { Variable_name: 'Innodb_buffer_pool_bytes_data', Value: '4000' },
    { Variable_name: 'Innodb_buffer_pool_bytes_dirty', Value: '1000' },
    { Variable_name: 'Connection_errors_peer_address', Value: '1' },
    { Variable_name: 'Rpl_status', Value: 'AUTH_MASTER' },
  ]);
  expect(lines(statusMetrics(status))).toEqual([
    'mysql.uptime: 61',
    'mysql.connection.errors peer_address: 1',
    'mysql.threads running: 2',
    'mysql.commands select: 17',
    'mysql.buffer_pool.usage dirty: 1000',
    'mysql.buffer_pool.usage clean: 3000',
  ]);
});

test('a replica, in the new words, and one that has stopped, in the old', () => {
  const running = {
    Replica_IO_Running: 'Yes',
    Replica_SQL_Running: 'Yes',
    Seconds_Behind_Source: 7,
    SQL_Delay: 0,
    Channel_Name: '',
  };
  const stopped = {
    Slave_IO_Running: 'Connecting',
    Slave_SQL_Running: 'Yes',
    Seconds_Behind_Master: null,
    Connection_name: 'b',
  };
  expect(lines(replicaMetrics([running, stopped]))).toEqual([
    'mysql.replica.time_behind_source: 7',
    'mysql.replica.sql_delay: 0',
    'sonde.mysql.replica.running: 1',
    'sonde.mysql.replica.running b: 0',
  ]);
});

test('picoseconds of a statement', () => {
  const row = { schema_name: null, digest: 'ab', digest_text: 'SELECT ?', count_star: '2', sum_timer_wait: '1500000000000' };
  expect(lines(statementMetrics([row]))).toEqual([
    'sonde.db.statement.calls  SELECT ? ab: 2',
    'sonde.db.statement.time  SELECT ? ab: 1.5',
    'mysql.statement_event.wait.time  ab SELECT ?: 1500000000',
  ]);
});
