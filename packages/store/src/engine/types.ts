import type { TableName } from '@sonde/otlp';
import type { Lane } from './pool.ts';

/** What one question may cost before the engine gives up on it. */
export interface Budget {
  readonly timeMs: number;
  readonly memoryBytes: number;
  /** Rows read from tables. */
  readonly rowsMax: number;
  /** `quick`: finds what it needs by an index, whatever the range. It does not wait behind those that read a range. Default common. */
  readonly lane?: Lane;
}

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
  /** Runs one SELECT. Values reach it only as `{name:Type}`. Throws QueryBudgetExceeded, or the engine's error. */
  query<Row>(sql: string, params: Readonly<Record<string, unknown>>, budget: Budget): Promise<Row[]>;
  /** Runs a statement without a result (DDL) on the writer's session. */
  command(sql: string): Promise<void>;
  /**
   * Loads immutable files of `FORMAT Native` into one table as one insert. Loading the same files again under the same token
   * stores nothing twice, in the table or in what is derived from it.
   */
  insertFiles(table: TableName, absolutePaths: readonly string[], token: string): Promise<void>;
  close(): Promise<void>;
}
