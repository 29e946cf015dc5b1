import { type HrTime, SpanKind, SpanStatusCode, trace, context, TraceFlags, ValueType } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  AggregationType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createColumnBatch, type Encoding, type Signal } from '@sonde/otlp';
import { afterAll, describe, expect, it } from 'vitest';
import { NativeReader } from './read-back.ts';

const reader = new NativeReader();
afterAll(() => reader.close());

const resource = resourceFromAttributes({
  'service.name': 'cart',
  'service.namespace': 'shop',
  'service.version': '1.4.2',
  'service.instance.id': 'a3f0c1d2',
  'deployment.environment.name': 'production',
  'host.id': 'h-17',
  'process.pid': 4711,
});
const resourceColumns = {
  service: 'cart',
  namespace: 'shop',
  version: '1.4.2',
  instance: 'a3f0c1d2',
  environment: 'production',
  host: 'h-17',
};

const start: HrTime = [1_763_700_000, 123_456_789];
const end: HrTime = [1_763_700_000, 223_456_790];

function read(signal: Signal, encoding: Encoding, body: Uint8Array | undefined) {
  const batch = createColumnBatch();
  expect(batch.append(signal, encoding, body ?? new Uint8Array(0), 0)).toMatchObject({
    kind: 'appended',
    rejected: 0,
    reason: '',
  });
  return reader.rows(batch);
}

