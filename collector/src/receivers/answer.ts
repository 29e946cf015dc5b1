/** What a sender is told: this file decides it (OTLP 1.11, "OTLP/HTTP Response" and "OTLP/gRPC Response"). */
import { Metadata, type StatusObject } from '@grpc/grpc-js';
import type { Encoding, Signal } from '@sonde/otlp';
import { encodeExportResponse, encodeRetryStatus, encodeStatus } from '@sonde/otlp';
import type { CommitOutcome } from '@sonde/store';
import { type ErrorCode, errors } from '../errors.ts';
import { contentTypeOf } from './content-type.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Long enough to clear a moment's congestion, short enough that a sender's queue does not overflow meanwhile. */
const retryAfterSeconds = 2;

export function answerTo(outcome: CommitOutcome, signal: Signal, encoding: Encoding): Answer {
  if (outcome.kind === 'malformed') return refusal('malformed-request', encoding, outcome.message);
  if (outcome.kind === 'refused') return refusal(outcome.reason, encoding);
  const body = encodeExportResponse(signal, encoding, outcome.rejected, outcome.reason);
  return { status: 200, headers: { 'content-type': contentTypeOf(encoding) }, body };
}

/** A `google.rpc.Status` in the sender's encoding. */
export function refusal(code: ErrorCode, encoding: Encoding, details = ''): Answer {
  const { grpc, retryable, sentence, status } = errors[code];
  return {
    status,
    headers: {
      'content-type': contentTypeOf(encoding),
      ...(retryable && { 'retry-after': String(retryAfterSeconds) }),
      ...(status === 405 && { allow: 'POST' }),
    },
    body: encodeStatus(encoding, grpc, details === '' ? sentence : `${sentence} ${details}`),
  };
}

/** What Zipkin's own server answers: 202 and nothing more. Its senders have no words for spans that were rejected; the counters have. */
export function zipkinAnswerTo(outcome: CommitOutcome): Answer {
  if (outcome.kind === 'malformed') return zipkinRefusal('malformed-request', outcome.message);
  if (outcome.kind === 'refused') return zipkinRefusal(outcome.reason);
  return { status: 202, headers: {}, body: new Uint8Array(0) };
}

export function zipkinRefusal(code: ErrorCode, details = ''): Answer {
  const { status, headers } = refusal(code, 'json');
  const { sentence } = errors[code];
  const error = details === '' ? sentence : `${sentence} ${details}`;
  return { status, headers, body: new TextEncoder().encode(JSON.stringify({ error })) };
}

/** The body of an answer over gRPC, or the status that refuses the call. */
export function grpcAnswerTo(outcome: CommitOutcome, signal: Signal): Uint8Array | StatusObject {
  if (outcome.kind === 'malformed') return grpcRefusal('malformed-request', outcome.message);
  if (outcome.kind === 'refused') return grpcRefusal(outcome.reason);
  return encodeExportResponse(signal, 'protobuf', outcome.rejected, outcome.reason);
}

/** What may succeed later says when: without RetryInfo a RESOURCE_EXHAUSTED is final (OTLP 1.11, "OTLP/gRPC Throttling"). */
export function grpcRefusal(code: ErrorCode, details = ''): StatusObject {
  const { grpc, retryable, sentence } = errors[code];
  const message = details === '' ? sentence : `${sentence} ${details}`;
  const metadata = new Metadata();
  if (retryable) {
    metadata.set('grpc-status-details-bin', Buffer.from(encodeRetryStatus(grpc, message, retryAfterSeconds)));
  }
  return { code: grpc, details: message, metadata };
}
