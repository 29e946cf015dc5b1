import { blocksOfSpans } from './columns.ts';
import type { Migration } from './migration.ts';

/** A load with more services than this in one trace leaves them out, and the list of traces asks the spans: names come from outside. */
const servicesMax = 100;

const hasNoParent = `parent_span_id = toFixedString('', 8)`;
const bucketNs = 300_000_000_000;

/**
 * What the list of traces shows of one, beside where it lies, so that a page of it reads no spans. Rows from before, and those that retention
 * carries over midnight, have none of it: `services` then do not add up to `spans`.
 *
 * Parents are in large blocks again, for migration 14 made them small for that page.
 *
 * The view is another one, made before the old one goes. Its query changed in place would have other tokens until the engine starts again (26.7), so
 * that a load that is repeated then would count twice; and without a view, what another collector loads meanwhile would be found by nobody. What
 * both views see counts twice, and for that the list asks the spans.
 *
 * `last` is needed for nothing but its five minutes, and takes an eighth of the room as such. What is before 1970 is rounded up.
 */
export const traceSummaries: Migration = {
  version: 15,
  name: 'trace-summaries',
  statements: [
    `ALTER TABLE trace_ts
  ADD COLUMN IF NOT EXISTS roots SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  ADD COLUMN IF NOT EXISTS root_service SimpleAggregateFunction(max, LowCardinality(String)) CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS root_name SimpleAggregateFunction(max, LowCardinality(String)) CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS services SimpleAggregateFunction(sumMap, Map(String, UInt64)) CODEC(ZSTD(3)),
  MODIFY COLUMN last CODEC(GCD, ZSTD(1))`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS trace_summaries_view TO trace_ts AS
SELECT
  trace_id,
  min(timestamp) AS first,
  fromUnixTimestamp64Nano(intDiv(max(toUnixTimestamp64Nano(timestamp)), ${bucketNs}) * ${bucketNs}, 'UTC') AS last,
  max(toUnixTimestamp64Nano(timestamp) + toInt64(duration_ns)) AS end_ns,
  count() AS spans,
  countIf(status_code = 2) AS errors,
  countIf(${hasNoParent}) AS roots,
  maxIf(service, ${hasNoParent}) AS root_service,
  maxIf(name, ${hasNoParent}) AS root_name,
  if(length(sumMap(map(toString(service), toUInt64(1))) AS counts) > ${servicesMax}, CAST(map(), 'Map(String, UInt64)'), counts) AS services
FROM spans
GROUP BY trace_id`,
    'DROP VIEW IF EXISTS trace_ts_view',

    ...blocksOfSpans('parent_span_id', 524_288),
  ],
};
