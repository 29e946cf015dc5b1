/** The columns of an answer in FORMAT Native, all blocks of it as one. */
export interface NativeAnswer {
  readonly rows: number;
  uint8(name: string): Uint8Array;
  uint16(name: string): Uint16Array;
  uint32(name: string): Uint32Array;
  float64(name: string): Float64Array;
  /** Two words a row, the low one first. */
  words(name: string): Uint32Array;
  /** So many bytes a row. */
  fixed(name: string): Uint8Array;
  /** What `texts` numbers: a number a row. */
  texts(name: string): Uint32Array;
  /** As they are, one a row. */
  strings(name: string): string[];
  /** FixedString elements of arrays: where those of each row end, and their bytes. */
  fixedArrays(name: string): { readonly ends: Float64Array; readonly bytes: Uint8Array };
}

/** Numbers texts from 1; the empty text is 0. */
export interface TextNumbers {
  numberOf(text: string): number;
}

type Part =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'strings'; readonly strings: readonly string[] }
  | { readonly kind: 'texts'; readonly numbers: Uint32Array }
  | { readonly kind: 'arrays'; readonly ends: Float64Array; readonly bytes: Uint8Array };

const widths: Readonly<Record<string, number>> = { UInt8: 1, UInt16: 2, UInt32: 4, Float64: 8, UInt64: 8 };

/** Reads these types: UInt8, UInt16, UInt32, UInt64, Float64, FixedString, String, LowCardinality(String), Array(FixedString). Throws for any other. */
export function readNative(bytes: Uint8Array, texts: TextNumbers): NativeAnswer {
  const source = new Source(bytes);
  const parts = new Map<string, Part[]>();
  let total = 0;
  while (!source.ended) {
    const columns = source.varint();
    const rows = source.varint();
    total += rows;
    for (let column = 0; column < columns; column++) {
      const name = source.text();
      const part = readPart(source, source.text(), rows, texts);
      const before = parts.get(name);
      if (before === undefined) parts.set(name, [part]);
      else before.push(part);
    }
  }
  const bytesOf = (name: string): Uint8Array =>
    joined((parts.get(name) ?? []).map((part) => ('bytes' in part ? part.bytes : new Uint8Array())));
  return {
    rows: total,
    uint8: bytesOf,
    uint16: (name) => new Uint16Array(bytesOf(name).buffer),
    float64: (name) => new Float64Array(bytesOf(name).buffer),
    uint32: (name) => new Uint32Array(bytesOf(name).buffer),
    words: (name) => new Uint32Array(bytesOf(name).buffer),
    fixed: bytesOf,
    strings: (name) =>
      (parts.get(name) ?? []).flatMap((part) => {
        if (part.kind !== 'strings') throw new TypeError(`${name} has no strings`);
        return part.strings;
      }),
    texts(name) {
      const numbers = new Uint32Array(total);
      let at = 0;
      for (const part of parts.get(name) ?? []) {
        if (part.kind !== 'texts') throw new TypeError(`${name} has no texts`);
        numbers.set(part.numbers, at);
        at += part.numbers.length;
      }
      return numbers;
    },
    fixedArrays(name) {
      const ends = new Float64Array(total);
      let at = 0;
      let elements = 0;
      for (const part of parts.get(name) ?? []) {
        if (part.kind !== 'arrays') throw new TypeError(`${name} has no arrays`);
        for (let row = 0; row < part.ends.length; row++) ends[at++] = elements + (part.ends[row] as number);
        elements += part.ends.at(-1) ?? 0;
      }
      return { ends, bytes: bytesOf(name) };
    },
  };
}

function readPart(source: Source, type: string, rows: number, texts: TextNumbers): Part {
  const fixed = /^FixedString\((\d+)\)$/.exec(type)?.[1];
  const width = fixed === undefined ? widths[type] : Number(fixed);
  if (width !== undefined) return { kind: 'bytes', bytes: source.take(rows * width) };
  if (type === 'LowCardinality(String)') return { kind: 'texts', numbers: readTexts(source, rows, texts) };
  if (type === 'String') return { kind: 'strings', strings: Array.from({ length: rows }, () => source.text()) };
  const element = /^Array\(FixedString\((\d+)\)\)$/.exec(type)?.[1];
  if (element === undefined) throw new TypeError(`a column of ${type} cannot be read`);
  const words = new Uint32Array(source.take(rows * 8).buffer);
  const ends = new Float64Array(rows);
  for (let row = 0; row < rows; row++) ends[row] = (words[row * 2] as number) + (words[row * 2 + 1] as number) * 2 ** 32;
  return { kind: 'arrays', ends, bytes: source.take((ends.at(-1) ?? 0) * Number(element)) };
}

/** SerializationLowCardinality: a version, the type of the indexes, the block's own dictionary, the indexes; without rows nothing at all. */
function readTexts(source: Source, rows: number, texts: TextNumbers): Uint32Array {
  if (rows === 0) return new Uint32Array();
  source.take(8);
  const width = 2 ** (source.take(8)[0] as number);
  const numbers = new Uint32Array(source.word64());
  for (let key = 0; key < numbers.length; key++) numbers[key] = texts.numberOf(source.text());
  source.word64();
  const indexes = source.take(rows * width);
  const narrow = width === 1 ? indexes : width === 2 ? new Uint16Array(indexes.buffer) : new Uint32Array(indexes.buffer);
  const found = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) found[row] = numbers[narrow[row] as number] as number;
  return found;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

class Source {
  readonly #bytes: Buffer;
  #at = 0;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('an answer was cut');
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const length = this.varint();
    if (length === 0) return '';
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('an answer was cut');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }

  word64(): number {
    return Number(new BigUint64Array(this.take(8).buffer)[0]);
  }

  /** A copy: a view of wider numbers needs a start of its own. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.#bytes.subarray(this.#at, this.#at + length));
    if (taken.length !== length) throw new RangeError('an answer was cut');
    this.#at += length;
    return taken;
  }
}
