import { type Static, Type } from 'typebox';
import { Count, DurationNs, operation, SpanId, strictObject, UnixNano } from './common.ts';
import { getTrace, Trace } from './traces.ts';

const Numbers = Type.Array(Count);
const Durations = Type.Array(DurationNs);
const Texts = Type.Array(Type.String());

/** `StoredSpans` of the model, whose reader makes spans of them. */
const StoredSpanColumns = strictObject({
  texts: Texts,
  spanId: Type.Array(SpanId),
  parentSpanId: Texts,
  startTimeUnixNano: Type.Array(UnixNano),
  durationNs: Durations,
  selfNs: Durations,
  criticalNs: Durations,
  kind: Numbers,
  statusCode: Numbers,
  statusMessage: Numbers,
  service: Numbers,
  name: Numbers,
  host: Numbers,
  instance: Numbers,
  scope: Numbers,
  traceState: Numbers,
  attributeKeys: Numbers,
  attributeTypes: Numbers,
  statementText: Numbers,
  statementHash: Numbers,
  attributeValues: Texts,
  events: Texts,
  links: Texts,
  droppedAttributesCount: Numbers,
  droppedEventsCount: Numbers,
  droppedLinksCount: Numbers,
  flags: Numbers,
  resource: Numbers,
});

export const TraceColumns = strictObject({ ...Trace.properties, spans: StoredSpanColumns });
export type TraceColumns = Static<typeof TraceColumns>;

export const getTraceColumns = operation({
  id: 'getTraceColumns',
  path: '/traces/{traceId}/columns',
  summary:
    'The same trace by columns, as stored: a third of the bytes, most of them unread until a span is looked at. For the dashboard.',
  params: getTrace.params,
  query: getTrace.query,
  reply: TraceColumns,
});
