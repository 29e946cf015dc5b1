export { createColumnBatch } from './column-batch.ts';
export { limits } from './limits.ts';
export { type NativeBlock, readNativeBlock } from './native/slice.ts';
export { encodeExportResponse, encodeRetryStatus, encodeStatus } from './response.ts';
export { type ColumnType, type TableName, tables } from './tables.ts';
export type { AppendOutcome, BodyEncoding, ColumnBatch, Encoding, NativeTable, Signal } from './types.ts';
