import { limits } from '../limits.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';

// Columns whose values all have one width. Native is little-endian, and so is every processor that Node runs on here.

const initialRows = 64;
const rowsKeptMax = limits.keptBufferBytesMax / 8;

function bytesOf(array: Uint8Array | Uint16Array | Uint32Array, elements: number): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, elements * array.BYTES_PER_ELEMENT);
}

/** UInt8 and UInt16. */
class SmallIntegerColumn<Values extends Uint8Array | Uint16Array> implements Column {
  rows = 0;
  readonly #allocate: (rows: number) => Values;
  #values: Values;
  #marked = 0;

  constructor(allocate: (rows: number) => Values) {
    this.#allocate = allocate;
    this.#values = allocate(initialRows);
  }

  get byteLength(): number {
    return this.rows * this.#values.BYTES_PER_ELEMENT;
  }

  push(value: number): void {
    if (this.rows === this.#values.length) this.#grow(this.rows * 2);
    this.#values[this.rows++] = value;
  }

  padTo(rows: number): void {
    const count = rows - this.rows;
    if (count <= 0) return;
    if (rows > this.#values.length) this.#grow(Math.max(rows, this.rows * 2));
    this.#values.fill(0, this.rows, rows);
    this.rows = rows;
  }

  #grow(capacity: number): void {
    const values = this.#allocate(capacity);
    values.set(this.#values);
    this.#values = values;
  }

  truncate(rows: number): void {
    this.rows = rows;
  }

  mark(): void {
    this.#marked = this.rows;
  }

  rollback(): void {
    this.rows = this.#marked;
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer): void {
    out.append(bytesOf(this.#values, this.rows));
  }

  clear(): void {
    this.rows = 0;
    if (this.#values.length > rowsKeptMax) this.#values = this.#allocate(initialRows);
  }
}

export class UInt8Column extends SmallIntegerColumn<Uint8Array> {
  constructor() {
    super((rows) => new Uint8Array(rows));
  }
}

export class UInt16Column extends SmallIntegerColumn<Uint16Array> {
  constructor() {
    super((rows) => new Uint16Array(rows));
  }
}

/** UInt32 and Int32: the bits are the same. */
export class UInt32Column implements Column {
  rows = 0;
  #values = new Uint32Array(initialRows);
  #marked = 0;

  get byteLength(): number {
    return this.rows * 4;
  }

  get values(): Uint32Array {
    return this.#values;
  }

  push(value: number): void {
    if (this.rows === this.#values.length) this.#grow(this.rows * 2);
    this.#values[this.rows++] = value;
  }

  fill(value: number, count: number): void {
    if (this.rows + count > this.#values.length) this.#grow(Math.max(this.rows + count, this.rows * 2));
    this.#values.fill(value, this.rows, this.rows + count);
    this.rows += count;
  }

  padTo(rows: number): void {
    if (rows > this.rows) this.fill(0, rows - this.rows);
  }

  #grow(capacity: number): void {
    const values = new Uint32Array(capacity);
    values.set(this.#values);
    this.#values = values;
  }

  truncate(rows: number): void {
    this.rows = rows;
  }

  mark(): void {
    this.#marked = this.rows;
  }

  rollback(): void {
    this.rows = this.#marked;
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer): void {
    this.writeNarrow(out, 4);
  }

  /** As integers of `width` bytes, which hold all of them. */
  writeNarrow(out: ByteBuffer, width: 1 | 2 | 4): void {
    const { rows } = this;
    const values = this.#values;
    out.reserve(rows * width);
    if (width === 4) out.bytes.set(bytesOf(values, rows), out.length);
    else if (width === 1) out.bytes.set(values.subarray(0, rows), out.length);
    else for (let row = 0; row < rows; row++) out.view.setUint16(out.length + row * 2, values[row] ?? 0, true);
    out.length += rows * width;
  }

  clear(): void {
    this.rows = 0;
    if (this.#values.length > rowsKeptMax) this.#values = new Uint32Array(initialRows);
  }
}

/** UInt64, Int64, Float64 and DateTime64 as two words of 32 bits, the low one first: no BigInt, no rounding. */
export class UInt64Column implements Column {
  rows = 0;
  #words = new Uint32Array(initialRows * 2);
  #marked = 0;

  get byteLength(): number {
    return this.rows * 8;
  }

  push(low: number, high: number): void {
    const at = this.rows * 2;
    if (at === this.#words.length) this.#grow(at * 2);
    this.#words[at] = low;
    this.#words[at + 1] = high;
    this.rows++;
  }

  fill(low: number, high: number, count: number): void {
    const start = this.rows * 2;
    const end = start + count * 2;
    if (end > this.#words.length) this.#grow(Math.max(end, this.#words.length * 2));
    const words = this.#words;
    for (let at = start; at < end; at += 2) {
      words[at] = low;
      words[at + 1] = high;
    }
    this.rows += count;
  }

  padTo(rows: number): void {
    if (rows > this.rows) this.fill(0, 0, rows - this.rows);
  }

  /** The low word of a row: offsets stay below 2^32. */
  low(row: number): number {
    return this.#words[row * 2] ?? 0;
  }

  #grow(capacity: number): void {
    const words = new Uint32Array(capacity);
    words.set(this.#words);
    this.#words = words;
  }

  truncate(rows: number): void {
    this.rows = rows;
  }

  mark(): void {
    this.#marked = this.rows;
  }

  rollback(): void {
    this.rows = this.#marked;
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer): void {
    out.append(bytesOf(this.#words, this.rows * 2));
  }

  clear(): void {
    this.rows = 0;
    if (this.#words.length > rowsKeptMax) this.#words = new Uint32Array(initialRows * 2);
  }
}
