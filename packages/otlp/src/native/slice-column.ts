import { MalformedError } from '../protobuf/reader.ts';
import type { ColumnType } from '../tables.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import type { SliceSource } from './slice-source.ts';

/** Writes the data of the rows [from, to) of a column that was read. */
export type WriteRows = (from: number, to: number, out: ByteBuffer) => void;

/** How a type lies in a Native block. `prefix` stands before the data, the same in every block (column.ts). */
export interface ColumnReader {
  readonly prefix: Uint8Array;
  /** Walks over the data of `rows` rows. Throws MalformedError. */
  read(source: SliceSource, rows: number): WriteRows;
}

const noPrefix = new Uint8Array();
/** The version of a LowCardinality: shared dictionaries with additional keys. */
const dictionaryPrefix = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
const hasAdditionalKeys = 1 << 9;
const needsDictionaryUpdate = 1 << 10;

function fixed(width: number): ColumnReader {
  return {
    prefix: noPrefix,
    read(source, rows) {
      const data = source.take(rows * width);
      return (from, to, out) => out.append(data.subarray(from * width, to * width));
    },
  };
}

/** Where each of `rows` strings starts, and where the last one ends. */
function stringStarts(source: SliceSource, rows: number): Uint32Array {
  const starts = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    starts[row] = source.position;
    source.skip(source.varint());
  }
  starts[rows] = source.position;
  return starts;
}

const string: ColumnReader = {
  prefix: noPrefix,
  read(source, rows) {
    const starts = stringStarts(source, rows);
    return (from, to, out) => out.append(source.bytes.subarray(starts[from], starts[to]));
  },
};

/** A slice gets a dictionary of its own: the empty string and what its rows use, so that a row carries nothing of its neighbours. */
const lowCardinality: ColumnReader = {
  prefix: dictionaryPrefix,
  read(source, rows) {
    // Without values there is no dictionary either.
    if (rows === 0) return () => undefined;
    const flags = source.word64();
    const width = 2 ** (flags % 256);
    if (width > 4 || flags - (flags % 256) !== hasAdditionalKeys + needsDictionaryUpdate) {
      throw new MalformedError(`a dictionary of the kind ${flags}`);
    }
    const size = source.count(source.word64());
    const starts = stringStarts(source, size);
    if (source.word64() !== rows) throw new MalformedError('a dictionary for another number of rows');
    const indexes = readIndexes(source.take(rows * width), width, rows);
    if (indexes.some((index) => index >= size)) throw new MalformedError('a row beyond its dictionary');
    return (from, to, out) => {
      if (from === to) return;
      const numbers = new Map([[0, 0]]);
      for (const index of indexes.subarray(from, to)) if (!numbers.has(index)) numbers.set(index, numbers.size);
      const kind = numbers.size <= 0x100 ? 0 : numbers.size <= 0x10000 ? 1 : 2;
      out.word64(hasAdditionalKeys | needsDictionaryUpdate | kind, 0);
      out.word64(numbers.size, 0);
      for (const index of numbers.keys()) out.append(source.bytes.subarray(starts[index], starts[index + 1]));
      out.word64(to - from, 0);
      const values = Uint32Array.from(indexes.subarray(from, to), (index) => numbers.get(index) ?? 0);
      const written = kind === 0 ? new Uint8Array(values) : kind === 1 ? new Uint16Array(values) : values;
      out.append(new Uint8Array(written.buffer, written.byteOffset, written.byteLength));
    };
  },
};

function readIndexes(bytes: Uint8Array, width: number, rows: number): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const indexes = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    indexes[row] =
      width === 1 ? view.getUint8(row) : width === 2 ? view.getUint16(row * 2, true) : view.getUint32(row * 4, true);
  }
  return indexes;
}

/** An array, and a map, which is an array of keys and one of values: where each row ends, then all elements. */
function arrayOf(...parts: readonly ColumnReader[]): ColumnReader {
  const prefix = parts.find((part) => part.prefix.length > 0)?.prefix ?? noPrefix;
  return {
    prefix,
    read(source, rows) {
      const ends = new Uint32Array(rows + 1);
      for (let row = 1; row <= rows; row++) {
        const end = source.count(source.word64());
        if (end < (ends[row - 1] ?? 0)) throw new MalformedError('an array that ends before it starts');
        ends[row] = end;
      }
      const writers = parts.map((part) => part.read(source, ends[rows] ?? 0));
      return (from, to, out) => {
        const start = ends[from] ?? 0;
        for (let row = from + 1; row <= to; row++) out.word64((ends[row] ?? 0) - start, 0);
        for (const write of writers) write(start, ends[to] ?? 0, out);
      };
    },
  };
}

function nullable(values: ColumnReader): ColumnReader {
  return {
    prefix: values.prefix,
    read(source, rows) {
      const writers = [fixed(1).read(source, rows), values.read(source, rows)];
      return (from, to, out) => writers.forEach((write) => write(from, to, out));
    },
  };
}

const map = arrayOf(lowCardinality, string);

export const columnReaders: { readonly [Type in ColumnType]: ColumnReader } = {
  UInt8: fixed(1),
  UInt16: fixed(2),
  UInt32: fixed(4),
  UInt64: fixed(8),
  Int32: fixed(4),
  Int64: fixed(8),
  Float64: fixed(8),
  'Nullable(Float64)': nullable(fixed(8)),
  'DateTime64(3)': fixed(8),
  'DateTime64(9)': fixed(8),
  'FixedString(8)': fixed(8),
  'FixedString(16)': fixed(16),
  String: string,
  'LowCardinality(String)': lowCardinality,
  'Map(LowCardinality(String), String)': map,
  'Array(UInt32)': arrayOf(fixed(4)),
  'Array(UInt64)': arrayOf(fixed(8)),
  'Array(Float64)': arrayOf(fixed(8)),
  'Array(DateTime64(9))': arrayOf(fixed(8)),
  'Array(FixedString(8))': arrayOf(fixed(8)),
  'Array(FixedString(16))': arrayOf(fixed(16)),
  'Array(String)': arrayOf(string),
  'Array(LowCardinality(String))': arrayOf(lowCardinality),
  'Array(Map(LowCardinality(String), String))': arrayOf(map),
};
