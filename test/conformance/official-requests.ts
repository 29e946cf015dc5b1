import { type Attributes, SpanKind } from '@opentelemetry/api';
import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Encoding, Signal } from '@sonde/otlp';

/** Requests and answers in the words of OpenTelemetry's own SDK and serializers: they judge ours. */
export interface OfficialCodec {
  /** A request with one item, which carries `marker` as its attribute `test.marker`. */
  encode(marker: string): Promise<Uint8Array>;
  /** An Export*ServiceResponse. Throws where it is none. */
  decodeResponse(body: Uint8Array): { partialSuccess?: { errorMessage?: string } };
}

const resource = resourceFromAttributes({ 'service.name': 'conformance', 'host.name': 'host-1' });

export const officialCodecs: Readonly<Record<Signal, Readonly<Record<Encoding, OfficialCodec>>>> = {
  traces: both(spanOf, ProtobufTraceSerializer, JsonTraceSerializer),
  metrics: both(metricOf, ProtobufMetricsSerializer, JsonMetricsSerializer),
  logs: both(logOf, ProtobufLogsSerializer, JsonLogsSerializer),
};

interface Serializer<Item> {
  serializeRequest(items: Item): Uint8Array | undefined;
  deserializeResponse(body: Uint8Array): { partialSuccess?: { errorMessage?: string } };
}

function both<Item>(
  build: (attributes: Attributes) => Promise<Item>,
  protobuf: Serializer<Item>,
  json: Serializer<Item>,
): Readonly<Record<Encoding, OfficialCodec>> {
  const codec = (serializer: Serializer<Item>): OfficialCodec => ({
    async encode(marker) {
      const bytes = serializer.serializeRequest(await build({ 'test.marker': marker }));
      if (!bytes) throw new Error('the official serializer gave nothing');
      return bytes;
    },
    decodeResponse: (body) => serializer.deserializeResponse(body),
  });
  return { protobuf: codec(protobuf), json: codec(json) };
}

async function spanOf(attributes: Attributes) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.getTracer('conformance').startSpan('GET /', { kind: SpanKind.SERVER, attributes }).end();
  await provider.forceFlush();
  return exporter.getFinishedSpans();
}

async function metricOf(attributes: Attributes) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const provider = new MeterProvider({ resource, readers: [reader] });
  provider.getMeter('conformance').createCounter('conformance.counter').add(1, attributes);
  await provider.forceFlush();
  const [metrics] = exporter.getMetrics();
  await provider.shutdown();
  if (!metrics) throw new Error('the official SDK collected nothing');
  return metrics;
}

async function logOf(attributes: Attributes) {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
  provider.getLogger('conformance').emit({ body: 'said', attributes: { ...attributes } });
  await provider.forceFlush();
  return exporter.getFinishedLogRecords();
}
