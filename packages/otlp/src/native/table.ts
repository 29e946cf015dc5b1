import { type ColumnType, type TableName, tables } from '../tables.ts';
import type { NativeTable } from '../types.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';
import { type ColumnOf, createColumn } from './create-column.ts';

type Columns<Name extends TableName> = {
  readonly [Key in keyof (typeof tables)[Name]]: (typeof tables)[Name][Key] extends ColumnType
    ? ColumnOf<(typeof tables)[Name][Key]>
    : never;
};

/**
 * The columns of one table, by name and typed by `tables`, and all of them together as one Native block. The first column has every row;
 * the others may lag behind where they have nothing but defaults to hold (`padTo`), until the table is taken.
 */
export interface Table<Name extends TableName = TableName> {
  readonly columns: Columns<Name>;
  readonly rows: number;
  readonly byteLength: number;
  mark(): void;
  rollback(): void;
  /** Forgets the rows from `rows` on. */
  truncate(rows: number): void;
  clear(): void;
  /** The rows as one block of FORMAT Native; empties the table. */
  take(): NativeTable;
  /** Takes back the memory of the block that was taken last, if it is among these. */
  recycle(taken: readonly NativeTable[]): void;
}

export function createTable<Name extends TableName>(name: Name): Table<Name> {
  const all: { readonly name: string; readonly type: ColumnType; readonly column: Column }[] = Object.entries(tables[name]).map(
    ([column, type]: [string, ColumnType]) => ({ name: column, type, column: createColumn[type]() }),
  );
  const first = all[0]?.column;
  const entries: unknown[][] = all.map(({ name: column, column: writer }) => [column, writer]);
  const columns: Columns<Name> = Object.fromEntries(entries);

  let spare: ByteBuffer | undefined;
  let lent: ByteBuffer | undefined;

  function bytesHeld(): number {
    let sum = 0;
    for (const { column } of all) sum += column.byteLength;
    return sum;
  }

  return {
    columns,
    get rows() {
      return first?.rows ?? 0;
    },
    get byteLength() {
      return bytesHeld();
    },
    mark() {
      for (const { column } of all) column.mark();
    },
    rollback() {
      for (const { column } of all) column.rollback();
    },
    truncate(rows) {
      for (const { column } of all) column.truncate(rows);
    },
    clear() {
      for (const { column } of all) column.clear();
    },
    take() {
      const rows = first?.rows ?? 0;
      const out = spare ?? new ByteBuffer();
      [spare, lent] = [undefined, out];
      out.reserve(bytesHeld() + all.length * 128);
      out.varint(all.length);
      out.varint(rows);
      for (const { name: columnName, type, column } of all) {
        column.padTo(rows);
        if (column.rows !== rows) throw new Error(`${name}.${columnName} has ${column.rows} rows, the table ${rows}`);
        out.varint(columnName.length);
        out.ascii(columnName);
        out.varint(type.length);
        out.ascii(type);
        column.writePrefix(out);
        column.writeData(out);
        column.clear();
      }
      return { table: name, rows, bytes: out.written() };
    },
    recycle(taken) {
      if (!lent || !taken.some(({ bytes }) => bytes.buffer === lent?.bytes.buffer)) return;
      [spare, lent] = [lent, undefined];
      spare.clear();
    },
  };
}
