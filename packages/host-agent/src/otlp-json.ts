import { type Attributes, type AttributeValue } from './attributes.ts';
import { type Metric, type Point, type ResourceMetrics } from './metric.ts';
import { type LogRecord, type SpanRecord } from './record.ts';

/** Requests in OTLP/JSON (OTLP specification "JSON Protobuf Encoding": 64-bit integers are strings, ids are hex, enumerations numbers). */
const cumulative = 2;
const statusError = 2;
const spanKinds = { internal: 1, server: 2, client: 3 } as const;
const severities = { info: 9, warn: 13, error: 17 } as const;
const scope = { name: '@sonde/host-agent' };

/** An ExportMetricsServiceRequest. */
export function metricsRequest(groups: readonly ResourceMetrics[]): object {
  return {
    resourceMetrics: groups.map((group) => ({
      resource: { attributes: keyValues(group.resource) },
      scopeMetrics: [{ scope, metrics: group.metrics.map((metric) => metricOf(metric, group)) }],
    })),
  };
}

function metricOf({ name, unit, type, number, points }: Metric, { timeMs, startTimeMs }: ResourceMetrics): object {
  const isInt = number === undefined ? type !== 'gauge' && unit !== 's' : number === 'int';
  const times = {
    timeUnixNano: nanoseconds(timeMs),
    ...(startTimeMs === undefined ? {} : { startTimeUnixNano: nanoseconds(startTimeMs) }),
  };
  const dataPoints = points.map(({ value, attributes }: Point) => ({
    ...(isInt ? { asInt: String(Math.round(value)) } : { asDouble: value }),
    ...times,
    attributes: keyValues(attributes),
  }));
  const data =
    type === 'gauge'
      ? { gauge: { dataPoints } }
      : { sum: { dataPoints, aggregationTemporality: cumulative, isMonotonic: type === 'counter' } };
  return { name, unit, ...data };
}

/** An ExportTraceServiceRequest. */
export function tracesRequest(resource: Attributes, spans: readonly SpanRecord[]): object {
  const spanOf = (span: SpanRecord): object => ({
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    ...(span.traceState === '' ? {} : { traceState: span.traceState }),
    name: span.name,
    kind: spanKinds[span.kind],
    startTimeUnixNano: String(span.startTimeNs),
    endTimeUnixNano: String(span.endTimeNs),
    attributes: keyValues(span.attributes),
    status: span.isError ? { code: statusError } : {},
  });
  return {
    resourceSpans: [
      { resource: { attributes: keyValues(resource) }, scopeSpans: [{ scope, spans: spans.map((span) => spanOf(span)) }] },
    ],
  };
}

/** An ExportLogsServiceRequest. */
export function logsRequest(resource: Attributes, records: readonly LogRecord[]): object {
  const recordOf = ({ timeMs, severity, eventName, body, attributes }: LogRecord): object => ({
    timeUnixNano: nanoseconds(timeMs),
    observedTimeUnixNano: nanoseconds(Date.now()),
    severityNumber: severities[severity],
    severityText: severity.toUpperCase(),
    eventName,
    body: { stringValue: body },
    attributes: keyValues({ 'event.name': eventName, ...attributes }),
  });
  return {
    resourceLogs: [
      {
        resource: { attributes: keyValues(resource) },
        scopeLogs: [{ scope, logRecords: records.map((record) => recordOf(record)) }],
      },
    ],
  };
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}

/** The same attributes stand at many points: a partition of Kafka has eight. */
const encoded = new WeakMap<Attributes, readonly object[]>();

function keyValues(attributes: Attributes): readonly object[] {
  const known = encoded.get(attributes);
  if (known !== undefined) return known;
  const made = Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
  encoded.set(attributes, made);
  return made;
}

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}
