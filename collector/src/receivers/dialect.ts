import type { BodyEncoding, Signal } from '@sonde/otlp';
import type { IncomingHttpHeaders } from 'node:http';
import type { CommitOutcome } from '@sonde/store';
import type { ErrorCode } from '../errors.ts';
import { type Answer, answerTo, refusal, zipkinAnswerTo, zipkinRefusal } from './answer.ts';
import { encodingOf } from './content-type.ts';

/** What one sender speaks: how its body is to be read, and in what words it is answered. */
export interface Dialect {
  readonly signal: Signal;
  /** Nothing for a content type that is not taken at this path. */
  readonly encoding: BodyEncoding | undefined;
  answerTo(outcome: CommitOutcome): Answer;
  refusal(code: ErrorCode, details?: string): Answer;
}

type DialectOf = (headers: IncomingHttpHeaders) => Dialect;

/** OTLP answers in the encoding of the request, and in JSON where that has none. */
function otlp(signal: Signal): DialectOf {
  return (headers) => {
    const encoding = encodingOf(headers['content-type']);
    return {
      signal,
      encoding,
      answerTo: (outcome) => answerTo(outcome, signal, encoding ?? 'json'),
      refusal: (code, details) => refusal(code, encoding ?? 'json', details),
    };
  };
}

/**
 * Zipkin's v2 JSON. Its own server takes every content type for JSON, so simple senders name none; here that is taken too, but not from a
 * web page: a browser asks the collector's leave only for `application/json`.
 */
function zipkin(headers: IncomingHttpHeaders): Dialect {
  const isUnnamed = headers['content-type'] === undefined && headers.origin === undefined;
  const isJson = isUnnamed || encodingOf(headers['content-type']) === 'json';
  return {
    signal: 'traces',
    encoding: isJson ? 'zipkin-json' : undefined,
    answerTo: zipkinAnswerTo,
    refusal: zipkinRefusal,
  };
}

const dialects: ReadonlyMap<string, DialectOf> = new Map([
  ['/v1/traces', otlp('traces')],
  ['/v1/metrics', otlp('metrics')],
  ['/v1/logs', otlp('logs')],
  ['/api/v2/spans', zipkin],
]);

/** What is spoken at a path; nothing where there is none. */
export function dialectAt(path: string, headers: IncomingHttpHeaders): Dialect | undefined {
  return dialects.get(path)?.(headers);
}

/** In which words a sender is told that there is nothing at its path. */
export const dialectOfStranger: DialectOf = otlp('traces');
