import { bytesOf, rowsOf, type SpoolSet } from '../spool/spool-set.ts';

/**
 * What one load may hold. Small enough that the engine makes one block of each table, for a token covers an insert block by
 * block, and that a load keeps within a fraction of the engine's memory.
 */
export interface LoadLimits {
  readonly setsMax: number;
  readonly rowsMax: number;
  readonly bytesMax: number;
}

/** How many of the oldest sets fit into one load; at least one, whatever its size. */
export function countForOneLoad(waiting: readonly SpoolSet[], limits: LoadLimits): number {
  let rows = 0;
  let bytes = 0;
  for (const [count, set] of waiting.entries()) {
    rows += rowsOf(set);
    bytes += bytesOf(set);
    if (count > 0 && (count >= limits.setsMax || rows > limits.rowsMax || bytes > limits.bytesMax)) return count;
  }
  return waiting.length;
}
