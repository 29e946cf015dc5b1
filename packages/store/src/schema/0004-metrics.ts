import { type TableName, tables } from '@sonde/otlp';
import { any, anyMap, tableSettings, timeCodec, wireColumns } from './columns.ts';
import type { Migration } from './migration.ts';

/** Everything of a series but its key and its time is the same in each of its rows. */
const seriesAdditions = {
  ...Object.fromEntries(
    Object.entries(tables.metric_series).map(([name, type]) => [name, type.startsWith('Map') ? anyMap : any]),
  ),
  metric: '{type}',
  series_id: '{type}',
  received_at: 'SimpleAggregateFunction(max, {type})',
};

/** Delta before ZSTD: 1.95 bytes a sample, where Gorilla took 2.69. */
const point = {
  series_id: timeCodec,
  timestamp: '{type} CODEC(DoubleDelta, ZSTD(1))',
  start_timestamp: timeCodec,
  received_at: timeCodec,
};

function pointTable(table: TableName, additions: Readonly<Record<string, string>> = {}): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
${wireColumns(table, { ...point, ...additions })}
) ENGINE = MergeTree
PARTITION BY toDate(timestamp)
ORDER BY (metric, series_id, timestamp)
SETTINGS ${tableSettings}`;
}

/** Series once (after merges), points by series and time. */
export const metrics: Migration = {
  version: 4,
  name: 'metrics',
  statements: [
    `CREATE TABLE IF NOT EXISTS metric_series (
${wireColumns('metric_series', seriesAdditions)},
  first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')) DEFAULT received_at,
  last_seen DateTime64(3, 'UTC') ALIAS received_at
) ENGINE = AggregatingMergeTree
ORDER BY (metric, series_id)
SETTINGS index_granularity = 1024, ${tableSettings}`,
    pointTable('metric_samples', { value: timeCodec, value_int: timeCodec }),
    pointTable('metric_histograms'),
    pointTable('metric_exponential_histograms'),
    pointTable('metric_summaries'),
    `CREATE TABLE IF NOT EXISTS metric_exemplars (
${wireColumns('metric_exemplars', { series_id: timeCodec, timestamp: timeCodec, point_timestamp: timeCodec, received_at: timeCodec })}
) ENGINE = MergeTree
PARTITION BY toDate(timestamp)
ORDER BY (metric, series_id, timestamp)
SETTINGS ${tableSettings}`,
  ],
};
