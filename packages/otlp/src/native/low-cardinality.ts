import type { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';
import { Dictionary } from './dictionary.ts';
import { UInt32Column } from './fixed-width.ts';

/** SerializationLowCardinality in ClickHouse: version 1, the keys travel with the block, and there are additional keys. */
const sharedDictionariesWithAdditionalKeys = 1;
const hasAdditionalKeys = 1 << 9;
const needsDictionaryUpdate = 1 << 10;

/** LowCardinality(String): the distinct texts once, and for each row the number of its text in the narrowest integer that holds it. */
export class LowCardinalityColumn implements Column {
  readonly #dictionary = new Dictionary();
  readonly #indexes = new UInt32Column();

  get rows(): number {
    return this.#indexes.rows;
  }

  get byteLength(): number {
    return this.#dictionary.data.length + this.rows * this.#indexWidth() + 32;
  }

  push(source: DataView, start: number, end: number): void {
    this.#indexes.push(this.#dictionary.indexOf(source, start, end));
  }

  /** As `push`, for texts that tend to come in the same order each time: the keys of attributes. Answers the text's number. */
  pushNext(source: DataView, start: number, end: number): number {
    const index = this.#dictionary.indexOfNext(source, start, end);
    this.#indexes.push(index);
    return index;
  }

  /** Has each text classified once, when it is new; `classOf` its number is the answer. */
  classifyWith(classify: Dictionary['classify']): void {
    this.#dictionary.classify = classify;
  }

  classOf(index: number): number {
    return this.#dictionary.classOf(index);
  }

  pushEmpty(): void {
    this.#indexes.push(0);
  }

  /** The number of a text, for `pushIndex` and `fill`. */
  indexOf(source: DataView, start: number, end: number): number {
    return this.#dictionary.indexOf(source, start, end);
  }

  pushIndex(index: number): void {
    this.#indexes.push(index);
  }

  fill(index: number, count: number): void {
    this.#indexes.fill(index, count);
  }

  padTo(rows: number): void {
    this.#indexes.padTo(rows);
  }

  /** Appends the values from row `from` on once more, `times` times. */
  repeat(from: number, times: number): void {
    const rows = this.rows;
    for (let i = 0; i < times; i++) {
      for (let row = from; row < rows; row++) this.#indexes.push(this.#indexes.values[row] ?? 0);
    }
  }

  #indexWidth(): 1 | 2 | 4 {
    if (this.#dictionary.size <= 0x100) return 1;
    return this.#dictionary.size <= 0x10000 ? 2 : 4;
  }

  /** The dictionary keeps what only the forgotten rows used; `rollback` does not. */
  truncate(rows: number): void {
    this.#indexes.truncate(rows);
  }

  mark(): void {
    this.#indexes.mark();
    this.#dictionary.mark();
  }

  rollback(): void {
    this.#indexes.rollback();
    this.#dictionary.rollback();
  }

  writePrefix(out: ByteBuffer): void {
    out.word64(sharedDictionariesWithAdditionalKeys, 0);
  }

  writeData(out: ByteBuffer): void {
    const { rows } = this;
    if (rows === 0) return;
    const width = this.#indexWidth();
    out.word64(hasAdditionalKeys | needsDictionaryUpdate | Math.log2(width), 0);
    out.word64(this.#dictionary.size, 0);
    out.append(this.#dictionary.data.written());
    out.word64(rows, 0);
    this.#indexes.writeNarrow(out, width);
  }

  clear(): void {
    this.#indexes.clear();
    this.#dictionary.clear();
  }
}
