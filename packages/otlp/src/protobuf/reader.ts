/** The bytes are no legal protobuf, or no legal JSON; `message` says what is wrong and where. */
export class MalformedError extends Error {}

/** Wire types of Protocol Buffers; 3 and 4 (groups) are refused: OTLP has none and they would need a stack. */
const varintType = 0;
const fixed64Type = 1;
const lengthDelimitedType = 2;
const fixed32Type = 5;

/**
 * A cursor over protobuf bytes. Reading never passes the end of the bytes; that nothing inside a message passes the message's own end
 * is checked once, when its last field was read (`finish`).
 *
 * 64-bit values come as two words, `low` and `high`, so that no BigInt is made and nothing is rounded.
 */
export class Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  pos = 0;
  /** The value that `varint64` or `fixed64` read last; both words unsigned. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array) {
    // A plain Uint8Array even where a Buffer came: the loops below then see one class.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A field's number and wire type, as they stand on the wire: number << 3 | type. */
  tag(): number {
    const tag = this.#size();
    if (tag >>> 3 === 0) this.fail('field number 0');
    return tag;
  }

  /** A tag or a length: a varint that must fit 32 bits. */
  #size(): number {
    const byte = this.bytes[this.pos];
    if (byte !== undefined && byte < 0x80) {
      this.pos++;
      return byte;
    }
    this.varint64();
    if (this.high !== 0) this.fail('a length or tag beyond 32 bits');
    return this.low;
  }

  /** The low 32 bits of a varint, unsigned: what protobuf makes of a uint32, a bool or an enum. */
  varint32(): number {
    const byte = this.bytes[this.pos];
    if (byte !== undefined && byte < 0x80) {
      this.pos++;
      return byte;
    }
    this.varint64();
    return this.low;
  }

  /** A varint of up to 10 bytes into `low` and `high`. */
  varint64(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.pos++];
      if (byte === undefined) this.fail('the bytes end inside a varint');
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    this.fail('a varint of more than 10 bytes');
  }

  bool(): boolean {
    this.varint64();
    return (this.low | this.high) !== 0;
  }

  fixed32(): number {
    const at = this.#advance(4);
    return this.view.getUint32(at, true);
  }

  /** Eight bytes into `low` and `high`. */
  fixed64(): void {
    const at = this.#advance(8);
    this.low = this.view.getUint32(at, true);
    this.high = this.view.getUint32(at + 4, true);
  }

  /** Reads a length; answers where the field that starts at `pos` ends. */
  delimited(): number {
    const length = this.#size();
    const end = this.pos + length;
    if (end > this.bytes.length) this.fail(`a field of ${length} bytes reaches beyond the end`);
    return end;
  }

  /** Goes behind a field that nobody reads. */
  skip(tag: number): void {
    switch (tag & 7) {
      case varintType:
        return this.varint64();
      case fixed64Type:
        this.#advance(8);
        return;
      case lengthDelimitedType:
        this.pos = this.delimited();
        return;
      case fixed32Type:
        this.#advance(4);
        return;
      default:
        this.fail(`wire type ${tag & 7}`);
    }
  }

  /** To be called when the fields of a message that ends at `end` were read. */
  finish(end: number): void {
    if (this.pos !== end) this.fail('a field reaches beyond the end of its message');
  }

  #advance(bytes: number): number {
    const at = this.pos;
    if (at + bytes > this.bytes.length) this.fail('the bytes end inside a field');
    this.pos = at + bytes;
    return at;
  }

  fail(what: string): never {
    throw new MalformedError(`${what}, at byte ${this.pos}`);
  }
}
