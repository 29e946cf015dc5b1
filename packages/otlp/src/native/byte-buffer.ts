import { limits } from '../limits.ts';

const initialBytes = 256;

/** Bytes that grow at the end. `view` covers the same memory as `bytes`; both are replaced when it grows. */
export class ByteBuffer {
  bytes: Uint8Array = new Uint8Array(initialBytes);
  view: DataView = new DataView(this.bytes.buffer);
  length = 0;

  /** Makes room for `more` bytes after `length`. */
  reserve(more: number): void {
    if (this.length + more > this.bytes.length) this.#grow(this.length + more);
  }

  #grow(needed: number): void {
    // Not zeroed: every byte is written before it is counted in `length`.
    const { buffer } = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    const bytes = new Uint8Array(buffer);
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** LEB128 of a number below 2^32: lengths and counts in Native, tags and small values in protobuf. */
  varint(value: number): void {
    this.reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  word64(low: number, high: number): void {
    this.reserve(8);
    this.view.setUint32(this.length, low, true);
    this.view.setUint32(this.length + 4, high, true);
    this.length += 8;
  }

  /** Copies a range of another view; says whether all of it was ASCII. Four bytes a step: most strings here are short. */
  copy(source: DataView, start: number, end: number): boolean {
    this.reserve(end - start);
    const { view } = this;
    let at = this.length;
    let from = start;
    let seen = 0;
    for (; from + 4 <= end; from += 4, at += 4) {
      const word = source.getInt32(from, true);
      seen |= word;
      view.setInt32(at, word, true);
    }
    for (; from < end; from++, at++) {
      const byte = source.getUint8(from);
      seen |= byte;
      view.setUint8(at, byte);
    }
    this.length = at;
    return (seen & 0x80808080) === 0;
  }

  /** A Native string: the length of a range of another view, and the range. Says whether all of it was ASCII. */
  string(source: DataView, start: number, end: number): boolean {
    const length = end - start;
    this.reserve(length + 5);
    if (length < 0x80) this.bytes[this.length++] = length;
    else this.varint(length);
    return this.copy(source, start, end);
  }

  zeros(count: number): void {
    this.reserve(count);
    this.bytes.fill(0, this.length, this.length + count);
    this.length += count;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A whole number from 0 to 2^31 - 2 in decimal digits. */
  decimal(value: number): void {
    let digits = 1;
    for (let rest = value; rest > 9; rest = (rest / 10) | 0) digits++;
    this.reserve(digits);
    let rest = value;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0;
      this.bytes[at] = 0x30 + rest - tenth * 10;
      rest = tenth;
    }
    this.length += digits;
  }

  /** A number or keyword: ASCII only. */
  ascii(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length > limits.keptBufferBytesMax) {
      this.bytes = new Uint8Array(initialBytes);
      this.view = new DataView(this.bytes.buffer);
    }
  }
}
