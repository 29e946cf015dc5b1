import { type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type ReadableSpan } from '@opentelemetry/sdk-trace';

// Measured on Node 20: a span of the SDK without attributes holds about 1 kB, an entry about 50 bytes beside its text.
const spanBytes = 1024;
const recordBytes = 512;
const entryBytes = 48;

/** Estimate of what a finished span holds on the heap. */
export function bytesOfSpan(span: ReadableSpan): number {
  let bytes = spanBytes + bytesOfMap(span.attributes);
  for (const { attributes } of span.events) bytes += 128 + bytesOfMap(attributes);
  for (const { attributes } of span.links) bytes += 128 + bytesOfMap(attributes);
  return bytes;
}

export function bytesOfLogRecord(record: ReadableLogRecord): number {
  return recordBytes + bytesOfValue(record.body, 0) + bytesOfMap(record.attributes);
}

function bytesOfMap(map: object | undefined): number {
  let bytes = 0;
  if (map === undefined) return 0;
  for (const key in map) bytes += entryBytes + key.length + bytesOfValue(Reflect.get(map, key), 0);
  return bytes;
}

function bytesOfValue(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  // Bodies and attributes of logs may nest; what is deeper than this is not looked at.
  if (depth > 4) return 64;
  let bytes = 32;
  for (const key in value) bytes += entryBytes + bytesOfValue(Reflect.get(value, key), depth + 1);
  return bytes;
}
