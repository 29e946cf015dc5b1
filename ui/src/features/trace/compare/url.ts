import { compact, oneOf, type RawSearch, text } from '../../../base/search-params.ts';
import { type Verdict, verdicts } from '@sonde/model';

export interface CompareUrl {
  /** Trace ids, 32 lower-case hex digits. */
  readonly a?: string | undefined;
  readonly b?: string | undefined;
  /** The worst difference first, instead of as called. */
  readonly order?: 'worst' | undefined;
  /** Only rows of that verdict. */
  readonly only?: Verdict | undefined;
}

export function parseCompareUrl(raw: RawSearch): CompareUrl {
  return compact({
    a: readTraceId(raw['a']),
    b: readTraceId(raw['b']),
    order: oneOf(['worst'], raw['order']),
    only: oneOf(verdicts, raw['only']),
  });
}

/** What was pasted as a trace id; undefined where it is none. */
export function readTraceId(raw: unknown): string | undefined {
  const id = text(raw)?.trim().toLowerCase();
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}
