import { type Static, Type } from 'typebox';
import { AnsweredRange, Count, Name, operation, orUnknown, placeFilters, strictObject, timeRange, TraceId } from './common.ts';

export const ServiceError = strictObject({
  /** `exception.type`; of a failed span without an exception its `error.type`. Empty where it says neither. */
  type: Type.String(),
  /** Numbers, ids, addresses and quoted texts are each `?`, so that one fault is one group. At most 300 characters. */
  message: Type.String(),
  /** How often in the range. */
  count: Count,
  /** The same in the period of equal length just before. */
  previousCount: Count,
  /** It did not occur in the period before. Unknown where nothing at all is stored of that period. */
  isNew: orUnknown(Type.Boolean()),
  /** In the two periods. */
  firstSeenMs: Type.Integer(),
  lastSeenMs: Type.Integer(),
  /** How often in each step. */
  trend: Type.Array(Count),
  /** Spans that it occurred in, busiest first, at most three names. */
  names: Type.Array(Type.String()),
  /** The newest, as it was sent. */
  example: strictObject({ traceId: TraceId, message: Type.String() }),
});
export type ServiceError = Static<typeof ServiceError>;

export const listServiceErrors = operation({
  id: 'listServiceErrors',
  path: '/services/{service}/errors',
  summary: 'What went wrong in a service: exceptions, and failed spans without one, by type and normalized message.',
  params: strictObject({ service: Name }),
  query: strictObject({
    ...timeRange,
    ...placeFilters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Groups. Default 50.' })),
  }),
  reply: strictObject({
    range: AnsweredRange,
    stepMs: Type.Integer({ minimum: 1 }),
    timesMs: Type.Array(Type.Integer()),
    total: strictObject({ groups: Count, count: Count }),
    /** The most frequent first. */
    items: Type.Array(ServiceError),
  }),
});
