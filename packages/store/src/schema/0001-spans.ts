import { attributeItems, tableSettings, firstAttribute, timeCodec, wireColumns } from './columns.ts';
import type { Migration } from './migration.ts';

/** Whitespace, comments and literals removed. Where a system has no statement language, a key would be a literal: the command is all. */
const statement = `multiIf(
    db_system = '', '',
    ${firstAttribute('db.query.text', 'db.statement')} = '', trimBoth(concat(db_operation, ' ', db_collection)),
    db_system IN ('redis', 'valkey', 'memcached'), upper(extract(${firstAttribute('db.query.text', 'db.statement')}, '^\\\\s*(\\\\S+)')),
    db_system IN ('mysql', 'mariadb'), normalizeQuery(replaceRegexpAll(${firstAttribute('db.query.text', 'db.statement')}, '"(?:[^"\\\\\\\\]|\\\\\\\\.|"")*"', '''''')),
    normalizeQuery(${firstAttribute('db.query.text', 'db.statement')}))`;

/** The columns of attributes, as the engine computed them until migration 5. */
export const promoted = {
  http_request_method: ['LowCardinality(String)', firstAttribute('http.request.method', 'http.method')],
  http_route: ['LowCardinality(String)', firstAttribute('http.route')],
  http_status_code: ['UInt16', `toUInt16OrZero(${firstAttribute('http.response.status_code', 'http.status_code')})`],
  server_address: ['LowCardinality(String)', firstAttribute('server.address', 'net.peer.name')],
  server_port: ['UInt16', `toUInt16OrZero(${firstAttribute('server.port', 'net.peer.port')})`],
  db_system: ['LowCardinality(String)', firstAttribute('db.system.name', 'db.system')],
  db_namespace: ['LowCardinality(String)', firstAttribute('db.namespace', 'db.name')],
  db_operation: ['LowCardinality(String)', firstAttribute('db.operation.name', 'db.operation')],
  db_collection: ['LowCardinality(String)', firstAttribute('db.collection.name', 'db.sql.table', 'db.mongodb.collection')],
  messaging_system: ['LowCardinality(String)', firstAttribute('messaging.system')],
  messaging_destination: ['LowCardinality(String)', firstAttribute('messaging.destination.name', 'messaging.destination')],
} as const;

const promotedByTheEngine = Object.entries(promoted)
  .map(([name, [type, expression]]) => `${name} ${type} MATERIALIZED ${expression}`)
  .join(',\n  ');

/**
 * Spans, and where in time to look for a trace.
 *
 * The sort key begins with a bucket of time so that a question about an hour reads an hour; a question must filter on the very
 * expression `toStartOfFiveMinutes(timestamp)`, for `timestamp` alone prunes nothing but days.
 */
export const spans: Migration = {
  version: 1,
  name: 'spans',
  statements: [
    `CREATE TABLE IF NOT EXISTS spans (
${wireColumns('spans', { timestamp: timeCodec, received_at: timeCodec }, Object.keys(promoted))},
  ${promotedByTheEngine},
  statement String MATERIALIZED ${statement} CODEC(ZSTD(1)),
  statement_hash UInt64 MATERIALIZED if(statement = '', 0, sipHash64(statement)) CODEC(ZSTD(1)),
  ${attributeItems},
  INDEX attribute_items_index attribute_items TYPE text(tokenizer = 'array')
) ENGINE = MergeTree
PARTITION BY toDate(timestamp)
ORDER BY (toStartOfFiveMinutes(timestamp), service, name, timestamp)
SETTINGS ${tableSettings}`,

    `CREATE TABLE IF NOT EXISTS trace_ts (
  trace_id FixedString(16) CODEC(ZSTD(1)),
  first SimpleAggregateFunction(min, DateTime64(9, 'UTC')) CODEC(Delta(8), ZSTD(1)),
  last SimpleAggregateFunction(max, DateTime64(9, 'UTC')) CODEC(Delta(8), ZSTD(1)),
  end_ns SimpleAggregateFunction(max, Int64) CODEC(Delta(8), ZSTD(1)),
  spans SimpleAggregateFunction(sum, UInt64),
  errors SimpleAggregateFunction(sum, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY toDate(first)
ORDER BY trace_id
SETTINGS index_granularity = 256, ${tableSettings}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS trace_ts_view TO trace_ts AS
SELECT
  trace_id,
  min(timestamp) AS first,
  max(timestamp) AS last,
  max(toUnixTimestamp64Nano(timestamp) + toInt64(duration_ns)) AS end_ns,
  count() AS spans,
  countIf(status_code = 2) AS errors
FROM spans
GROUP BY trace_id`,
  ],
};
