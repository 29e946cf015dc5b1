import { ProtobufLogsSerializer, ProtobufMetricsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { type Signal } from './destination.ts';

const count: Record<Signal, (body: Uint8Array) => unknown> = {
  traces: (body) => ProtobufTraceSerializer.deserializeResponse(body).partialSuccess?.rejectedSpans,
  metrics: (body) => ProtobufMetricsSerializer.deserializeResponse(body).partialSuccess?.rejectedDataPoints,
  logs: (body) => ProtobufLogsSerializer.deserializeResponse(body).partialSuccess?.rejectedLogRecords,
};

/** OTLP "Partial success": how many items of an accepted request the collector did not take. An answer that is no OTLP says nothing. */
export function rejectedIn(signal: Signal, body: Uint8Array): number {
  if (body.byteLength === 0) return 0;
  try {
    return Number(count[signal](body) ?? 0);
  } catch {
    return 0;
  }
}
