import { appendString } from '../json/strings.ts';
import type { JsonScanner } from '../json/scanner.ts';
import type { ByteBuffer } from '../native/byte-buffer.ts';
import { closeMessage, openMessage, varint64 } from '../protobuf/writer.ts';
import { tags } from './fields.ts';

const { anyValue, keyValue } = tags;

/** Writes attributes: KeyValue messages in a field of `out`. */
export class KeyValues {
  readonly #out: ByteBuffer;
  readonly #scratch: ByteBuffer;

  constructor(out: ByteBuffer, scratch: ByteBuffer) {
    this.#out = out;
    this.#scratch = scratch;
  }

  /** The value is the string that was read last. */
  string(tag: number, key: Uint8Array, json: JsonScanner): void {
    this.closeString(this.#open(tag, key), json);
  }

  /** The key is the string that was read last; `closeString` writes the value. */
  openString(tag: number, json: JsonScanner): number {
    const at = openMessage(this.#out, tag);
    this.#out.varint(keyValue.key);
    appendString(json, this.#out, this.#scratch);
    return at;
  }

  closeString(at: number, json: JsonScanner): void {
    const value = openMessage(this.#out, keyValue.value);
    this.#out.varint(anyValue.string);
    appendString(json, this.#out, this.#scratch);
    closeMessage(this.#out, value);
    closeMessage(this.#out, at);
  }

  true(tag: number, key: Uint8Array): void {
    this.#varint(tag, key, anyValue.bool, 1, 0);
  }

  integer(tag: number, key: Uint8Array, low: number, high: number): void {
    this.#varint(tag, key, anyValue.int, low, high);
  }

  #varint(tag: number, key: Uint8Array, type: number, low: number, high: number): void {
    const at = this.#open(tag, key);
    const value = openMessage(this.#out, keyValue.value);
    this.#out.varint(type);
    varint64(this.#out, low, high);
    closeMessage(this.#out, value);
    closeMessage(this.#out, at);
  }

  #open(tag: number, key: Uint8Array): number {
    const at = openMessage(this.#out, tag);
    this.#out.varint(keyValue.key);
    this.#out.varint(key.length);
    this.#out.append(key);
    return at;
  }
}
