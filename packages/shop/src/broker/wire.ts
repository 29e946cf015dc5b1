/** The data types of AMQP 0-9-1 (specification 4.2.5): big-endian integers, short and long strings, packed bits, field tables. */

/** Reads the arguments of one method in order. A `RangeError` past the end means that the frame lied about its content. */
export class FieldReader {
  readonly #bytes: Buffer;
  #offset: number;

  constructor(bytes: Buffer, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  octet(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  short(): number {
    return this.#bytes.readUInt16BE(this.#advance(2));
  }

  long(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  /** Delivery tags count up from 1 and never leave the exact range of a number. */
  longLong(): number {
    return Number(this.#bytes.readBigUInt64BE(this.#advance(8)));
  }

  shortString(): string {
    return this.#take(this.octet()).toString('utf8');
  }

  /** Bytes of a long string or, undecoded, of a field table: both are prefixed with their length. */
  longBytes(): Buffer {
    return this.#take(this.long());
  }

  #take(bytes: number): Buffer {
    const start = this.#advance(bytes);
    if (start + bytes > this.#bytes.length)
      throw new RangeError(`${bytes} bytes announced, ${this.#bytes.length - start} left`);
    return this.#bytes.subarray(start, start + bytes);
  }

  #advance(bytes: number): number {
    const start = this.#offset;
    this.#offset += bytes;
    return start;
  }
}

export const octet = (value: number): Buffer => Buffer.of(value);

export function short(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function long(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function longLong(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export function shortString(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([octet(bytes.length), bytes]);
}

export function longString(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([long(bytes.length), bytes]);
}

export interface FieldTable {
  readonly [key: string]: string | boolean | FieldTable;
}

/** A field table of the three types that a server announces itself with: `S`, `t` and `F`. */
export function table(fields: FieldTable): Buffer {
  const entries = Object.entries(fields).map(([key, value]) => Buffer.concat([shortString(key), fieldValue(value)]));
  const bytes = Buffer.concat(entries);
  return Buffer.concat([long(bytes.length), bytes]);
}

function fieldValue(value: string | boolean | FieldTable): Buffer {
  if (typeof value === 'string') return Buffer.concat([Buffer.from('S'), longString(value)]);
  if (typeof value === 'boolean') return Buffer.concat([Buffer.from('t'), octet(value ? 1 : 0)]);
  return Buffer.concat([Buffer.from('F'), table(value)]);
}
