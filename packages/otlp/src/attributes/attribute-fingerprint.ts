import { Fingerprint } from '../fingerprint.ts';
import { ByteBuffer } from '../native/byte-buffer.ts';
import type { Reader } from '../protobuf/reader.ts';
import { KeyValue } from './key-value.ts';
import { tooDeep, writeValueText } from './value-text.ts';

/**
 * Folds attributes into one 64-bit value that does not depend on their order: the sum of each pair's own fingerprint. The value counts
 * as its text and kind, so that protobuf and JSON agree however they wrote it.
 */
export class AttributeFingerprint {
  low = 0;
  high = 0;
  readonly #pair = new Fingerprint();
  readonly #keyValue = new KeyValue();
  readonly #text = new ByteBuffer();

  start(): void {
    this.low = 0;
    this.high = 0;
  }

  /** The KeyValue from `reader.pos` to `end`. False where its value is nested too deep. */
  add(reader: Reader, end: number): boolean {
    this.#keyValue.read(reader, end);
    const { keyStart, keyEnd, valueEnd } = this.#keyValue;
    const pair = this.#pair.start().bytes(reader.view, keyStart, keyEnd);
    this.#text.clear();
    const kind = writeValueText(reader, valueEnd, this.#text);
    reader.pos = end;
    pair.word(kind).bytes(this.#text.view, 0, this.#text.length).finish();
    this.low = (this.low + pair.low) >>> 0;
    this.high = (this.high + pair.high) >>> 0;
    return kind !== tooDeep;
  }
}
