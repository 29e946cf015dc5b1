import type { Reader } from '../protobuf/reader.ts';

/** KeyValue: number << 3 | wire type. */
const keyTag = 0x0a;
const valueTag = 0x12;

/** Where the key and the AnyValue of a KeyValue stand in its reader's bytes; an absent one is an empty range. */
export class KeyValue {
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;

  /** The message from `reader.pos` to `end`. Leaves the reader at the start of the value. */
  read(reader: Reader, end: number): void {
    if (!this.#readUsual(reader.bytes, reader.pos, end)) this.#readAny(reader, end);
    reader.pos = this.valueStart;
  }

  /** The form that every encoder writes: key, then value, both shorter than 128 bytes. False: it is another one. */
  #readUsual(bytes: Uint8Array, pos: number, end: number): boolean {
    const keyLength = bytes[pos + 1] ?? 0x80;
    const keyStart = pos + 2;
    const keyEnd = keyStart + keyLength;
    if (bytes[pos] !== keyTag || keyLength > 0x7f || keyEnd + 2 > end || bytes[keyEnd] !== valueTag) return false;
    const valueLength = bytes[keyEnd + 1] ?? 0x80;
    if (valueLength > 0x7f || keyEnd + 2 + valueLength !== end) return false;
    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.valueStart = keyEnd + 2;
    this.valueEnd = end;
    return true;
  }

  #readAny(reader: Reader, end: number): void {
    this.keyStart = this.keyEnd = this.valueStart = this.valueEnd = end;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === keyTag) {
        this.keyEnd = reader.delimited();
        this.keyStart = reader.pos;
        reader.pos = this.keyEnd;
      } else if (tag === valueTag) {
        this.valueEnd = reader.delimited();
        this.valueStart = reader.pos;
        reader.pos = this.valueEnd;
      } else reader.skip(tag);
    }
    reader.finish(end);
  }
}
