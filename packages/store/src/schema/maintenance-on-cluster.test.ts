import { expect, test } from 'vitest';
import { acrossServers } from '../query/across-servers.ts';
import { maintenanceOnCluster } from './maintenance-on-cluster.ts';

const onCluster = (sql: string): string => maintenanceOnCluster(sql, 'c-1', 'db');

test.each([
  [
    'ALTER TABLE spans DROP PARTITION ID {partition:String} SETTINGS max_partition_size_to_drop = 0',
    `ALTER TABLE spans_local ON CLUSTER 'c-1' DROP PARTITION ID {partition:String} SETTINGS max_partition_size_to_drop = 0`,
  ],
  [
    `ALTER TABLE trace_ts\n  DELETE IN PARTITION ID '20260308' WHERE trace_id NOT IN (SELECT trace_id FROM kept_traces)`,
    `ALTER TABLE trace_ts_local ON CLUSTER 'c-1'\n  DELETE IN PARTITION ID '20260308' WHERE trace_id NOT IN (SELECT trace_id FROM kept_traces)`,
  ],
  [
    'DELETE FROM resources WHERE resource_id IN (SELECT resource_id FROM resources)',
    `ALTER TABLE resources_local ON CLUSTER 'c-1' DELETE WHERE resource_id IN (SELECT resource_id FROM resources)`,
  ],
  ['TRUNCATE TABLE kept_traces', `TRUNCATE TABLE kept_traces_local ON CLUSTER 'c-1'`],
  ['SYSTEM SYNC REPLICA settings', `SYSTEM SYNC REPLICA ON CLUSTER 'c-1' db.settings_local`],
  [
    `KILL MUTATION WHERE database = currentDatabase() AND table IN ('spans', 'trace_ts') AND latest_fail_reason != ''`,
    `KILL MUTATION ON CLUSTER 'c-1' WHERE database = 'db' AND table IN ('spans_local', 'trace_ts_local') AND latest_fail_reason != ''`,
  ],
  ['INSERT INTO kept_traces SELECT trace_id FROM trace_ts', 'INSERT INTO kept_traces SELECT trace_id FROM trace_ts'],
])('%s', (statement, expected) => {
  expect(onCluster(statement)).toBe(expected);
});

test.each([
  ['nobody thought of', 'OPTIMIZE TABLE spans FINAL'],
  ['that drops all', 'DROP TABLE spans'],
  ['that attaches', `ALTER TABLE spans ATTACH PARTITION ID '20260308'`],
  ['that deletes without saying where', 'ALTER TABLE spans DELETE WHERE 1'],
  ['on what is the same on every server', 'TRUNCATE TABLE migrations'],
  ['with more behind it', 'TRUNCATE TABLE kept_traces; DROP TABLE spans'],
])('refused: a statement %s', (_, statement) => {
  expect(() => onCluster(statement)).toThrow();
});

test('the name of a cluster is an identifier, for it becomes part of statements', () => {
  expect(() => maintenanceOnCluster('TRUNCATE TABLE kept_traces', `c' SYNC; --`, 'db')).toThrow('Not the name of a cluster');
});

test('a question to tables of the system is one to the servers of a cluster, with the names of one', () => {
  const tables = `(SELECT * REPLACE (replaceRegexpOne(table, '_local$', '') AS table) FROM`;
  expect(acrossServers('SELECT rows FROM system.parts WHERE active', 'one of each shard', 'c')).toBe(
    `SELECT rows FROM ${tables} cluster('c', system.parts)) WHERE active`,
  );
  expect(acrossServers('SELECT 1 FROM system.mutations', 'all', 'c')).toBe(
    `SELECT 1 FROM ${tables} clusterAllReplicas('c', system.mutations))`,
  );
  expect(acrossServers('SELECT free_space FROM system.disks', 'all that answer', 'c')).toBe(
    `SELECT free_space FROM (SELECT * FROM clusterAllReplicas('c', system.disks) SETTINGS skip_unavailable_shards = 1)`,
  );
});
