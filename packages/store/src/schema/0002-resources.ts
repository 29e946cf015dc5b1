import { any, anyMap, tableSettings, wireColumns } from './columns.ts';
import type { Migration } from './migration.ts';

const additions = {
  resource_id: '{type}',
  service: any,
  namespace: any,
  environment: any,
  version: any,
  instance: any,
  host: any,
  attributes: anyMap,
  attribute_types: any,
  dropped_attributes_count: any,
  schema_url: any,
  received_at: 'SimpleAggregateFunction(max, {type})',
} as const;

/** Each resource once (after merges), with when it was first and last heard of. */
export const resources: Migration = {
  version: 2,
  name: 'resources',
  statements: [
    `CREATE TABLE IF NOT EXISTS resources (
${wireColumns('resources', additions)},
  first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')) DEFAULT received_at,
  last_seen DateTime64(3, 'UTC') ALIAS received_at
) ENGINE = AggregatingMergeTree
ORDER BY resource_id
SETTINGS index_granularity = 256, ${tableSettings}`,
  ],
};
