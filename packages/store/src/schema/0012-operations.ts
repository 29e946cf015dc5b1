import { tableSettings } from './columns.ts';
import type { Migration } from './migration.ts';

const text = 'LowCardinality(String) CODEC(ZSTD(1))';
const number = (bits: 8 | 64) => `UInt${bits} CODEC(ZSTD(1))`;
const sum = 'SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))';
const max = 'SimpleAggregateFunction(max, UInt64) CODEC(T64, ZSTD(1))';
/** Of hours and days, where a bucket is seldom empty and counts are small, it is no larger than ZSTD(3) and read in half the time. */
const quickHistogram = 'CODEC(T64, ZSTD(1))';

type Columns = Readonly<Record<string, string>>;

/** Without API, version, instance and host; in the order in which questions tell rows apart. */
const operationKeys = {
  kind: number(8),
  service: text,
  name: text,
  is_entry: number(8),
  asynchronous: number(8),
  dependency_kind: number(8),
  dependency_system: text,
  dependency_address: text,
  dependency_name: text,
  statement_hash: number(64),
  environment: text,
  namespace: text,
};
const operationSums = {
  calls: sum,
  errors: sum,
  total_ns: sum,
  self_ns: sum,
  critical_ns: sum,
  messages: sum,
  wait_ns: sum,
  requests_by_service: sum,
  requests_by_dependency: sum,
  max_ns: max,
  hist: `SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(UInt64))) ${quickHistogram}`,
};

const instanceKeys = { service: text, environment: text, namespace: text, instance: text, host: text };
const instanceSums = { calls: sum };

const time = { time: "DateTime('UTC') CODEC(Delta(4), ZSTD(1))" };

interface Derived {
  readonly from: string;
  readonly to: string;
  readonly partition: string;
  readonly keys: Columns;
  readonly sums: Columns;
}

/**
 * A rollup of fewer keys, of the same times, and the view that fills it under the token of each insert. Rows from before are copied as they
 * are, for the table adds up what has one key: a group-by of months would not fit in memory. It is made anew, for a copy that was cut short
 * would count twice what it had.
 */
function derived({ from, keys, partition, sums, to }: Derived): string[] {
  const columns = Object.entries({ ...time, ...keys, ...sums }).map(([column, type]) => `  ${column} ${type}`);
  const all = Object.keys({ ...time, ...keys, ...sums }).join(', ');
  const names = Object.keys(keys).join(', ');
  const summed = Object.entries(sums).map(([column, type]) => {
    const merge = /\((\w+),/.exec(type)?.[1] as string;
    return `  ${merge}(finer.${column}) AS ${column}`;
  });
  return [
    `DROP VIEW IF EXISTS ${to}_view`,
    `DROP TABLE IF EXISTS ${to}`,
    `CREATE TABLE IF NOT EXISTS ${to} (
${columns.join(',\n')}
) ENGINE = AggregatingMergeTree
PARTITION BY ${partition}
ORDER BY (time, ${names})
SETTINGS ${tableSettings}, index_granularity = 1024, merge_selector_base = 12, vertical_merge_algorithm_min_rows_to_activate = 1`,
    `INSERT INTO ${to} (${all}) SELECT ${all} FROM ${from}`,
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${to}_view TO ${to} AS
SELECT
  finer.time AS time,
  ${names},
${summed.join(',\n')}
FROM ${from} AS finer
GROUP BY time, ${names}`,
  ];
}

const hours = { from: 'path_hours', partition: 'toDate(time)' } as const;
const days = { from: 'path_days', partition: 'toStartOfMonth(time)' } as const;
const operation = { keys: operationKeys, sums: operationSums } as const;
const instance = { keys: instanceKeys, sums: instanceSums } as const;

const withHistograms = ['path_hours', 'path_days', 'edge_hours', 'edge_days', 'service_hours'] as const;

/**
 * What services do, whoever needed it and wherever it ran: a path has a row for each API, version and instance, and a question that asks for
 * none of them reads a fourth of the rows here, of a real system fewer. And which instances and hosts each service had, whatever they did.
 */
export const operations: Migration = {
  version: 12,
  name: 'operations',
  statements: [
    ...withHistograms.map((one) => `ALTER TABLE ${one} MODIFY COLUMN hist ${quickHistogram}`),
    ...derived({ to: 'operation_hours', ...hours, ...operation }),
    ...derived({ to: 'operation_days', ...days, ...operation }),
    ...derived({ to: 'instance_hours', ...hours, ...instance }),
    ...derived({ to: 'instance_days', ...days, ...instance }),
  ],
};
