import { type Attributes } from './attributes.ts';

/** A finished span, as a receiver reads it from what a server wrote down. Ids in hex, times in ns since the epoch. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  /** Nothing: a root. */
  readonly parentSpanId: string | undefined;
  readonly traceState: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client';
  readonly startTimeNs: bigint;
  readonly endTimeNs: bigint;
  readonly isError: boolean;
  readonly attributes: Attributes;
}

/** A log record: something that a server remembered, a slow command for one. */
export interface LogRecord {
  readonly timeMs: number;
  readonly severity: 'info' | 'warn' | 'error';
  /** The kind of event, `redis.slowlog` for one; not a sentence. */
  readonly eventName: string;
  readonly body: string;
  readonly attributes: Attributes;
}
