import type { TraceSummary } from '@sonde/api';
import { unixNanoToMs } from '../base/time.ts';

export interface TraceRow {
  readonly traceId: string;
  readonly startMs: number;
  readonly durationNs: number;
  /** Of the longest trace in the list, 0..1. */
  readonly durationShare: number;
  readonly rootService: string;
  readonly rootName: string;
  readonly spanCount: number;
  readonly errorCount: number;
  /** The root's first, then the busiest. */
  readonly services: readonly { readonly name: string; readonly spans: number }[];
}

export function traceRows(items: readonly TraceSummary[]): TraceRow[] {
  const longestNs = Math.max(1, ...items.map(({ durationNs }) => durationNs));
  return items.map(({ traceId, startTimeUnixNano, durationNs, root, spanCount, errorCount, services }) => ({
    traceId,
    startMs: unixNanoToMs(startTimeUnixNano),
    durationNs,
    durationShare: durationNs / longestNs,
    rootService: root.service,
    rootName: root.name,
    spanCount,
    errorCount,
    services: services
      .toSorted((a, b) => Number(b.service === root.service) - Number(a.service === root.service) || b.spans - a.spans)
      .map(({ service, spans }) => ({ name: service, spans })),
  }));
}
