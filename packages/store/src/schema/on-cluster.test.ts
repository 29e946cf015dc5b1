import { expect, test } from 'vitest';
import { migrations } from './migrate.ts';
import { onCluster } from './on-cluster.ts';

const table = (name: string, columns: string, engine: string, tail: string) =>
  `CREATE TABLE IF NOT EXISTS ${name} (\n${columns}\n) ENGINE = ${engine}\n${tail}`;

const keyOf = (statements: readonly string[]) => /_local', (.+)\)$/.exec(statements[1] ?? '')?.[1];

test('a table becomes a replicated one on each shard, and one over the shards', () => {
  const columns = `  trace_id FixedString(16) CODEC(ZSTD(1)),
  note String DEFAULT 'a, (b',
  INDEX note_index lower(note) TYPE text(tokenizer = 'array')`;
  const tail = `PARTITION BY toDate(timestamp)
ORDER BY (trace_id, note)
SETTINGS index_granularity = 256, `;
  expect(
    onCluster(
      table('spans', columns, 'MergeTree', `${tail}non_replicated_deduplication_window = 10000, fsync_after_insert = 1`),
      'c-1',
    ),
  ).toEqual([
    `CREATE TABLE IF NOT EXISTS spans_local ON CLUSTER 'c-1' (
${columns}
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
${tail}replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1`,
    `CREATE TABLE IF NOT EXISTS spans ON CLUSTER 'c-1' AS spans_local
ENGINE = Distributed('c-1', currentDatabase(), 'spans_local', cityHash64(trace_id))`,
  ]);
});

test('an engine keeps its own arguments behind those of replication', () => {
  const [replicated] = onCluster(table('one', 'id UInt64, version UInt64', 'ReplacingMergeTree(version)', 'ORDER BY id'), 'c');
  expect(replicated).toContain(
    `ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)\nORDER BY id`,
  );
});

test('what was applied is recorded once for all shards', () => {
  expect(onCluster(table('migrations', '  version UInt32', 'MergeTree', 'ORDER BY version'), 'c')).toEqual([
    `CREATE TABLE IF NOT EXISTS migrations ON CLUSTER 'c' (
  version UInt32
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/all/{database}/{table}', '{shard}-{replica}')
ORDER BY version`,
  ]);
});

test.each([
  ['a series before a trace', 'series_id UInt64, trace_id FixedString(16)', 'ORDER BY series_id', 'cityHash64(series_id)'],
  ['a trace', 'service String, trace_id FixedString(16)', 'ORDER BY service', 'cityHash64(trace_id)'],
  [
    'sender and time where there may be no trace',
    'observed_timestamp DateTime64(9), timestamp DateTime64(9), resource_id UInt64, trace_id FixedString(16)',
    'ORDER BY timestamp',
    `if(trace_id = toFixedString('', 16), cityHash64(resource_id, timestamp, observed_timestamp), cityHash64(trace_id))`,
  ],
  [
    'the sort key without its times and what is computed',
    `minute DateTime('UTC'), service LowCardinality(String), name String, links Array(FixedString(16)), short String ALIAS left(name, 3), hist Tuple(Array(UInt16), Array(UInt64))`,
    'PARTITION BY toDate(minute)\nORDER BY (toStartOfHour(minute), service, name, short, minute)\nTTL minute + INTERVAL 90 DAY\nSETTINGS index_granularity = 256',
    'cityHash64(service, name)',
  ],
  ['a time where the key has nothing else', `day DateTime('UTC'), n UInt64`, 'ORDER BY (day)', 'cityHash64(day)'],
])('rows are spread by %s', (_, columns, tail, key) => {
  expect(keyOf(onCluster(table('t', columns, 'AggregatingMergeTree', tail), 'c'))).toBe(key);
});

test('a view reads and writes the tables of its shard, a chain of them too', () => {
  const view = (name: string, to: string, from: string) => `CREATE MATERIALIZED VIEW IF NOT EXISTS ${name} TO ${to} AS
SELECT toStartOfHour(minute) AS hour, sum(spans) AS spans FROM ${from} GROUP BY hour`;
  expect(onCluster(view('path_hours_view', 'path_hours', 'path_minutes'), 'c')).toEqual([
    `CREATE MATERIALIZED VIEW IF NOT EXISTS path_hours_view ON CLUSTER 'c' TO path_hours_local AS
SELECT toStartOfHour(minute) AS hour, sum(spans) AS spans FROM path_minutes_local GROUP BY hour`,
  ]);
});

