import type { LatencyHistogram, ServiceSummary, TraceSummary } from '@sonde/api';
import { bucketIndex, bucketLowerNs, buildTraceTree, selfTimes } from '@sonde/model';
import type { SpanFilters, TimeRange } from '@sonde/store';
import type { SampleSpan } from './sample-spans.ts';

/** The answers of the API as slow, obvious computations over a list of spans: the judge of the SQL. */

export type Spans = readonly SampleSpan[];

export const startMs = (span: SampleSpan) => Number(span.startNs / 1_000_000n);
const ns = (ms: number) => BigInt(ms) * 1_000_000n;

export function inRange(spans: Spans, range: TimeRange): Spans {
  return spans.filter((span) => span.startNs >= ns(range.fromMs) && span.startNs < ns(range.toMs));
}

export const isRequest = (span: SampleSpan) => span.kind === 2 || span.kind === 5;

/** Nearest rank. */
export function percentile(values: readonly number[], p: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((p / 100) * sorted.length)) - 1] ?? null;
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const distinct = (values: readonly string[]) => [...new Set(values)].toSorted();

/** The values with equal keys together. */
export function groups<Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[][] {
  const found = new Map<string, Value[]>();
  for (const value of values) {
    const own = found.get(keyOf(value));
    if (own) own.push(value);
    else found.set(keyOf(value), [value]);
  }
  return [...found.values()];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** To whole minutes, from a day on to whole hours, as rollups answer. */
export function widened({ fromMs, toMs }: TimeRange): TimeRange {
  const unitMs = toMs - fromMs < dayMs ? minuteMs : hourMs;
  return { fromMs: Math.floor(fromMs / unitMs) * unitMs, toMs: Math.ceil(toMs / unitMs) * unitMs };
}

/** Of the spans that began in each step. */
export function inSteps<T>(
  spans: Spans,
  range: TimeRange,
  { stepMs, timesMs }: { readonly stepMs: number; readonly timesMs: readonly number[] },
  valueOf: (spans: Spans) => T,
): T[] {
  const here = inRange(spans, range);
  return timesMs.map((fromMs) => valueOf(inRange(here, { fromMs, toMs: fromMs + stepMs })));
}
export const durations = (spans: Spans) => spans.map((span) => Number(span.durationNs));

export function red(spans: Spans) {
  return {
    requests: spans.length,
    errors: spans.filter((span) => span.failed).length,
    p50Ns: percentile(durations(spans), 50),
    p95Ns: percentile(durations(spans), 95),
    p99Ns: percentile(durations(spans), 99),
  };
}

/** One entry for each of `steps` equal parts of the range. */
export function byStep<T>(spans: Spans, range: TimeRange, steps: number, valueOf: (spans: Spans) => T): T[] {
  const lengthNs = ns(range.toMs) - ns(range.fromMs);
  return Array.from({ length: steps }, (_, step) =>
    valueOf(spans.filter((span) => ((span.startNs - ns(range.fromMs)) * BigInt(steps)) / lengthNs === BigInt(step))),
  );
}

/** `timesMs`, `stepMs`: the steps of the answer. */
export function slowServices(
  all: Spans,
  range: TimeRange,
  steps: { readonly stepMs: number; readonly timesMs: readonly number[] },
): ServiceSummary[] {
  const spans = inRange(all, range);
  return distinct(spans.map((span) => span.service))
    .map((service) => {
      const own = spans.filter((span) => span.service === service);
      const requests = own.filter(isRequest);
      return {
        service,
        ...red(requests),
        instances: distinct(own.map((span) => span.instance)).filter(Boolean).length,
        hosts: distinct(own.map((span) => span.host)).filter(Boolean),
        versions: distinct(own.map((span) => span.version)),
        lastSeenMs: lastSeenMs(own, range),
        signals: { traces: true, metrics: false, logs: false },
        instrumentation: { runtime: false, host: false },
        trend: inSteps(requests, range, steps, (some) => some.length),
      };
    })
    .toSorted((a, b) => b.requests - a.requests || (a.service < b.service ? -1 : 1));
}

/** The end of the minute in which the last of them began; of the hour or day where these are read whole. */
export function lastSeenMs(spans: Spans, range: TimeRange, unitMsMax = dayMs): number {
  const { fromMs, toMs } = range;
  const units = [dayMs, hourMs, minuteMs].filter(
    (unit) => unit <= unitMsMax && toMs - fromMs > ({ [dayMs]: 7 * dayMs, [hourMs]: 3 * hourMs }[unit] ?? 0),
  );
  const ends = spans.map((span) => {
    const unit = units.find((each) => {
      const start = Math.floor(startMs(span) / each) * each;
      return start >= fromMs && start + each <= toMs;
    });
    if (unit === undefined) throw new Error('not in the range');
    return (Math.floor(startMs(span) / unit) + 1) * unit;
  });
  return Math.min(toMs, Math.max(...ends));
}

/** Self times of all spans, as the model has them, by span id. */
export function slowSelfTimes(all: Spans): Map<string, number> {
  const self = new Map<string, number>();
  for (const traceId of distinct(all.map((span) => span.traceId))) {
    const own = all.filter((span) => span.traceId === traceId);
    const firstNs = own.reduce((first, span) => (span.startNs < first ? span.startNs : first), own[0]?.startNs ?? 0n);
    const spans = own.map((span) => ({
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      startNs: Number(span.startNs - firstNs),
      durationNs: Number(span.durationNs),
    }));
    selfTimes(buildTraceTree(spans)).forEach((selfNs, i) => self.set((own[i] as SampleSpan).spanId, selfNs));
  }
  return self;
}

export function slowMatches(spans: Spans, filters: SpanFilters): Spans {
  const { service, name, host, environment, namespace, minDurationMs = 0, maxDurationMs = Infinity, attribute = [] } = filters;
  return spans.filter(
    (span) =>
      (service === undefined || span.service === service) &&
      (name === undefined || span.name === name) &&
      (host === undefined || span.host === host) &&
      (environment === undefined || span.environment === environment) &&
      (namespace === undefined || span.namespace === namespace) &&
      Number(span.durationNs) >= minDurationMs * 1e6 &&
      Number(span.durationNs) <= maxDurationMs * 1e6 &&
      attribute.every((item) => Object.entries(span.attributes).some(([key, value]) => `${key}=${value}` === item)),
  );
}

/** In the order of the list. */
export function slowTraces(all: Spans, range: TimeRange, filters: SpanFilters, sort: 'time' | 'duration'): TraceSummary[] {
  const found = slowMatches(inRange(all, range), filters);
  return distinct(found.map((span) => span.traceId))
    .filter((traceId) => {
      const own = found.filter((span) => span.traceId === traceId);
      if (filters.status === 'error') return own.some((span) => span.failed);
      return filters.status !== 'ok' || !own.some((span) => span.failed);
    })
    .map((traceId) => slowTrace(all.filter((span) => span.traceId === traceId)))
    .toSorted((a, b) => {
      const difference =
        sort === 'time' ? Number(BigInt(b.startTimeUnixNano) - BigInt(a.startTimeUnixNano)) : b.durationNs - a.durationNs;
      return difference || (a.traceId < b.traceId ? 1 : -1);
    });
}

function slowTrace(own: Spans): TraceSummary {
  const ids = new Set(own.map((span) => span.spanId));
  const byStart = own.toSorted(
    (a, b) =>
      Number(a.startNs - b.startNs) ||
      Number(a.parentSpanId !== '') - Number(b.parentSpanId !== '') ||
      Number(b.durationNs - a.durationNs) ||
      (`${a.service}\0${a.name}` < `${b.service}\0${b.name}` ? -1 : 1),
  );
  const first = byStart[0] as SampleSpan;
  const root = byStart.find((span) => span.parentSpanId === '') ?? byStart.find((span) => !ids.has(span.parentSpanId)) ?? first;
  const endNs = own.reduce((end, span) => (span.startNs + span.durationNs > end ? span.startNs + span.durationNs : end), 0n);
  return {
    traceId: first.traceId,
    startTimeUnixNano: String(first.startNs),
    durationNs: Number(endNs - first.startNs),
    root: { service: root.service, name: root.name },
    spanCount: own.length,
    errorCount: own.filter((span) => span.failed).length,
    services: distinct(own.map((span) => span.service))
      .map((service) => ({ service, spans: own.filter((span) => span.service === service).length }))
      .toSorted((a, b) => b.spans - a.spans || (a.service < b.service ? -1 : 1)),
  };
}

/** The spans of a latency question. */
export function slowLatencySpans(all: Spans, range: TimeRange, filters: SpanFilters): Spans {
  const described = filters.name !== undefined || filters.statementHash !== undefined || filters.attribute !== undefined;
  return slowMatches(inRange(all, range), filters)
    .filter((span) => described || isRequest(span))
    .filter((span) => filters.status === undefined || span.failed === (filters.status === 'error'));
}

export function slowHistogram(spans: Spans, range: TimeRange): LatencyHistogram {
  const { requests: count, ...figures } = red(spans);
  const indexes = spans.map((span) => bucketIndex(Number(span.durationNs), 8));
  const first = Math.min(...indexes);
  const length = spans.length === 0 ? 0 : Math.max(...indexes) - first + 1;
  return {
    range,
    count,
    ...figures,
    maxNs: spans.length === 0 ? null : Math.max(...durations(spans)),
    buckets: Array.from({ length }, (_, i) => {
      const own = spans.filter((_span, n) => indexes[n] === first + i);
      return {
        fromNs: first + i === 0 ? 0 : bucketLowerNs(first + i, 8),
        toNs: bucketLowerNs(first + i + 1, 8),
        count: own.length,
        errors: own.filter((span) => span.failed).length,
      };
    }),
  };
}
