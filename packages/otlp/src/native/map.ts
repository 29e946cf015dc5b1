import type { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';
import { UInt64Column } from './fixed-width.ts';
import { LowCardinalityColumn } from './low-cardinality.ts';
import { StringColumn } from './string.ts';

/** Map(LowCardinality(String), String): in Native an array of pairs; order and duplicate keys stay. */
export class MapColumn implements Column {
  readonly keys = new LowCardinalityColumn();
  readonly values = new StringColumn();
  readonly #offsets = new UInt64Column();

  get rows(): number {
    return this.#offsets.rows;
  }

  get byteLength(): number {
    return this.#offsets.byteLength + this.keys.byteLength + this.values.byteLength;
  }

  /** Closes a row: the pairs appended since the last one are its entries. */
  endRow(): void {
    this.#offsets.push(this.values.rows, 0);
  }

  padTo(rows: number): void {
    if (rows > this.rows) this.#offsets.fill(this.#endOf(this.rows), 0, rows - this.rows);
  }

  /** Forgets the pairs that belong to no row yet. */
  abandonRow(): void {
    this.truncate(this.rows);
  }

  /** Closes `count` rows, all with the pairs appended since the last one. */
  endRows(count: number): void {
    const from = this.#endOf(this.rows);
    const entries = this.values.rows - from;
    if (entries > 0) {
      this.keys.repeat(from, count - 1);
      this.values.repeat(from, count - 1);
    }
    for (let row = 1; row <= count; row++) this.#offsets.push(from + row * entries, 0);
  }

  #endOf(rows: number): number {
    return rows === 0 ? 0 : this.#offsets.low(rows - 1);
  }

  truncate(rows: number): void {
    this.#offsets.truncate(rows);
    this.keys.truncate(this.#endOf(rows));
    this.values.truncate(this.#endOf(rows));
  }

  mark(): void {
    this.#offsets.mark();
    this.keys.mark();
    this.values.mark();
  }

  rollback(): void {
    this.#offsets.rollback();
    this.keys.rollback();
    this.values.rollback();
  }

  writePrefix(out: ByteBuffer): void {
    this.keys.writePrefix(out);
  }

  writeData(out: ByteBuffer): void {
    this.#offsets.writeData(out);
    this.keys.writeData(out);
    this.values.writeData(out);
  }

  clear(): void {
    this.#offsets.clear();
    this.keys.clear();
    this.values.clear();
  }
}
