import { bucketOf } from '../query/spans.ts';
import { tableSettings } from './columns.ts';
import type { Migration } from './migration.ts';

const text = 'LowCardinality(String) CODEC(ZSTD(1))';
const number = (bits: 8 | 64) => `UInt${bits} CODEC(ZSTD(1))`;
const sum = 'SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))';
const max = 'SimpleAggregateFunction(max, UInt64) CODEC(T64, ZSTD(1))';
/** Buckets of a duration (eight to the octave: `packages/model/src/log2-histogram.ts`) and how many lie in each. */
const histogram = 'SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(UInt64))) CODEC(ZSTD(3))';

type Columns = Readonly<Record<string, string>>;

const spanKeys = {
  service: text,
  name: text,
  kind: number(8),
  status_code: number(8),
  environment: text,
  namespace: text,
  version: text,
  instance: text,
  host: text,
};
const spanSums = { calls: sum, total_ns: sum, max_ns: max, hist: histogram };

/** What is called: docs/formats/path-rollup.md numbers the kinds. */
const dependencyKeys = {
  dependency_kind: number(8),
  /** `db.system.name`, `messaging.system`. */
  dependency_system: text,
  /** `server.address:server.port`. */
  dependency_address: text,
  /** The database's namespace, the queue's destination. */
  dependency_name: text,
};

const pathKeys = {
  api_service: text,
  api_name: text,
  api_kind: number(8),
  asynchronous: number(8),
  /** Of the entry itself, not of what it caused: its calls are the API's requests. */
  is_entry: number(8),
  service: text,
  name: text,
  kind: number(8),
  ...dependencyKeys,
  statement_hash: number(64),
  api_environment: text,
  api_namespace: text,
  environment: text,
  namespace: text,
  version: text,
  instance: text,
  host: text,
};
const pathFirst = ['kind', 'service', 'name'];
const pathSums = {
  calls: sum,
  errors: sum,
  total_ns: sum,
  self_ns: sum,
  critical_ns: sum,
  messages: sum,
  wait_ns: sum,
  requests_by_service: sum,
  requests_by_host: sum,
  requests_by_dependency: sum,
  max_ns: max,
  hist: histogram,
  error_hist: histogram,
};

const edgeKeys = {
  caller_service: text,
  caller_name: text,
  callee_service: text,
  callee_name: text,
  ...dependencyKeys,
  caller_environment: text,
  caller_namespace: text,
  callee_environment: text,
  callee_namespace: text,
  side: number(8),
};
const edgeFirst = ['side', 'dependency_kind'];
const edgeSums = {
  calls: sum,
  errors: sum,
  caller_errors: sum,
  total_ns: sum,
  critical_ns: sum,
  wait_ns: sum,
  max_ns: max,
  hist: histogram,
};

const serviceKeys = { service: text, kind: number(8), environment: text, namespace: text };
const serviceSums = { calls: sum, errors: sum, total_ns: sum, max_ns: max, hist: histogram, error_hist: histogram };

const timeColumn = { time: "DateTime('UTC') CODEC(Delta(4), ZSTD(1))" };

/** What the settler writes into `path_minutes` and `edge_minutes`. */
export const settledColumns = {
  path_minutes: { ...timeColumn, ...pathKeys, ...pathSums },
  edge_minutes: { ...timeColumn, ...edgeKeys, ...edgeSums },
};

type Resolution = 'minutes' | 'minutesByHour' | 'hours' | 'days';

/**
 * Minutes lie together by key, in pieces of time: of an hour where a day of one service is asked for, of ten minutes where only the ends
 * of a range are read. A month of days is few rows: they lie together. Hours and days are small, and asked again and again for one kind of
 * rows, or for some services: `first` of their keys is what tells those apart, and marks are close.
 */
const layout: Readonly<Record<Resolution, { readonly partition: string; readonly order: (keys: string) => string }>> = {
  minutes: { partition: 'toDate(time)', order: (keys) => `toStartOfTenMinutes(time), ${keys}, time` },
  minutesByHour: { partition: 'toDate(time)', order: (keys) => `toStartOfHour(time), ${keys}, time` },
  hours: { partition: 'toDate(time)', order: (keys) => `time, ${keys}` },
  days: { partition: 'toStartOfMonth(time)', order: (keys) => `time, ${keys}` },
};

function rollupTable(
  name: string,
  resolution: Resolution,
  keys: Columns,
  sums: Columns,
  first: readonly string[] = [],
): string {
  const columns = Object.entries({ ...timeColumn, ...keys, ...sums }).map(([column, type]) => `  ${column} ${type}`);
  const { partition, order } = layout[resolution];
  return `CREATE TABLE IF NOT EXISTS ${name} (
${columns.join(',\n')}
) ENGINE = AggregatingMergeTree
PARTITION BY ${partition}
ORDER BY (${order([...new Set([...first, ...Object.keys(keys)])].join(', '))})
SETTINGS ${tableSettings}${first.length > 0 ? ', index_granularity = 1024' : ''}, merge_selector_base = 12, vertical_merge_algorithm_min_rows_to_activate = 1`;
}

