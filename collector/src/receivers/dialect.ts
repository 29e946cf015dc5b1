import type { Encoding, Signal } from '@sonde/otlp';
import type { CommitOutcome } from '@sonde/store';
import type { ErrorCode } from '../errors.ts';
import { type Answer, answerTo, refusal } from './answer.ts';
import { encodingOf } from './content-type.ts';

/** What one sender speaks: how its body is to be read, and in what words it is answered. */
export interface Dialect {
  readonly signal: Signal;
  /** Nothing for a content type that is not taken at this path. */
  readonly encoding: Encoding | undefined;
  answerTo(outcome: CommitOutcome): Answer;
  refusal(code: ErrorCode, details?: string): Answer;
}

/** OTLP answers in the encoding of the request, and in JSON where that has none. */
function otlp(signal: Signal): (contentType: string | undefined) => Dialect {
  return (contentType) => {
    const encoding = encodingOf(contentType);
    return {
      signal,
      encoding,
      answerTo: (outcome) => answerTo(outcome, signal, encoding ?? 'json'),
      refusal: (code, details) => refusal(code, encoding ?? 'json', details),
    };
  };
}

const dialects: ReadonlyMap<string, (contentType: string | undefined) => Dialect> = new Map([
  ['/v1/traces', otlp('traces')],
  ['/v1/metrics', otlp('metrics')],
  ['/v1/logs', otlp('logs')],
]);

/** What is spoken at a path; nothing where there is none. */
export function dialectAt(path: string, contentType: string | undefined): Dialect | undefined {
  return dialects.get(path)?.(contentType);
}

/** In which words a sender is told that there is nothing at its path. */
export function dialectOfStranger(contentType: string | undefined): Dialect {
  return otlp('traces')(contentType);
}
