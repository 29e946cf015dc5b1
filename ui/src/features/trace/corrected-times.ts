import type { LogRecord, Trace } from '@sonde/api';
import { alignClocks, buildTraceTree, criticalTimes, selfTimes } from '@sonde/model';
import { nanosBetween } from '../../base/time.ts';
import { correctedSpan, laterNano } from './stored-span.ts';
import type { TraceView } from './trace-view.ts';

/**
 * The trace as if all machines had had one clock, as far as its calls tell (`alignClocks` of the model): what a caller waited for happened
 * while it waited. Durations are what they were. The same trace where no clock is known to differ.
 */
export function correctedTrace(trace: Trace): Trace {
  const timed = trace.spans.map((span) => ({
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    kind: span.kind,
    service: span.service,
    durationNs: span.durationNs,
    startNs: nanosBetween(trace.startTimeUnixNano, span.startTimeUnixNano),
  }));
  const { columns, parent, childColumns } = buildTraceTree(timed);
  const aligned = alignClocks(columns, hostNumbers(trace), parent, childColumns.topDown);
  if (aligned.every((startNs, row) => startNs === columns.startNs[row])) return trace;

  const firstNs = aligned.reduce((first, startNs) => Math.min(first, startNs), Infinity);
  const moved = timed.map((span, row) => ({ ...span, startNs: (aligned[row] ?? 0) - firstNs }));
  const tree = buildTraceTree(moved);
  const [selfNs, criticalNs] = [selfTimes(tree), criticalTimes(tree)];
  return {
    ...trace,
    startTimeUnixNano: laterNano(trace.startTimeUnixNano, firstNs),
    durationNs: moved.reduce((end, { startNs, durationNs }) => Math.max(end, startNs + durationNs), 0),
    spans: trace.spans.map((span, row) => {
      const byNs = (aligned[row] ?? 0) - (columns.startNs[row] ?? 0);
      return correctedSpan(span, {
        startTimeUnixNano: laterNano(span.startTimeUnixNano, byNs),
        byNs,
        selfNs: selfNs[row] ?? 0,
        criticalNs: criticalNs[row] ?? 0,
      });
    }),
  };
}

/** 0 where the host is unknown. */
function hostNumbers({ spans }: Trace): Uint32Array {
  const numbers = new Map([['', 0]]);
  return Uint32Array.from(spans, ({ host }) => {
    const number = numbers.get(host) ?? numbers.size;
    numbers.set(host, number);
    return number;
  });
}

/** Log records by the same clock as their spans. */
export function correctedLogs(records: readonly LogRecord[], sent: TraceView, shown: TraceView): readonly LogRecord[] {
  if (sent === shown) return records;
  return records.map((record) => {
    const [from, to] = [sent.byId.get(record.spanId), shown.byId.get(record.spanId)];
    if (!from || !to) return record;
    const byNs = nanosBetween(from.span.startTimeUnixNano, to.span.startTimeUnixNano);
    return byNs === 0 ? record : { ...record, timeUnixNano: String(BigInt(record.timeUnixNano) + BigInt(byNs)) };
  });
}
