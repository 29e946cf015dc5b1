import { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';

/** FixedString(width): ids. */
export class FixedStringColumn implements Column {
  rows = 0;
  readonly width: number;
  #data = new ByteBuffer();
  #marked = 0;

  constructor(width: number) {
    this.width = width;
  }

  get byteLength(): number {
    return this.#data.length;
  }

  /** The `width` bytes at `start`. */
  push(source: DataView, start: number): void {
    this.#data.copy(source, start, start + this.width);
    this.rows++;
  }

  pushZero(): void {
    this.padTo(this.rows + 1);
  }

  padTo(rows: number): void {
    if (rows <= this.rows) return;
    this.#data.zeros((rows - this.rows) * this.width);
    this.rows = rows;
  }

  truncate(rows: number): void {
    this.rows = rows;
    this.#data.length = rows * this.width;
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
    this.rows = 0;
    this.#data.clear();
  }
}
