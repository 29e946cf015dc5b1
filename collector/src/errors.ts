/**
 * Everything that the collector refuses, once: the HTTP status, the gRPC code of the `google.rpc.Status` in an OTLP answer
 * (google/rpc/code.proto), whether the same request may succeed later, and one sentence for a human. docs/errors.md is this table.
 *
 * Retryable in OTLP are only 429, 502, 503 and 504, and a 500 makes a correct sender drop its data (OTLP 1.11, "Failures").
 */
export const errors = {
  'malformed-request': { status: 400, grpc: 3, retryable: false, sentence: 'The body is not a request of this kind.' },
  'truncated-body': { status: 400, grpc: 3, retryable: false, sentence: 'The body ends too early or cannot be unpacked.' },
  'unknown-path': { status: 404, grpc: 12, retryable: false, sentence: 'There is nothing at this path.' },
  'method-not-allowed': { status: 405, grpc: 12, retryable: false, sentence: 'This path takes POST only.' },
  'body-too-large': {
    status: 413,
    grpc: 8,
    retryable: false,
    sentence: 'The body, packed or unpacked, is larger than 64 MiB.',
  },
  'unsupported-content-type': {
    status: 415,
    grpc: 3,
    retryable: false,
    sentence: 'The content type must be application/x-protobuf (OTLP only) or application/json.',
  },
  'unsupported-content-encoding': {
    status: 415,
    grpc: 3,
    retryable: false,
    sentence: 'The content encoding must be gzip or none.',
  },
  'ingest-busy': { status: 503, grpc: 14, retryable: true, sentence: 'Too much data is under way at this moment.' },
  'spool-full': { status: 503, grpc: 14, retryable: true, sentence: 'The database does not keep up and the spool is full.' },
  'spool-unwritable': { status: 503, grpc: 14, retryable: true, sentence: 'The spool cannot be written.' },
  'shutting-down': { status: 503, grpc: 14, retryable: true, sentence: 'The collector is shutting down.' },
  'internal-fault': {
    status: 503,
    grpc: 14,
    retryable: true,
    sentence: 'The collector failed in a way it should not; see its log.',
  },
} as const satisfies Record<string, Refusal>;

interface Refusal {
  readonly status: number;
  readonly grpc: number;
  readonly retryable: boolean;
  readonly sentence: string;
}

export type ErrorCode = keyof typeof errors;

/** A request is refused for a reason from the table; `details` say what was wrong with this one. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, details = '', options?: ErrorOptions) {
    super(details === '' ? errors[code].sentence : `${errors[code].sentence} ${details}`, options);
    this.code = code;
  }
}
