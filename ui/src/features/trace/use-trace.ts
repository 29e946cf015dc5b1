import type { LogRecord, Span, Trace } from '@sonde/api';
import { useMemo } from 'react';
import { useApi } from '../../base/use-api.ts';
import { unixNanoToMs } from '../../base/time.ts';
import { useServiceColors } from '../../base/use-service-colors.ts';
import { correctedTrace } from './corrected-times.ts';
import { bySpanLinked, type LinkingSpans } from './linking-spans.ts';
import { type TraceView, traceView } from './trace-view.ts';
import { useStoredTrace } from './use-stored-trace.ts';

export function useTrace(traceId: string) {
  const query = useStoredTrace(traceId);
  const colorOf = useServiceColors();
  const view = useMemo(() => query.data && traceView(query.data, colorOf), [query.data, colorOf]);
  return { query, view };
}

/** The trace by one clock, where its machines' clocks are known to differ; as it was sent where they are not, or on request. */
export function useCorrected(sent: TraceView, raw: boolean): { readonly view: TraceView; readonly isCorrected: boolean } {
  const colorOf = useServiceColors();
  const isSkewed = sent.trace.warnings.some(({ code }) => code === 'clock-skew');
  return useMemo(() => {
    const trace = isSkewed && !raw ? correctedTrace(sent.trace) : sent.trace;
    return trace === sent.trace ? { view: sent, isCorrected: false } : { view: traceView(trace, colorOf), isCorrected: true };
  }, [sent, raw, isSkewed, colorOf]);
}

const logsMax = 1000;
const logMarginMs = 60_000;
const noRecords: readonly LogRecord[] = [];

/** What was logged within the trace, and a minute around it. */
export function useTraceLogs({ traceId, startTimeUnixNano, durationNs }: Trace, enabled: boolean) {
  const startMs = unixNanoToMs(startTimeUnixNano);
  const { data } = useApi(
    'listLogs',
    {
      query: {
        q: `trace.id = ${traceId}`,
        from: String(Math.floor(startMs - logMarginMs)),
        to: String(Math.ceil(startMs + durationNs / 1e6 + logMarginMs)),
        limit: logsMax,
      },
    },
    { timed: false, enabled },
  );
  return {
    records: enabled ? (data?.items ?? noRecords) : noRecords,
    isKnown: enabled && data !== undefined,
    isTruncated: data?.nextCursor !== undefined,
  };
}

const noLinks: LinkingSpans = new Map();

/** Spans of other traces that link to this one, by the span that they link to. A trace from a file has none that are known. */
export function useLinkingSpans(traceId: string, enabled: boolean): LinkingSpans {
  const { data } = useApi('listTraceLinks', { params: { traceId } }, { timed: false, enabled });
  return useMemo(() => (data ? bySpanLinked(data.items) : noLinks), [data]);
}

const aroundMs = 5 * 60_000;

/** A host in the minutes around a moment. */
export function useHostAround(host: string, ms: number) {
  return useApi(
    'getHost',
    { params: { host }, query: { from: String(Math.floor(ms - aroundMs)), to: String(Math.ceil(ms + aroundMs)) } },
    { timed: false, enabled: host !== '' },
  );
}

/** A service's runtime in the minutes around a moment. */
export function useServiceAround(service: string, ms: number) {
  return useApi(
    'getService',
    { params: { service }, query: { from: String(Math.floor(ms - aroundMs)), to: String(Math.ceil(ms + aroundMs)) } },
    { timed: false, enabled: service !== '' },
  );
}

const peersMs = 3_600_000;

/** The durations of the spans of the same service and name, in the hour up to the end of this one. */
export function usePeers({ service, name, startTimeUnixNano, durationNs }: Span) {
  // To the second: what the sender's clock is off by is more than that.
  const toMs = Math.ceil((unixNanoToMs(startTimeUnixNano) + durationNs / 1e6) / 1000 + 1) * 1000;
  return useApi(
    'getLatencyHistogram',
    { query: { service, name, from: String(toMs - peersMs), to: String(toMs) } },
    { timed: false, enabled: service !== '' && name !== '' },
  );
}