describe('what the OpenTelemetry SDK sends is stored as its API was told', () => {
  it.each([
    ['protobuf', ProtobufTraceSerializer],
    ['json', JsonTraceSerializer],
  ] as const)('spans by %s', (encoding, serializer) => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const tracer = provider.getTracer('instrumentation-http', '0.57.0', {
      schemaUrl: 'https://opentelemetry.io/schemas/1.38.0',
    });
    const parent = tracer.startSpan('GET /cart', { kind: SpanKind.SERVER, startTime: start });
    const child = tracer.startSpan(
      'SELECT cart',
      {
        kind: SpanKind.CLIENT,
        startTime: start,
        attributes: { 'db.system.name': 'postgresql', rows: 12, ratio: 0.25, hit: true, ids: [1, 2], empty: '' },
        links: [{ context: parent.spanContext(), attributes: { why: 'batch' } }],
      },
      trace.setSpan(context.active(), parent),
    );
    child.addEvent('retry', { attempt: 2 }, end);
    child.setStatus({ code: SpanStatusCode.ERROR, message: 'deadlock détecté' });
    child.end(end);
    parent.end(end);

    const rows = read('traces', encoding, serializer.serializeRequest(exporter.getFinishedSpans()));
    const { traceId, spanId } = child.spanContext();
    const parentId = parent.spanContext().spanId;
    expect(rows.resources).toMatchObject([{ ...resourceColumns, attribute_types: 'ssssssi' }]);
    expect(rows.resources?.[0]?.['attributes']).toContainEqual(['process.pid', '4711']);
    expect(rows.spans).toMatchObject([
      {
        ...resourceColumns,
        timestamp: '1763700000123456789',
        duration_ns: '100000001',
        negative_duration_ns: '0',
        trace_id: traceId,
        span_id: spanId,
        parent_span_id: parentId,
        name: 'SELECT cart',
        kind: 3,
        status_code: 2,
        status_message: 'deadlock détecté',
        scope_name: 'instrumentation-http',
        scope_version: '0.57.0',
        scope_schema_url: 'https://opentelemetry.io/schemas/1.38.0',
        attributes: [
          ['db.system.name', 'postgresql'],
          ['rows', '12'],
          ['ratio', '0.25'],
          ['hit', 'true'],
          ['ids', '[1,2]'],
          ['empty', ''],
        ],
        attribute_types: 'sidbjs',
        events_timestamp: ['1763700000223456790'],
        events_name: ['retry'],
        events_attributes: [[['attempt', '2']]],
        events_attribute_types: ['i'],
        links_trace_id: [traceId],
        links_span_id: [parentId],
        links_attributes: [[['why', 'batch']]],
      },
      { name: 'GET /cart', kind: 2, span_id: parentId, parent_span_id: '0000000000000000', events_name: [], links_span_id: [] },
    ]);
    expect(Number(rows.spans?.[0]?.['flags']) & 0xff).toBe(TraceFlags.SAMPLED);
  });

  it.each([
    ['protobuf', ProtobufLogsSerializer],
    ['json', JsonLogsSerializer],
  ] as const)('log records by %s', (encoding, serializer) => {
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
    const logger = provider.getLogger('pino', '9.0.0');
    const spanContext = {
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      traceFlags: TraceFlags.SAMPLED,
    };
    logger.emit({
      timestamp: start,
      observedTimestamp: end,
      severityNumber: SeverityNumber.WARN,
      severityText: 'warn',
      body: 'stock is low',
      eventName: 'stock.low',
      attributes: { sku: 'A-1', left: 3 },
      context: trace.setSpanContext(context.active(), spanContext),
    });
    logger.emit({ timestamp: start, body: { sku: 'A-1', tags: ['x', null], raw: new Uint8Array([1, 2, 3]) } });

    const rows = read('logs', encoding, serializer.serializeRequest(exporter.getFinishedLogRecords()));
    expect(rows.logs).toMatchObject([
      {
        ...resourceColumns,
        timestamp: '1763700000123456789',
        observed_timestamp: '1763700000223456790',
        trace_id: spanContext.traceId,
        span_id: spanContext.spanId,
        flags: 1,
        severity_number: 13,
        severity_text: 'warn',
        event_name: 'stock.low',
        body: 'stock is low',
        body_type: 's',
        attributes: [
          ['sku', 'A-1'],
          ['left', '3'],
        ],
        attribute_types: 'si',
        scope_name: 'pino',
        scope_version: '9.0.0',
      },
      {
        body: '{"sku":"A-1","tags":["x",null],"raw":"AQID"}',
        body_type: 'j',
        trace_id: '0'.repeat(32),
        span_id: '0'.repeat(16),
      },
    ]);
  });

  it.each([
    ['protobuf', ProtobufMetricsSerializer],
    ['json', JsonMetricsSerializer],
  ] as const)('metrics by %s', async (encoding, serializer) => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const metricReader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({
      resource,
      readers: [metricReader],
      views: [{ instrumentName: 'size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    });
    const meter = provider.getMeter('shop', '2.0.0');
    meter
      .createCounter('orders', { unit: '{order}', description: 'Orders taken', valueType: ValueType.INT })
      .add(7, { tier: 'gold' });
    meter.createUpDownCounter('queue').add(-2.5);
    meter.createObservableGauge('temperature').addCallback((result) => result.observe(36.6));
    const duration = meter.createHistogram('duration', { unit: 's', advice: { explicitBucketBoundaries: [1, 10] } });
    for (const value of [0.5, 5, 50, 5]) duration.record(value);
    const size = meter.createHistogram('size');
    for (const value of [0, 1, 2, 4]) size.record(value);
    await provider.forceFlush();
    const exported = exporter.getMetrics()[0];
    if (exported === undefined) throw new Error('the SDK exported nothing');
    const rows = read('metrics', encoding, serializer.serializeRequest(exported));
    await provider.shutdown();

    const scope = { scope_name: 'shop', scope_version: '2.0.0' };
    const series = (rows.metric_series ?? []).toSorted((a, b) => String(a['metric']).localeCompare(String(b['metric'])));
    expect(series).toMatchObject([
      { metric: 'duration', type: 'histogram', unit: 's', temporality: 2 },
      {
        ...resourceColumns,
        ...scope,
        metric: 'orders',
        type: 'sum',
        unit: '{order}',
        description: 'Orders taken',
        temporality: 2,
        is_monotonic: 1,
        attributes: [['tier', 'gold']],
      },
      { metric: 'queue', type: 'sum', temporality: 2, is_monotonic: 0, attributes: [] },
      { metric: 'size', type: 'exponential_histogram', temporality: 2 },
      { metric: 'temperature', type: 'gauge', temporality: 0, is_monotonic: 0 },
    ]);
    const [orders, queue, temperature] = rows.metric_samples ?? [];
    expect(orders).toMatchObject(encoding === 'protobuf' ? { value: 7, value_int: '7', value_kind: 2 } : { value: 7 });
    expect(queue).toMatchObject({ value: -2.5, value_int: '0', value_kind: 1 });
    expect(temperature).toMatchObject({ value: 36.6, value_kind: 1 });
    expect(rows.metric_histograms).toMatchObject([
      {
        metric: 'duration',
        count: '4',
        sum: 60.5,
        min: 0.5,
        max: 50,
        explicit_bounds: [1, 10],
        bucket_counts: ['1', '2', '1'],
      },
    ]);
    const exponential = rows.metric_exponential_histograms?.[0];
    expect(exponential).toMatchObject({ metric: 'size', count: '4', sum: 7, min: 0, max: 4, zero_count: '1' });
    const counts = exponential?.['positive_bucket_counts'];
    expect(Array.isArray(counts) ? counts.reduce((sum, count) => sum + Number(count), 0) : 0).toBe(3);
  });
});
