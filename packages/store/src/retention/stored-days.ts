import type { StoredSignal } from '@sonde/api';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from '../query/define.ts';
import { dayMs, lastDayOf } from './days.ts';
import { signalTables, storedSignals } from './signals.ts';

export const partitionsQuery = defineQuery({
  name: 'partitions',
  params: { tables: 'Array(String)' },
  row: { tableName: 'String', partitionId: 'String', rows: 'Float64', bytes: 'Float64', modifiedMs: 'Float64' },
  sql: `
SELECT table AS tableName, partition_id AS partitionId, toFloat64(sum(part.rows)) AS rows,
  toFloat64(sum(bytes_on_disk)) AS bytes, toFloat64(toUnixTimestamp(max(modification_time))) * 1000 AS modifiedMs
FROM system.parts AS part
WHERE database = currentDatabase() AND active AND has({tables:Array(String)}, table)
GROUP BY table, partition_id
HAVING rows > 0`,
  servers: 'one of each shard',
});

/** Parts of these partitions that are on disk, those included that nobody can read any more. */
export const partsOnDiskQuery = defineQuery({
  name: 'parts-on-disk',
  params: { tables: 'Array(String)', partitions: 'Array(String)' },
  row: { parts: 'Float64' },
  sql: `
SELECT toFloat64(count()) AS parts FROM system.parts
WHERE database = currentDatabase() AND has({tables:Array(String)}, table) AND has({partitions:Array(String)}, partition_id) AND rows > 0`,
  servers: 'all that answer',
});

/** When the first and the last of the rows of a partition came in. */
function receivedQuery(table: string) {
  return defineQuery({
    name: `received-${table}`,
    params: { partition: 'String' },
    row: { firstMs: 'Float64', lastMs: 'Float64' },
    sql: `
SELECT toFloat64(toUnixTimestamp64Milli(min(received_at))) AS firstMs, toFloat64(toUnixTimestamp64Milli(max(received_at))) AS lastMs
FROM ${table} WHERE _partition_id = {partition:String}`,
  });
}

export const receivedQueries = new Map(
  Object.values(signalTables).flatMap(({ received }) => received.map((table) => [table, receivedQuery(table)] as const)),
);

export interface StoredPartition {
  readonly table: string;
  readonly partitionId: string;
  readonly rows: number;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Everything of one signal that lies in the partitions of one day. */
export interface StoredDay {
  readonly signal: StoredSignal;
  readonly day: number;
  readonly partitions: readonly StoredPartition[];
  /** Items: what is only derived from the spans beside it does not count. */
  readonly rows: number;
  readonly bytes: number;
}

export async function storedDays(engine: Engine): Promise<StoredDay[]> {
  const tables = Object.values(signalTables).flatMap((signal) => signal.tables);
  const rows = await ask(engine, partitionsQuery, { tables });
  return storedSignals.flatMap((signal) => {
    const days = new Map<number, StoredPartition[]>();
    for (const { tableName, ...partition } of rows) {
      const day = lastDayOf(partition.partitionId);
      if (day === undefined || !signalTables[signal].tables.includes(tableName)) continue;
      days.set(day, [...(days.get(day) ?? []), { table: tableName, ...partition }]);
    }
    return [...days].map(([day, partitions]) => ({
      signal,
      day,
      partitions,
      rows: sum(partitions.map(({ table, rows: items }) => (table === 'trace_ts' ? 0 : items))),
      bytes: sum(partitions.map(({ bytes }) => bytes)),
    }));
  });
}

/** Longer than its limit and this nothing waits for rows that keep coming for a day long past. */
const patienceDays = 7;

/**
 * Whether nothing came in for this day lately: what comes late is kept for a day after it came, so that whoever sends last month's
 * data can look at it. A sender whose clock stands still does not keep its day for ever.
 */
export async function isQuiet(engine: Engine, stored: StoredDay, limitDays: number, nowMs: number): Promise<boolean> {
  const since: { firstMs: number; lastMs: number }[] = [];
  for (const { table, partitionId } of stored.partitions) {
    const query = receivedQueries.get(table);
    if (query) since.push(...(await ask(engine, query, { partition: partitionId })));
  }
  if (since.length === 0)
    since.push(...stored.partitions.map(({ modifiedMs }) => ({ firstMs: modifiedMs, lastMs: modifiedMs })));
  const first = Math.min(...since.map(({ firstMs }) => firstMs));
  const last = Math.max(...since.map(({ lastMs }) => lastMs));
  return last <= nowMs - dayMs || first <= nowMs - (limitDays + patienceDays) * dayMs;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
