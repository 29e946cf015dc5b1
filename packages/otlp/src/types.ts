import type { TableName } from './tables.ts';

export type Signal = 'traces' | 'metrics' | 'logs';
/** The encodings of OTLP, of requests and of answers. */
export type Encoding = 'protobuf' | 'json';
/** What a request's body may be: OTLP, or a list of spans in Zipkin's v2 JSON, which are traces. */
export type BodyEncoding = Encoding | 'zipkin-json';

/** What became of one export request. */
export type AppendOutcome =
  /** Everything legal was appended. `rejected` items (spans, log records, data points) were not, the first for `reason`. */
  | { readonly kind: 'appended'; readonly accepted: number; readonly rejected: number; readonly reason: string }
  /** The bytes are not an export request of that signal; nothing was appended. `message` says where and why. */
  | { readonly kind: 'malformed'; readonly message: string };

/** One table's rows, ready for `FORMAT Native`. */
export interface NativeTable {
  readonly table: TableName;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** The columns of one group commit: many requests in, one Native file per table out. */
export interface ColumnBatch {
  /** Decodes and appends one request. All or nothing: a malformed request leaves no row behind. Never throws, whatever the bytes. */
  append(signal: Signal, encoding: BodyEncoding, body: Uint8Array, receivedAtMs: number): AppendOutcome;
  /** Items (spans, log records, data points) held. */
  readonly items: number;
  /** About how many bytes `take` would return. */
  readonly bytes: number;
  /** Hands over the tables that have rows, and starts empty again. */
  take(): NativeTable[];
  /** What `take` handed over is not read any more: the next take may use its memory. Others' tables are left alone. */
  recycle(tables: readonly NativeTable[]): void;
}
