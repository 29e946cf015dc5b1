import type { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';
import { UInt64Column } from './fixed-width.ts';

/** Array(T): for each row where its elements end, then all elements as one column of T. */
export class ArrayColumn<Items extends Column> implements Column {
  readonly items: Items;
  readonly #offsets = new UInt64Column();

  constructor(items: Items) {
    this.items = items;
  }

  get rows(): number {
    return this.#offsets.rows;
  }

  get byteLength(): number {
    return this.#offsets.byteLength + this.items.byteLength;
  }

  /** Closes a row: the items appended since the last one are its elements. */
  endRow(): void {
    this.#offsets.push(this.items.rows, 0);
  }

  padTo(rows: number): void {
    const count = rows - this.rows;
    if (count > 0) this.#offsets.fill(this.rows === 0 ? 0 : this.#offsets.low(this.rows - 1), 0, count);
  }

  /** Forgets the items that belong to no row yet. */
  abandonRow(): void {
    this.truncate(this.rows);
  }

  truncate(rows: number): void {
    this.#offsets.truncate(rows);
    this.items.truncate(rows === 0 ? 0 : this.#offsets.low(rows - 1));
  }

  mark(): void {
    this.#offsets.mark();
    this.items.mark();
  }

  rollback(): void {
    this.#offsets.rollback();
    this.items.rollback();
  }

  writePrefix(out: ByteBuffer): void {
    this.items.writePrefix(out);
  }

  writeData(out: ByteBuffer): void {
    this.#offsets.writeData(out);
    this.items.writeData(out);
  }

  clear(): void {
    this.#offsets.clear();
    this.items.clear();
  }
}
