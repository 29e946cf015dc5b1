import { tables } from '@sonde/otlp';
import { settledColumns } from '../schema/0008-settled-rollups.ts';
import { EngineUnusable } from './errors.ts';
import type { Budget, LoadedTable, SubqueryScope } from './types.ts';

/** A reply is text in this process, and V8 has no string of more than 512 MB. */
export const replyBytesMax = 268_435_456;

/** What a reader's statement may cost, and how its numbers are written, as ClickHouse settings. */
export function readSettings(budget: Budget): Record<string, number | string> {
  return {
    max_execution_time: budget.timeMs / 1000,
    timeout_overflow_mode: 'throw',
    max_memory_usage: budget.memoryBytes,
    max_rows_to_read: budget.rowsMax,
    // Rollups are small and rich: two processors share 30,000 rows of histograms, where the defaults would leave them to one.
    merge_tree_min_rows_for_concurrent_read: 16_384,
    merge_tree_min_bytes_for_concurrent_read: 1_048_576,
    read_overflow_mode: 'throw',
    // A larger set of ids has one in nearly every granule, and to look each up in the key takes longer than to read (bench query).
    use_index_for_in_with_subqueries_max_values: 20_000,
    // What is asked again, as every page does that refreshes itself, need not be decompressed again: half of its time (bench query). What reads
    // more than a million rows does not fill the cache (merge_tree_max_rows_to_use_cache).
    use_uncompressed_cache: 1,
    // Our questions are short: compiling them, some 80 ms when one is asked for the fourth time, never paid for itself (bench query).
    compile_expressions: 0,
    compile_aggregate_expressions: 0,
    compile_sort_description: 0,
    // What does not fit in memory is over the budget; nothing goes to a disk that may have no room for it.
    max_bytes_before_external_group_by: 0,
    max_bytes_before_external_sort: 0,
    output_format_json_quote_64bit_integers: 1,
    output_format_json_quote_denormals: 0,
  };
}

/**
 * How files are loaded. The deduplication token covers a set of files only if the set is cut into the same blocks each time, so one
 * thread reads them in order and nothing is cut below the size of a load; views see the same blocks and are deduplicated with them.
 */
export function loadSettings(token: string): Record<string, number | string> {
  return {
    insert_deduplicate: 1,
    insert_deduplication_token: token,
    deduplicate_blocks_in_dependent_materialized_views: 1,
    async_insert: 0,
    max_threads: 1,
    max_insert_threads: 1,
    min_insert_block_size_rows: 16_000_000,
    min_insert_block_size_bytes: 1_073_741_824,
    max_partitions_per_insert_block: 0,
  };
}

/** What a question to a cluster needs beside that. */
export function clusterReadSettings(subqueries: SubqueryScope): Record<string, number | string> {
  return {
    distributed_product_mode: subqueries === 'all' ? 'global' : 'local',
    // A trace by its id is asked of the one shard that has it.
    optimize_skip_unused_shards: 1,
    // A replica that is further behind than this is not asked while its shard has another.
    max_replica_delay_for_distributed_queries: 10,
  };
}

/** A load is done when each shard has stored its part under the load's token: never queued on the server that took it. */
export const clusterLoadSettings: Readonly<Record<string, number | string>> = {
  distributed_foreground_insert: 1,
  prefer_localhost_replica: 1,
};

/** A change of the schema waits for every server, for less long than its connection may be silent, and fails where one did not do it. */
export const clusterDdlSettings: Readonly<Record<string, number | string>> = {
  distributed_ddl_task_timeout: 60,
  distributed_ddl_output_mode: 'throw',
  distributed_foreground_insert: 1,
};

/** What a statement of maintenance needs on a cluster. */
export function clusterMaintenanceSettings(sql: string): Record<string, number | string> {
  return {
    ...clusterDdlSettings,
    // A partition goes with one replica of each shard; the others follow, those that are away when they are back.
    ...(/\bDROP PARTITION\b/.test(sql) && { distributed_ddl_output_mode: 'null_status_on_timeout' }),
    distributed_product_mode: 'global',
    max_replica_delay_for_distributed_queries: 10,
    // What is deleted is told by a subquery. What it reads is on all replicas before (retention/thin-day.ts).
    allow_nondeterministic_mutations: 1,
    // The same judgement may be written again after it was removed.
    insert_deduplicate: 0,
  };
}

/** The columns of a table's files, as `INSERT` names them, and their types, as a table function is told them. */
export function fileColumns(table: LoadedTable): { readonly names: string; readonly structure: string } {
  const columns: Readonly<Record<string, string>> = { ...tables, ...settledColumns }[table];
  const structure = Object.entries(columns).map(([name, type]) => `${name} ${wireType(type)}`);
  return { names: Object.keys(columns).join(', '), structure: structure.join(', ') };
}

/** Of a stored type: without codec, and without what merges its rows. */
export function wireType(type: string): string {
  return type.replace(/ CODEC\(.*\)$/, '').replace(/^SimpleAggregateFunction\(\w+, (.*)\)$/, '$1');
}

/** What an insert selects from its files: their columns, and the second in which they became visible where it is given. */
export function insertSelect(table: LoadedTable, source: string, loadedAt: number | undefined, settings: string): string {
  const { names } = fileColumns(table);
  if (loadedAt === undefined) return `INSERT INTO ${table} (${names}) ${settings} SELECT ${names} FROM ${source}`;
  const stamp = `toDateTime(${Math.trunc(loadedAt)}, 'UTC')`;
  return `INSERT INTO ${table} (${names}, loaded_at) ${settings} SELECT ${names}, ${stamp} FROM ${source}`;
}

/** A project's database. It becomes part of a statement, so it is an identifier or nothing. */
export function checkDatabaseName(database: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(database)) {
    throw new EngineUnusable(`The database name ${JSON.stringify(database)} must be letters, digits and underscores.`);
  }
}

/** A name in a server's `remote_servers`. It becomes part of statements, so it is one of these or nothing. */
export function isClusterName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(text);
}

/** The oldest engine that the schema is known to work on: the version that the tests run. */
const versionMin = [26, 7] as const;

export function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > versionMin[0] || (major === versionMin[0] && minor >= versionMin[1])) return;
  throw new EngineUnusable(`ClickHouse ${version} is too old: Sonde needs ${versionMin.join('.')} or newer.`);
}
