import { tableSettings } from './columns.ts';
import type { Migration } from './migration.ts';

/**
 * What is set at run time, and what retention did. Both are logs: rows are added, none is changed. `kept_traces` is the judgement of
 * the one day that is being thinned (ADR 11).
 */
export const settingsLog: Migration = {
  version: 9,
  name: 'settings',
  statements: [
    `CREATE TABLE IF NOT EXISTS settings (
  key LowCardinality(String),
  version UInt32,
  value String,
  set_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree
ORDER BY (key, version)
SETTINGS ${tableSettings}`,

    `CREATE TABLE IF NOT EXISTS retention_log (
  at DateTime64(3, 'UTC'),
  action LowCardinality(String),
  reason LowCardinality(String),
  signal LowCardinality(String),
  day Date,
  rows UInt64,
  bytes UInt64,
  rows_left UInt64
) ENGINE = MergeTree
ORDER BY at
SETTINGS ${tableSettings}`,

    `CREATE TABLE IF NOT EXISTS kept_traces (
  trace_id FixedString(16) CODEC(ZSTD(1))
) ENGINE = MergeTree
ORDER BY trace_id
SETTINGS ${tableSettings}`,
  ],
};
