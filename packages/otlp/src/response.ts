import { ByteBuffer } from './native/byte-buffer.ts';
import type { Encoding, Signal } from './types.ts';

const rejectedField = { traces: 'rejectedSpans', metrics: 'rejectedDataPoints', logs: 'rejectedLogRecords' } as const;

/**
 * The body of an answer 200: Export<Signal>ServiceResponse. Nothing rejected: empty. Else its partial_success, with what was rejected and
 * why; 64-bit integers are strings in JSON.
 */
export function encodeExportResponse(signal: Signal, encoding: Encoding, rejected: number, message: string): Uint8Array {
  const isEmpty = rejected === 0 && message === '';
  if (encoding === 'json') {
    return json(isEmpty ? {} : { partialSuccess: { [rejectedField[signal]]: String(rejected), errorMessage: message } });
  }
  return isEmpty ? new Uint8Array(0) : delimited(1, numberAndText(1, rejected, 2, message));
}

/** google.rpc.Status, the body of every 4xx and 5xx answer. `grpcCode`: google.rpc.Code, as 3 for INVALID_ARGUMENT. */
export function encodeStatus(encoding: Encoding, grpcCode: number, message: string): Uint8Array {
  return encoding === 'json' ? json({ code: grpcCode, message }) : numberAndText(1, grpcCode, 2, message);
}

/**
 * google.rpc.Status with one detail, a google.rpc.RetryInfo: what an OTLP/gRPC sender waits for that is told to try again
 * (google/rpc/error_details.proto; google.protobuf.Any; google.protobuf.Duration).
 */
export function encodeRetryStatus(grpcCode: number, message: string, delaySeconds: number): Uint8Array {
  const duration = new ByteBuffer();
  duration.varint(1 << 3);
  duration.varint(delaySeconds);
  const any = new ByteBuffer();
  any.append(delimited(1, new TextEncoder().encode('type.googleapis.com/google.rpc.RetryInfo')));
  any.append(delimited(2, delimited(1, duration.written())));
  const status = new ByteBuffer();
  status.append(numberAndText(1, grpcCode, 2, message));
  status.append(delimited(3, any.written()));
  return status.written();
}

function json(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function numberAndText(numberField: number, number: number, textField: number, text: string): Uint8Array {
  const out = new ByteBuffer();
  out.varint(numberField << 3);
  out.varint(number);
  out.append(delimited(textField, new TextEncoder().encode(text)));
  return out.written();
}

function delimited(field: number, bytes: Uint8Array): Uint8Array {
  const out = new ByteBuffer();
  out.varint((field << 3) | 2);
  out.varint(bytes.length);
  out.append(bytes);
  return out.written();
}
