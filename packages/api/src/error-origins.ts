import { type Static, Type } from 'typebox';
import { AnsweredRange, Count, noParams, operation, strictObject, timeRange, TraceId } from './common.ts';
import { selectionFilters } from './compare.ts';
import { traceFilters } from './traces.ts';

export const ErrorOrigin = strictObject({
  service: Type.String(),
  name: Type.String(),
  /** Of the span's exception, or its `error.type`; empty where it says neither. */
  type: Type.String(),
  /** Of the exception or of the status, with UUIDs, long hexadecimal ids and numbers replaced by `?`. */
  message: Type.String(),
  /** Failed spans of which no child failed. */
  spans: Count,
  /** Traces with such a span. */
  traces: Count,
  /** The newest of them. */
  exampleTraceId: TraceId,
});
export type ErrorOrigin = Static<typeof ErrorOrigin>;

export const getErrorOrigins = operation({
  id: 'getErrorOrigins',
  path: '/traces/errors',
  summary: 'Where the errors of the selected traces began: failed spans without a failed child, by what failed and why.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...traceFilters,
    ...selectionFilters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'Default 50.' })),
  }),
  reply: strictObject({
    range: AnsweredRange,
    /** Traces with a selected span and a failed one that were looked at: the newest, 1,000 at most. */
    examined: Count,
    /** Whether these are all. */
    complete: Type.Boolean(),
    /** Origins in all of them, those beyond `limit` too. */
    spans: Count,
    /** Those in the most traces first. */
    items: Type.Array(ErrorOrigin),
  }),
});
