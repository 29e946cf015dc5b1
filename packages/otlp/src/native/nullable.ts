import type { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';
import { UInt64Column, UInt8Column } from './fixed-width.ts';

/** Nullable(Float64): for each row whether it is null, then the values (0 where it is). */
export class NullableFloat64Column implements Column {
  readonly #nulls = new UInt8Column();
  readonly #values = new UInt64Column();

  get rows(): number {
    return this.#nulls.rows;
  }

  get byteLength(): number {
    return this.#nulls.byteLength + this.#values.byteLength;
  }

  /** The bits of a double. */
  push(low: number, high: number): void {
    this.#nulls.push(0);
    this.#values.push(low, high);
  }

  pushNull(): void {
    this.#nulls.push(1);
    this.#values.push(0, 0);
  }

  padTo(rows: number): void {
    while (this.rows < rows) this.pushNull();
  }

  truncate(rows: number): void {
    this.#nulls.truncate(rows);
    this.#values.truncate(rows);
  }

  mark(): void {
    this.#nulls.mark();
    this.#values.mark();
  }

  rollback(): void {
    this.#nulls.rollback();
    this.#values.rollback();
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer): void {
    this.#nulls.writeData(out);
    this.#values.writeData(out);
  }

  clear(): void {
    this.#nulls.clear();
    this.#values.clear();
  }
}
