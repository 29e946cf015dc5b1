import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { encodeExportResponse, encodeStatus } from './response.ts';

const { root } = protobuf.parse(`
syntax = "proto3";
message ExportResponse { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected = 1; string error_message = 2; }
message Status { int32 code = 1; string message = 2; }
`);
const text = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
const decoded = (type: string, bytes: Uint8Array): object => {
  const found = root.lookupType(type);
  return found.toObject(found.decode(bytes), { longs: Number });
};
const reason = 'trace_id fehlt: „leer“ '.repeat(20);

describe('an answer in the encoding of the request', () => {
  it('to a request of which all was stored is empty', () => {
    for (const signal of ['traces', 'metrics', 'logs'] as const) {
      expect(encodeExportResponse(signal, 'protobuf', 0, '')).toHaveLength(0);
      expect(new TextDecoder().decode(encodeExportResponse(signal, 'json', 0, ''))).toBe('{}');
    }
  });

  it.each([
    ['traces', 'rejectedSpans'],
    ['metrics', 'rejectedDataPoints'],
    ['logs', 'rejectedLogRecords'],
  ] as const)('to %s of which some were rejected has their number and why', (signal, field) => {
    for (const rejected of [1, 127, 128, 1_000_000]) {
      expect(decoded('ExportResponse', encodeExportResponse(signal, 'protobuf', rejected, reason))).toEqual({
        partialSuccess: { rejected, errorMessage: reason },
      });
      expect(text(encodeExportResponse(signal, 'json', rejected, reason))).toEqual({
        partialSuccess: { [field]: String(rejected), errorMessage: reason },
      });
    }
  });

  it('to a request that failed is a google.rpc.Status', () => {
    expect(decoded('Status', encodeStatus('protobuf', 3, reason))).toEqual({ code: 3, message: reason });
    expect(text(encodeStatus('json', 14, reason))).toEqual({ code: 14, message: reason });
  });
});
