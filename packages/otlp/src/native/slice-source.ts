import { MalformedError } from '../protobuf/reader.ts';

/** A cursor over the bytes of a Native block. Whatever they are, it reads none beyond their end: it throws MalformedError first. */
export class SliceSource {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  /** Where the next `length` bytes start. */
  skip(length: number): number {
    if (length > this.left) throw new MalformedError(`${length} bytes wanted at ${this.position}, ${this.left} left`);
    const start = this.position;
    this.position += length;
    return start;
  }

  take(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  /** LEB128 below 2^35: a length or a count. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 35; scale *= 2 ** 7) {
      const byte = this.bytes[this.skip(1)] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new MalformedError(`a length without end at ${this.position}`);
  }

  /** A UInt64 as a number; beyond 2^53 it is not exact, and larger than any size here. */
  word64(): number {
    const at = this.skip(8);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
  }

  /** Takes a count of things that take at least one byte each, so that no bytes can make us hold more than they are. */
  count(value: number): number {
    if (value > this.bytes.length) throw new MalformedError(`a count of ${value} at ${this.position}`);
    return value;
  }
}
