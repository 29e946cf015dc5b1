import { spanKinds, statusCodes } from '@sonde/model';
import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  DurationNs,
  noParams,
  operation,
  placeFilters,
  orUnknown,
  SpanId,
  strictObject,
  timeRange,
  TraceId,
  UnixNano,
} from './common.ts';

export const traceFilters = {
  q: Type.Optional(
    Type.String({
      description:
        'A search (docs/formats/search.md) that one span matches as a whole: service.name = cart and duration > 500ms. At most 4096 characters.',
    }),
  ),
  service: Type.Optional(Type.String({ maxLength: 1024, description: 'A span of this service.' })),
  name: Type.Optional(Type.String({ maxLength: 4096, description: 'A span of this name.' })),
  ...placeFilters,
  host: Type.Optional(Type.String({ maxLength: 1024, description: 'A span on this host.' })),
  statementHash: Type.Optional(Type.String({ pattern: '^[0-9a-f]{16}$', description: 'A span that ran this statement.' })),
  status: Type.Optional(
    Type.Enum(['ok', 'error'], { description: 'error: a span of that description failed; ok: none failed.' }),
  ),
  minDurationMs: Type.Optional(Type.Number({ minimum: 0, description: 'The span that is described lasted at least this.' })),
  maxDurationMs: Type.Optional(Type.Number({ minimum: 0 })),
  attribute: Type.Optional(
    Type.Array(Type.String({ pattern: '^[^=]+=', maxLength: 8192 }), {
      maxItems: 16,
      description: 'key=value of a span attribute; repeat for more.',
    }),
  ),
};

export const TraceSummary = strictObject({
  traceId: TraceId,
  startTimeUnixNano: UnixNano,
  /** From the first start to the last end of its spans. */
  durationNs: DurationNs,
  /**
   * The first span that has no parent; where each has one, the first whose parent is not recorded; in a cycle, the first. Of several at once the
   * longest.
   */
  root: strictObject({ service: Type.String(), name: Type.String() }),
  spanCount: Count,
  errorCount: Count,
  services: Type.Array(strictObject({ service: Type.String(), spans: Count })),
});
export type TraceSummary = Static<typeof TraceSummary>;

export const listTraces = operation({
  id: 'listTraces',
  path: '/traces',
  summary: 'Traces with one span that matches every filter, newest or longest first.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...traceFilters,
    sort: Type.Optional(Type.Enum(['time', 'duration'], { description: 'Default time: newest first.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 50.' })),
    cursor: Type.Optional(Type.String({ maxLength: 200, description: 'nextCursor of the page before.' })),
  }),
  reply: strictObject({ range: AnsweredRange, items: Type.Array(TraceSummary), nextCursor: Type.Optional(Type.String()) }),
});

/** A scalar as it was sent; integers beyond 2^53 and bytes (base64) as strings; arrays and kvlists as JSON values. */
export const AttributeValue = Type.Unknown();
export const Attributes = Type.Record(Type.String(), AttributeValue);

export const SpanEvent = strictObject({
  timeUnixNano: UnixNano,
  name: Type.String(),
  attributes: Attributes,
  droppedAttributesCount: Count,
});
export const SpanLink = strictObject({
  traceId: TraceId,
  spanId: SpanId,
  traceState: Type.String(),
  attributes: Attributes,
  droppedAttributesCount: Count,
  flags: Count,
});

export const Span = strictObject({
  spanId: SpanId,
  /** Empty where there is none. */
  parentSpanId: Type.String(),
  service: Type.String(),
  name: Type.String(),
  kind: Type.Enum([...spanKinds]),
  startTimeUnixNano: UnixNano,
  durationNs: DurationNs,
  /** Duration minus the part covered by its children. */
  selfNs: DurationNs,
  /** The part of the trace's critical path spent in this span itself. */
  criticalNs: DurationNs,
  status: strictObject({ code: Type.Enum([...statusCodes]), message: Type.String() }),
  attributes: Attributes,
  droppedAttributesCount: Count,
  events: Type.Array(SpanEvent),
  droppedEventsCount: Count,
  links: Type.Array(SpanLink),
  droppedLinksCount: Count,
  traceState: Type.String(),
  flags: Count,
  /** Into `resources`. */
  resource: Type.Integer({ minimum: 0 }),
  scope: strictObject({ name: Type.String(), version: Type.String(), attributes: Attributes, schemaUrl: Type.String() }),
  host: Type.String(),
  instance: Type.String(),
  /** Of a database call: the query with its literals removed, and its hash. */
  statement: orUnknown(strictObject({ text: Type.String(), hash: Type.String() })),
});
export type Span = Static<typeof Span>;

export const TraceWarning = strictObject({
  code: Type.Enum(['missing-parent', 'clock-skew', 'negative-duration', 'duplicate-span-id', 'parent-cycle', 'truncated']),
  message: Type.String(),
  spanIds: Type.Array(SpanId),
});

export const Trace = strictObject({
  traceId: TraceId,
  startTimeUnixNano: UnixNano,
  durationNs: DurationNs,
  /** In order of start time. */
  spans: Type.Array(Span),
  resources: Type.Array(strictObject({ attributes: Attributes, droppedAttributesCount: Count, schemaUrl: Type.String() })),
  warnings: Type.Array(TraceWarning),
});
export type Trace = Static<typeof Trace>;

export const getTrace = operation({
  id: 'getTrace',
  path: '/traces/{traceId}',
  summary: 'Every span of one trace.',
  params: strictObject({ traceId: Type.String({ pattern: '^[0-9a-fA-F]{32}$' }) }),
  query: strictObject({}),
  reply: Trace,
});
