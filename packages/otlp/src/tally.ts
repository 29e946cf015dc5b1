import { limits } from './limits.ts';

/** What became of the items of one request so far. */
export class Tally {
  accepted = 0;
  rejected = 0;
  /** Why the first rejected item was. */
  reason = '';
  elementsLeft: number = limits.elementsPerRequestMax;

  reject(reason: string): void {
    if (this.rejected === 0) this.reason = reason;
    this.rejected++;
  }
}

export const reasons = {
  tooDeep: `an attribute value or body is nested deeper than ${limits.valueDepthMax} levels`,
  tooManyElements: `the request has more than ${limits.elementsPerRequestMax} items, events, links, exemplars and buckets`,
  timeRange: 'a time lies beyond the year 2262, the end of 64-bit nanoseconds',
  traceId: 'trace_id is not 16 bytes with one that is not zero',
  spanId: 'span_id is not 8 bytes with one that is not zero',
  parentSpanId: 'parent_span_id is neither empty nor 8 bytes',
  linkIds: 'a link has a trace_id that is neither empty nor 16 bytes, or a span_id neither empty nor 8',
} as const;
