import type { ColumnType } from '../tables.ts';
import { ArrayColumn } from './array.ts';
import type { Column } from './column.ts';
import { FixedStringColumn } from './fixed-string.ts';
import { UInt16Column, UInt32Column, UInt64Column, UInt8Column } from './fixed-width.ts';
import { LowCardinalityColumn } from './low-cardinality.ts';
import { MapColumn } from './map.ts';
import { NullableFloat64Column } from './nullable.ts';
import { StringColumn } from './string.ts';

const uint64 = () => new UInt64Column();

/** What writes each ClickHouse type. */
export const createColumn = {
  UInt8: () => new UInt8Column(),
  UInt16: () => new UInt16Column(),
  UInt32: () => new UInt32Column(),
  UInt64: uint64,
  Int32: () => new UInt32Column(),
  Int64: uint64,
  Float64: uint64,
  'Nullable(Float64)': () => new NullableFloat64Column(),
  'DateTime64(3)': uint64,
  'DateTime64(9)': uint64,
  'FixedString(8)': () => new FixedStringColumn(8),
  'FixedString(16)': () => new FixedStringColumn(16),
  String: () => new StringColumn(),
  'LowCardinality(String)': () => new LowCardinalityColumn(),
  'Map(LowCardinality(String), String)': () => new MapColumn(),
  'Array(UInt32)': () => new ArrayColumn(new UInt32Column()),
  'Array(UInt64)': () => new ArrayColumn(new UInt64Column()),
  'Array(Float64)': () => new ArrayColumn(new UInt64Column()),
  'Array(DateTime64(9))': () => new ArrayColumn(new UInt64Column()),
  'Array(FixedString(8))': () => new ArrayColumn(new FixedStringColumn(8)),
  'Array(FixedString(16))': () => new ArrayColumn(new FixedStringColumn(16)),
  'Array(String)': () => new ArrayColumn(new StringColumn()),
  'Array(LowCardinality(String))': () => new ArrayColumn(new LowCardinalityColumn()),
  'Array(Map(LowCardinality(String), String))': () => new ArrayColumn(new MapColumn()),
} satisfies { [Type in ColumnType]: () => Column };

export type ColumnOf<Type extends ColumnType> = ReturnType<(typeof createColumn)[Type]>;
