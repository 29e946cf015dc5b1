import { MalformedError } from '../protobuf/reader.ts';
import { type ColumnType, type TableName, tables } from '../tables.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { columnReaders, type WriteRows } from './slice-column.ts';
import { SliceSource } from './slice-source.ts';

/** What bytes are that should be one block of a table in FORMAT Native. */
export type NativeBlock =
  | {
      readonly kind: 'block';
      readonly rows: number;
      /** The rows [from, to) as a block of their own. A range that is not within the rows throws RangeError. */
      slice(from: number, to: number): Uint8Array;
    }
  /** The bytes are no such block; `message` says where and why. */
  | { readonly kind: 'malformed'; readonly message: string };

interface ReadColumn {
  /** Name, type and prefix. */
  readonly head: Uint8Array;
  readonly write: WriteRows;
}

/**
 * Reads one block as `Table.take` writes it: the columns of `tables`, in that order, and nothing after them. Never throws, whatever the
 * bytes, and holds no more than a few times their size. `bytes` must not change afterwards.
 */
export function readNativeBlock(table: TableName, bytes: Uint8Array): NativeBlock {
  try {
    const source = new SliceSource(bytes);
    const types: readonly [string, ColumnType][] = Object.entries(tables[table]);
    if (source.varint() !== types.length) throw new MalformedError('not the number of columns');
    const rows = source.count(source.varint());
    const columns = types.map(([name, type]) => readColumn(source, name, type, rows));
    if (source.left > 0) throw new MalformedError(`${source.left} bytes after the block`);
    return { kind: 'block', rows, slice: (from, to) => writeSlice(columns, rows, from, to) };
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { kind: 'malformed', message: error.message };
  }
}

function readColumn(source: SliceSource, name: string, type: ColumnType, rows: number): ReadColumn {
  const start = source.position;
  for (const text of [name, type]) {
    if (Buffer.from(source.take(source.varint())).toString('latin1') !== text) throw new MalformedError(`not ${text}`);
  }
  const reader = columnReaders[type];
  const { prefix } = reader;
  // Without rows, too: what has no values still has its prefix.
  if (!source.take(prefix.length).every((byte, i) => byte === prefix[i])) throw new MalformedError(`${name}: unknown version`);
  return { head: source.bytes.subarray(start, source.position), write: reader.read(source, rows) };
}

function writeSlice(columns: readonly ReadColumn[], rows: number, from: number, to: number): Uint8Array {
  if (!(from >= 0 && from <= to && to <= rows)) throw new RangeError(`rows ${from} to ${to} of ${rows}`);
  const out = new ByteBuffer();
  out.varint(columns.length);
  out.varint(to - from);
  for (const { head, write } of columns) {
    out.append(head);
    write(from, to, out);
  }
  return out.written();
}
