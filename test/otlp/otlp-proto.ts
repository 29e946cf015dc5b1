import { join } from 'node:path';
import protobuf from 'protobufjs';

/** OTLP 1.9 as protobufjs reads it: the independent encoder, and the slow obvious decoder, that the real ones are judged by. */
const root = protobuf.loadSync(join(import.meta.dirname, '../fixtures/otlp/otlp.proto'));

// The tests send values nested far deeper than protobufjs by itself would write or read.
Object.assign(protobuf.util, { recursionLimit: 10_000 });
protobuf.Reader.recursionLimit = 10_000;

export const requests = {
  traces: root.lookupType('otlp.ExportTraceServiceRequest'),
  metrics: root.lookupType('otlp.ExportMetricsServiceRequest'),
  logs: root.lookupType('otlp.ExportLogsServiceRequest'),
} as const;

/** A 64-bit integer as protobufjs takes one. */
export function longOf(value: bigint, unsigned: boolean): protobuf.Long {
  const bits = BigInt.asIntN(64, value);
  return protobuf.util.LongBits.from({ low: Number(BigInt.asIntN(32, bits)), high: Number(bits >> 32n), unsigned }).toLong(
    unsigned,
  );
}
