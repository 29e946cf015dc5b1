export { createColumnBatch } from './column-batch.ts';
export { type ColumnType, type TableName, tables } from './tables.ts';
export type { AppendOutcome, ColumnBatch, Encoding, NativeTable, Signal } from './types.ts';
