import { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';
import { UInt32Column } from './fixed-width.ts';
import { replaceInvalidUtf8 } from './utf8.ts';

/** String: each value as its length (LEB128) and its bytes. */
export class StringColumn implements Column {
  #data = new ByteBuffer();
  /** Where each value ends in `#data`. */
  #ends = new UInt32Column();
  #marked = 0;

  get rows(): number {
    return this.#ends.rows;
  }

  get byteLength(): number {
    return this.#data.length;
  }

  push(source: DataView, start: number, end: number): void {
    const data = this.#data;
    const before = data.length;
    if (!data.string(source, start, end)) this.#replaceInvalid(before, end - start);
    this.#ends.push(data.length);
  }

  pushEmpty(): void {
    this.#data.byte(0);
    this.#ends.push(this.#data.length);
  }

  #replaceInvalid(before: number, length: number): void {
    const data = this.#data;
    const valid = replaceInvalidUtf8(data.bytes.subarray(data.length - length, data.length));
    if (valid === undefined) return;
    data.length = before;
    data.varint(valid.length);
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
