import type { SpanColumns } from '../span-columns.ts';

/** What a span says it called or was called through; `dependency` is its number. */
export const dependencyKindNumber = { none: 0, database: 1, queue: 2, remote: 3 } as const;

/** No such trace in the batch. */
export const traceElsewhere = 0xffffffff;

/**
 * Spans of whole traces, to be settled: those of the window, and as context all others of their traces that are known, with the traces
 * that their messages came from, and the messages of these. Traces, and spans within a trace, come in an order that is the same each time
 * they are read (say, trace id, start, span id): the first of equals is often preferred. Whatever is named by a number was numbered by the caller; 0 is "none" or "unknown" throughout.
 */
export interface SpanBatch extends SpanColumns {
  /** Unix time, in minutes, of the moment that `startNs` counts from. */
  readonly originMinute: number;
  /** 1: received in the window, to be attributed now. 0: context, attributed in another window. */
  readonly inWindow: Uint8Array;
  /** Status as OTLP numbers it: 2 is an error. */
  readonly statusCode: Uint8Array;
  /** Number of (service, span name), and of whatever else tells two endpoints apart: namespace, environment. Never 0. */
  readonly name: Uint32Array;
  readonly instance: Uint32Array;
  readonly host: Uint32Array;
  readonly dependencyKind: Uint8Array;
  /** Number of the database with its statement, of the queue, or of the remote's address. */
  readonly dependency: Uint32Array;
  /** Links, each from the row of the span that has it, ascending, to a span of some trace of the batch or `traceElsewhere`. */
  readonly linkRow: Uint32Array;
  readonly linkTrace: Uint32Array;
  readonly linkIdHigh: Uint32Array;
  readonly linkIdLow: Uint32Array;
}
