import { type Static, Type } from 'typebox';
import { AnsweredRange, DurationNs, operation, SpanId, strictObject, TraceId, UnixNano } from './common.ts';
import { getTrace } from './traces.ts';

/** A span of another trace that has a link to a span of this one. */
export const LinkingSpan = strictObject({
  traceId: TraceId,
  spanId: SpanId,
  service: Type.String(),
  name: Type.String(),
  startTimeUnixNano: UnixNano,
  durationNs: DurationNs,
  failed: Type.Boolean(),
  /** Spans of this trace, as the links name them. */
  linkedSpanIds: Type.Array(SpanId),
});
export type LinkingSpan = Static<typeof LinkingSpan>;

export const listTraceLinks = operation({
  id: 'listTraceLinks',
  path: '/traces/{traceId}/links',
  summary:
    'Spans of other traces that link to this one, of those that began from its start to an hour after its end; earliest first.',
  params: getTrace.params,
  query: strictObject({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100.' })) }),
  reply: strictObject({
    /** Where was looked. */
    range: AnsweredRange,
    items: Type.Array(LinkingSpan),
    /** False: there are more. */
    complete: Type.Boolean(),
  }),
});
