import type { Encoding, Signal } from '@sonde/otlp';

const rejectedField: Record<Signal, string> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
};

/** `Export*ServiceResponse`: empty on success, else `partial_success` = 1 { rejected = 1 (int64), error_message = 2 }. */
export function encodeExportResponse(signal: Signal, encoding: Encoding, rejected: number, message: string): Uint8Array {
  if (encoding === 'json') {
    if (rejected === 0) return Buffer.from('{}');
    return Buffer.from(
      JSON.stringify({ partialSuccess: { [rejectedField[signal]]: String(rejected), errorMessage: message } }),
    );
  }
  if (rejected === 0) return new Uint8Array();
  return field(1, Buffer.concat([varint((1 << 3) | 0), varint(rejected), field(2, Buffer.from(message))]));
}

/** `google.rpc.Status`: code = 1 (int32), message = 2. */
export function encodeStatus(encoding: Encoding, code: number, message: string): Uint8Array {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([varint((1 << 3) | 0), varint(code), field(2, Buffer.from(message))]);
}

function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
