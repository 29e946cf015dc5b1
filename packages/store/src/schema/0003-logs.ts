import { attributeItems, tableSettings, timeCodec, wireColumns } from './columns.ts';
import type { Migration } from './migration.ts';

/** `time` is when it happened, as far as anybody knows: a sender may leave `timestamp` out (logs data model, "Timestamp"). */
export const logs: Migration = {
  version: 3,
  name: 'logs',
  statements: [
    `CREATE TABLE IF NOT EXISTS logs (
${wireColumns('logs', { timestamp: timeCodec, observed_timestamp: timeCodec, received_at: timeCodec })},
  time DateTime64(9, 'UTC') MATERIALIZED multiIf(
    toUnixTimestamp64Nano(timestamp) != 0, timestamp,
    toUnixTimestamp64Nano(observed_timestamp) != 0, observed_timestamp,
    toDateTime64(received_at, 9, 'UTC')) CODEC(Delta(8), ZSTD(1)),
  ${attributeItems},
  INDEX body_index lower(body) TYPE text(tokenizer = 'splitByNonAlpha'),
  INDEX attribute_items_index attribute_items TYPE text(tokenizer = 'array'),
  INDEX trace_id_index trace_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(time)
ORDER BY (toStartOfFiveMinutes(time), service, time)
SETTINGS ${tableSettings}`,
  ],
};
