/** A column of a Native block to be written, by its ClickHouse type. Whole numbers below 2^53 stand for UInt64. */
export type NativeColumn =
  | { readonly type: 'UInt8'; readonly values: ArrayLike<number> }
  | { readonly type: 'DateTime'; readonly values: ArrayLike<number> }
  | { readonly type: 'UInt64'; readonly values: ArrayLike<number> | BigUint64Array }
  /** `texts[values[row]]`. */
  | { readonly type: 'LowCardinality(String)'; readonly values: ArrayLike<number>; readonly texts: readonly string[] }
  /** Of each row two arrays of one length: those of row r end at `ends[r]` in `buckets` and `counts`. */
  | {
      readonly type: 'Tuple(Array(UInt16), Array(UInt64))';
      readonly ends: ArrayLike<number>;
      readonly buckets: ArrayLike<number>;
      readonly counts: ArrayLike<number>;
    };

/** One block of FORMAT Native. */
export function writeNative(rows: number, columns: Readonly<Record<string, NativeColumn>>): Uint8Array {
  const parts: Uint8Array[] = [varint(Object.keys(columns).length), varint(rows)];
  for (const [name, column] of Object.entries(columns))
    parts.push(text(name), text(column.type), ...(rows === 0 ? [] : dataOf(rows, column)));
  return Buffer.concat(parts);
}

function dataOf(rows: number, column: NativeColumn): Uint8Array[] {
  switch (column.type) {
    case 'UInt8':
      return [Uint8Array.from(column.values)];
    case 'DateTime':
      return [bytesOf(Uint32Array.from(column.values))];
    case 'UInt64':
      return [words(column.values)];
    case 'Tuple(Array(UInt16), Array(UInt64))':
      return [words(column.ends), bytesOf(Uint16Array.from(column.buckets)), words(column.ends), words(column.counts)];
    default:
      return lowCardinality(rows, column.values, column.texts);
  }
}

/** Version 1; 32-bit indexes, keys with the block, dictionary to be updated; the keys that occur; the indexes. Key 0 is the empty text. */
function lowCardinality(rows: number, values: ArrayLike<number>, texts: readonly string[]): Uint8Array[] {
  const keys = [''];
  const keyOf = new Int32Array(texts.length).fill(-1);
  const indexes = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    if (keyOf[value] === -1) keyOf[value] = texts[value] === '' ? 0 : keys.push(texts[value] as string) - 1;
    indexes[row] = keyOf[value] as number;
  }
  return [
    words([1]),
    words([2 | (1 << 9) | (1 << 10)]),
    words([keys.length]),
    Buffer.concat(keys.map(text)),
    words([rows]),
    bytesOf(indexes),
  ];
}

function words(values: ArrayLike<number> | BigUint64Array): Uint8Array {
  if (values instanceof BigUint64Array) return bytesOf(values);
  const low = new Uint32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    low[i * 2] = value;
    low[i * 2 + 1] = value / 2 ** 32;
  }
  return bytesOf(low);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, rest);
}