test('columns change in both tables, what is about storage in the replicated one', () => {
  expect(
    onCluster(
      `ALTER TABLE t ADD COLUMN IF NOT EXISTS at DateTime DEFAULT f(1, ',') CODEC(ZSTD(1)) AFTER n, ADD INDEX i at TYPE minmax`,
      'c',
    ),
  ).toEqual([
    `ALTER TABLE t_local ON CLUSTER 'c' ADD COLUMN IF NOT EXISTS at DateTime DEFAULT f(1, ',') CODEC(ZSTD(1)) AFTER n, ADD INDEX i at TYPE minmax`,
    `ALTER TABLE t ON CLUSTER 'c' ADD COLUMN IF NOT EXISTS at DateTime DEFAULT f(1, ',') CODEC(ZSTD(1))`,
  ]);
  expect(onCluster('ALTER TABLE t MODIFY SETTING a = 1, non_replicated_deduplication_window = 5', 'c')).toEqual([
    `ALTER TABLE t_local ON CLUSTER 'c' MODIFY SETTING a = 1, replicated_deduplication_window = 5, replicated_deduplication_window_seconds = 604800`,
  ]);
});

test('how a column is written to disk is nothing to a table that holds none', () => {
  expect(onCluster('ALTER TABLE t MODIFY COLUMN n CODEC(T64, ZSTD(1)), MODIFY COLUMN m CODEC(ZSTD(3))', 'c')).toEqual([
    `ALTER TABLE t_local ON CLUSTER 'c' MODIFY COLUMN n CODEC(T64, ZSTD(1)), MODIFY COLUMN m CODEC(ZSTD(3))`,
  ]);
  expect(onCluster('ALTER TABLE t MODIFY COLUMN n MODIFY SETTING min_compress_block_size = 1', 'c')).toEqual([
    `ALTER TABLE t_local ON CLUSTER 'c' MODIFY COLUMN n MODIFY SETTING min_compress_block_size = 1`,
  ]);
  expect(onCluster('ALTER TABLE t MODIFY COLUMN n UInt8 CODEC(ZSTD(3))', 'c')).toHaveLength(2);
});

test('both tables are dropped, and their places in Keeper with them', () => {
  expect(onCluster('DROP TABLE IF EXISTS t', 'c')).toEqual([
    `DROP TABLE IF EXISTS t ON CLUSTER 'c' SYNC`,
    `DROP TABLE IF EXISTS t_local ON CLUSTER 'c' SYNC`,
  ]);
  expect(onCluster('DROP VIEW IF EXISTS v', 'c')).toEqual([`DROP VIEW IF EXISTS v ON CLUSTER 'c' SYNC`]);
});

test.each([
  ['a statement nobody thought of', 'OPTIMIZE TABLE spans FINAL'],
  ['two tables that change names', 'EXCHANGE TABLES a AND b'],
  ['a table that may not be made twice', 'CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n'],
  ['a table of another engine', 'CREATE TABLE IF NOT EXISTS t (n UInt8) ENGINE = Memory'],
  ['one that is replicated already', table('t', 'n UInt8', `ReplicatedMergeTree('/a', 'b')`, 'ORDER BY n')],
  ['nothing to spread rows by', table('t', 'n UInt8', 'MergeTree', 'ORDER BY tuple()')],
  ['a view with a join', 'CREATE MATERIALIZED VIEW IF NOT EXISTS v TO y AS SELECT n FROM a INNER JOIN b USING n'],
  ['a view of two tables', 'CREATE MATERIALIZED VIEW IF NOT EXISTS v TO y AS SELECT n FROM a WHERE n IN (SELECT n FROM b)'],
  ['a view with rows of its own', 'CREATE MATERIALIZED VIEW IF NOT EXISTS v ENGINE = MergeTree ORDER BY n AS SELECT n FROM a'],
  ['a view into what is the same everywhere', 'CREATE MATERIALIZED VIEW IF NOT EXISTS v TO migrations AS SELECT n FROM a'],
  ['an unknown change', 'ALTER TABLE t DELETE WHERE n = 1'],
  ['an unknown change among known ones', 'ALTER TABLE t ADD COLUMN n UInt8, DROP PARTITION 5'],
])('refused: %s', (_, statement) => {
  expect(() => onCluster(statement, 'c')).toThrow();
});

test('the name of a cluster is an identifier, for it becomes part of statements', () => {
  expect(() => onCluster('DROP VIEW IF EXISTS v', `c' SYNC; --`)).toThrow('Not the name of a cluster');
});

test('no migration is refused, and none touches a table without saying on which servers', () => {
  for (const { statements } of migrations) {
    for (const one of statements.flatMap((statement) => onCluster(statement, 'c'))) {
      expect(one).toMatch(/^INSERT INTO |^[A-Z ]+ \w+ ON CLUSTER 'c' /);
    }
  }
});
