import type { LogRecord } from '@sonde/api';
import { nanosBetween } from '../../../base/time.ts';
import type { SpanNode, TraceView } from '../trace-view.ts';

export interface LogRow {
  readonly key: string;
  readonly record: LogRecord;
  /** Since the start of the trace; before it, negative. */
  readonly atNs: number;
  /** On one line. */
  readonly message: string;
  readonly tone: 'bad' | 'warn' | undefined;
  /** The span it was written in; undefined where that was not recorded. */
  readonly node: SpanNode | undefined;
  readonly color: number | undefined;
}

/** The records of a trace in the order in which they were written. */
export function logRows(records: readonly LogRecord[], { trace, byId, nodes }: TraceView): LogRow[] {
  const colors = new Map(
    nodes.filter(({ subject }) => subject.kind === 'service').map(({ span, color }) => [span.service, color]),
  );
  return records
    .map((record, at): LogRow => {
      const { level } = record.severity;
      return {
        key: `${at}`,
        record,
        atNs: nanosBetween(trace.startTimeUnixNano, record.timeUnixNano),
        message: messageOf(record),
        tone: level === 'error' || level === 'fatal' ? 'bad' : level === 'warn' ? 'warn' : undefined,
        node: byId.get(record.spanId),
        color: colors.get(record.service),
      };
    })
    .toSorted((a, b) => a.atNs - b.atNs || Number(b.key) - Number(a.key));
}

function messageOf({ body, eventName }: LogRecord): string {
  if (typeof body === 'string') return body;
  return body === null || body === undefined ? eventName : JSON.stringify(body);
}