/** A view that sums up the rows of one rollup into a coarser one as they come, under the token of their insert. */
function rollUp(from: string, to: string, time: string, keys: Columns, sums: Columns): string {
  const names = Object.keys(keys).join(', ');
  const summed = Object.entries(sums).map(([column, type]) => {
    const merge = /\((\w+),/.exec(type)?.[1] as string;
    return `  ${merge}(finer.${column}) AS ${column}`;
  });
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${to}_view TO ${to} AS
SELECT
  ${time}(finer.time) AS time,
  ${names},
${summed.join(',\n')}
FROM ${from} AS finer
GROUP BY time, ${names}`;
}

const spanNames = Object.keys(spanKeys).join(', ');

/** One row for each bucket first: an array for each span would cost the load ten times as much. */
const spansByMinute = `SELECT
  time, ${spanNames},
  sum(bucket_calls) AS calls,
  sum(bucket_total_ns) AS total_ns,
  max(bucket_max_ns) AS max_ns,
  (groupArray(bucket), groupArray(bucket_calls)) AS hist
FROM (
  SELECT
    toStartOfMinute(timestamp) AS time, ${spanNames},
    toUInt16(${bucketOf('duration_ns', 8)}) AS bucket,
    count() AS bucket_calls,
    sum(duration_ns) AS bucket_total_ns,
    max(duration_ns) AS bucket_max_ns
  FROM spans
  GROUP BY time, ${spanNames}, bucket
)
GROUP BY time, ${spanNames}`;

/**
 * The small tables that pages are answered from, and what settling needs (docs/formats/schema.md).
 *
 * A histogram is two arrays in the row of its key: a question that wants no percentiles reads a twentieth of what one row for each bucket
 * would be, and `quantilesExactWeightedArray` merges 6 million buckets in 80 ms (ADR 13).
 */
export const settledRollups: Migration = {
  version: 8,
  name: 'settled-rollups',
  statements: [
    // When a span became visible, in whole seconds that never go back: settling walks along it (packages/store/src/settle).
    `ALTER TABLE spans ADD COLUMN IF NOT EXISTS loaded_at DateTime('UTC') DEFAULT toDateTime(received_at, 'UTC') CODEC(Delta(4), T64, ZSTD(1))`,
    'ALTER TABLE spans ADD INDEX IF NOT EXISTS loaded_at_index loaded_at TYPE minmax GRANULARITY 1',

    'DROP VIEW IF EXISTS span_minutes_view',
    'DROP TABLE IF EXISTS span_minutes',
    rollupTable('span_minutes', 'minutesByHour', spanKeys, spanSums),
    `INSERT INTO span_minutes (time, ${Object.keys({ ...spanKeys, ...spanSums }).join(', ')}) ${spansByMinute}`,
    `CREATE MATERIALIZED VIEW IF NOT EXISTS span_minutes_view TO span_minutes AS\n${spansByMinute}`,

    rollupTable('path_minutes', 'minutes', pathKeys, pathSums),
    rollupTable('path_hours', 'hours', pathKeys, pathSums, pathFirst),
    rollupTable('path_days', 'days', pathKeys, pathSums, pathFirst),
    rollUp('path_minutes', 'path_hours', 'toStartOfHour', pathKeys, pathSums),
    rollUp('path_hours', 'path_days', 'toStartOfDay', pathKeys, pathSums),

    rollupTable('edge_minutes', 'minutes', edgeKeys, edgeSums),
    rollupTable('edge_hours', 'hours', edgeKeys, edgeSums, edgeFirst),
    rollupTable('edge_days', 'days', edgeKeys, edgeSums, edgeFirst),
    rollUp('edge_minutes', 'edge_hours', 'toStartOfHour', edgeKeys, edgeSums),
    rollUp('edge_hours', 'edge_days', 'toStartOfDay', edgeKeys, edgeSums),

    rollupTable('service_minutes', 'minutes', serviceKeys, serviceSums),
    rollupTable('service_hours', 'hours', serviceKeys, serviceSums),
    rollUp('path_minutes', 'service_minutes', 'toStartOfMinute', serviceKeys, serviceSums),
    rollUp('service_minutes', 'service_hours', 'toStartOfHour', serviceKeys, serviceSums),

    // Rollups keep the hash of a statement; its text is here, once.
    `CREATE TABLE IF NOT EXISTS statements (
  statement_hash UInt64,
  statement SimpleAggregateFunction(any, String) CODEC(ZSTD(1)),
  first_seen SimpleAggregateFunction(min, DateTime('UTC'))
) ENGINE = AggregatingMergeTree
ORDER BY statement_hash
SETTINGS index_granularity = 256, ${tableSettings}`,

    `CREATE TABLE IF NOT EXISTS inventory (
  service LowCardinality(String),
  namespace LowCardinality(String),
  environment LowCardinality(String),
  version LowCardinality(String),
  instance String CODEC(ZSTD(1)),
  host LowCardinality(String),
  first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
  last_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
) ENGINE = AggregatingMergeTree
ORDER BY (service, namespace, environment, version, instance, host)
SETTINGS ${tableSettings}`,
    `CREATE MATERIALIZED VIEW IF NOT EXISTS inventory_view TO inventory AS
SELECT service, namespace, environment, version, instance, host, min(received_at) AS first_seen, max(received_at) AS last_seen
FROM resources
GROUP BY service, namespace, environment, version, instance, host`,

    // Up to which second of loaded_at each of so many shards has settled.
    `CREATE TABLE IF NOT EXISTS settle_progress (
  shards UInt16,
  shard UInt16,
  through SimpleAggregateFunction(max, DateTime('UTC')),
  settled_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) DEFAULT now64(3)
) ENGINE = AggregatingMergeTree
ORDER BY (shards, shard)
SETTINGS ${tableSettings}`,

    // Up to which second each collector has loaded what it will load.
    `CREATE TABLE IF NOT EXISTS load_progress (
  collector String,
  through SimpleAggregateFunction(max, DateTime('UTC')),
  told_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) DEFAULT now64(3)
) ENGINE = AggregatingMergeTree
ORDER BY collector
SETTINGS ${tableSettings}`,
  ],
};
