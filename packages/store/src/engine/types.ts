import type { TableName } from '@sonde/otlp';
import type { Lane } from './pool.ts';
import type { settledColumns } from '../schema/0008-settled-rollups.ts';

/** What one question may cost before the engine gives up on it. */
export interface Budget {
  readonly timeMs: number;
  readonly memoryBytes: number;
  /** Rows read from tables. */
  readonly rowsMax: number;
  /** `quick`: finds what it needs by an index, whatever the range. It does not wait behind those that read a range. Default common. */
  readonly lane?: Lane;
}

/** What files may be loaded into: what the decoder writes, and what the settler does. */
export type LoadedTable = TableName | keyof typeof settledColumns;

/**
 * Whose rows a subquery over a table sees on a cluster. `all`: those of every shard, collected once and sent to each. `own shard`: those
 * that lie beside the rows it is asked for, which is the same, and costs nothing, where both sides are of one trace or of one series
 * (schema/on-cluster.ts). A subquery within such a question that needs all of them says GLOBAL. One machine has one shard.
 */
export type SubqueryScope = 'all' | 'own shard';

/**
 * ClickHouse, wherever it runs. One database (a project) per engine; no SQL names it.
 *
 * Readers and the writer have sessions of their own, so that a slow question never holds up a load
 * (one chDB session runs one statement at a time).
 */
export interface Engine {
  readonly kind: 'embedded' | 'server';
  /** The engine's own version, as `SELECT version()` answers. */
  readonly version: string;
  /** Over which its tables are laid; undefined on one machine. What reads tables of the system has to know (query/across-servers.ts). */
  readonly cluster?: string | undefined;
  /** Runs one SELECT. Values reach it only as `{name:Type}`. Throws QueryBudgetExceeded, or the engine's error. `subqueries`: default `all`. */
  query<Row>(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    budget: Budget,
    subqueries?: SubqueryScope,
  ): Promise<Row[]>;
  /** The same, as blocks of FORMAT Native one after another: columns, for who has no use for rows. */
  queryNative(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    budget: Budget,
    subqueries?: SubqueryScope,
  ): Promise<Uint8Array>;
  /** Runs a statement without a result (DDL) on the writer's session. */
  command(sql: string): Promise<void>;
  /**
   * Runs one statement of maintenance (a setting, a partition to drop) beside the writer's session, so that it never holds up a load. On a
   * cluster, on every shard (schema/maintenance-on-cluster.ts).
   * Values reach it only as `{name:Type}`.
   */
  maintain(sql: string, params?: Readonly<Record<string, unknown>>): Promise<void>;
  /**
   * Loads immutable files of `FORMAT Native` into one table as one insert. Loading the same files again under the same token
   * stores nothing twice, in the table or in what is derived from it. `loadedAt`, Unix seconds: of the spans, where it is known.
   */
  insertFiles(table: LoadedTable, absolutePaths: readonly string[], token: string, loadedAt?: number): Promise<void>;
  close(): Promise<void>;
}
