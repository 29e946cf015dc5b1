import { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';
import { UInt32Column } from './fixed-width.ts';
import { replaceInvalidUtf8 } from './utf8.ts';

/** String: each value as its length (LEB128) and its bytes. */
export class StringColumn implements Column {
  #data = new ByteBuffer();
  /** Where each value ends in `#data`. */
  #ends = new UInt32Column();
  #lastStart = 0;
  #marked = 0;

  get rows(): number {
    return this.#ends.rows;
  }

  get byteLength(): number {
    return this.#data.length;
  }

  /** What `lastStart` and `lastEnd` point into. */
  get view(): DataView {
    return this.#data.view;
  }

  /** Where the text of the value that was pushed last starts. */
  get lastStart(): number {
    return this.#lastStart;
  }

  get lastEnd(): number {
    return this.#data.length;
  }

  push(source: DataView, start: number, end: number): void {
    const data = this.#data;
    const before = data.length;
    const isAscii = data.string(source, start, end);
    this.#lastStart = data.length - (end - start);
    if (!isAscii) this.#replaceInvalid(before, end - start);
    this.#ends.push(data.length);
  }

  /** A whole number from 0 to 2^31 - 2, as its decimal digits. */
  pushDecimal(value: number): void {
    const data = this.#data;
    const before = data.length;
    data.byte(0);
    this.#lastStart = data.length;
    data.decimal(value);
    data.bytes[before] = data.length - this.#lastStart;
    this.#ends.push(data.length);
  }

  pushEmpty(): void {
    this.#data.byte(0);
    this.#ends.push(this.#data.length);
  }

  padTo(rows: number): void {
    const count = rows - this.rows;
    if (count <= 0) return;
    const { length } = this.#data;
    this.#data.zeros(count);
    for (let i = 1; i <= count; i++) this.#ends.push(length + i);
  }

  #replaceInvalid(before: number, length: number): void {
    const data = this.#data;
    const valid = replaceInvalidUtf8(data.bytes.subarray(data.length - length, data.length));
    if (valid === undefined) return;
    data.length = before;
    data.varint(valid.length);
    this.#lastStart = data.length;
    data.append(valid);
  }

  /** Appends the values from row `from` on once more, `times` times. */
  repeat(from: number, times: number): void {
    const start = this.#startOf(from);
    const rows = this.rows;
    const { length } = this.#data;
    for (let i = 0; i < times; i++) {
      const shift = this.#data.length - start;
      this.#data.copy(this.#data.view, start, length);
      for (let row = from; row < rows; row++) this.#ends.push(this.#startOf(row + 1) + shift);
    }
  }

  #startOf(row: number): number {
    return row === 0 ? 0 : (this.#ends.values[row - 1] ?? 0);
  }

  truncate(rows: number): void {
    this.#data.length = this.#startOf(rows);
    this.#ends.truncate(rows);
  }

  mark(): void {
    this.#marked = this.rows;
  }

  rollback(): void {
    this.truncate(this.#marked);
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer): void {
    out.append(this.#data.written());
  }

  clear(): void {
    this.#data.clear();
    this.#ends.clear();
  }
}
