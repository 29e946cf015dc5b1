import { bucketOf } from '../query/spans.ts';
import { tableSettings } from './columns.ts';
import type { Migration } from './migration.ts';

/**
 * Every span once, by minute and by what the lists group by, one row for each bucket of its duration that occurs (eight to the octave:
 * `packages/model/src/log2-histogram.ts`). Kept by a view of the load, under the load's token, so it counts nothing twice.
 */
export const spanRollup: Migration = {
  version: 6,
  name: 'span-rollup',
  statements: [
    `CREATE TABLE IF NOT EXISTS span_minutes (
  minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  service LowCardinality(String) CODEC(ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  kind UInt8 CODEC(ZSTD(1)),
  status_code UInt8 CODEC(ZSTD(1)),
  environment LowCardinality(String) CODEC(ZSTD(1)),
  namespace LowCardinality(String) CODEC(ZSTD(1)),
  version LowCardinality(String) CODEC(ZSTD(1)),
  instance LowCardinality(String) CODEC(ZSTD(1)),
  host LowCardinality(String) CODEC(ZSTD(1)),
  bucket UInt16 CODEC(ZSTD(1)),
  spans SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  total_ns SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  max_ns SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1))
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute)
ORDER BY (minute, service, name, kind, status_code, environment, namespace, version, instance, host, bucket)
SETTINGS ${tableSettings}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS span_minutes_view TO span_minutes AS
SELECT
  toStartOfMinute(timestamp) AS minute,
  service, name, kind, status_code, environment, namespace, version, instance, host,
  toUInt16(${bucketOf('duration_ns', 8)}) AS bucket,
  count() AS spans,
  sum(duration_ns) AS total_ns,
  max(duration_ns) AS max_ns
FROM spans
GROUP BY minute, service, name, kind, status_code, environment, namespace, version, instance, host, bucket`,
  ],
};
