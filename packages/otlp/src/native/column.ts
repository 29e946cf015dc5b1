import type { ByteBuffer } from './byte-buffer.ts';

/**
 * One column of a Native block while it is filled.
 *
 * In FORMAT Native a column is: name, type, then its data; the data of a type with inner dictionaries starts with a prefix (a version
 * for each LowCardinality in it), before anything else of the column. A column without values writes no data, only its prefix.
 */
export interface Column {
  readonly rows: number;
  /** Appends default values (zero, empty) until there are `rows`. A column that is filled only where a row has something for it uses it. */
  padTo(rows: number): void;
  /** About how many bytes it will write. */
  readonly byteLength: number;
  /** Forgets the values from `rows` on; there must be that many. */
  truncate(rows: number): void;
  /** Remembers this state, for one `rollback`. */
  mark(): void;
  rollback(): void;
  writePrefix(out: ByteBuffer): void;
  writeData(out: ByteBuffer): void;
  clear(): void;
}
