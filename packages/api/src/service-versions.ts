import { type Static, Type } from 'typebox';
import { AnsweredRange, Count, Name, operation, orUnknown, percentiles, rangeAndPlace, strictObject } from './common.ts';

export const ServiceVersion = strictObject({
  version: Type.String(),
  requests: Count,
  errors: Count,
  ...percentiles,
  /** When it was first and last received from, of all that was ever kept; unknown where only its spans name it. */
  firstSeenMs: orUnknown(Type.Integer()),
  lastSeenMs: orUnknown(Type.Integer()),
  /** Distinct instances that it ever ran on. */
  instances: Count,
  /** Requests in each step. */
  trend: Type.Array(Count),
});
export type ServiceVersion = Static<typeof ServiceVersion>;

export const listServiceVersions = operation({
  id: 'listServiceVersions',
  path: '/services/{service}/versions',
  summary: 'The versions of a service: when each came, and how its requests went in the range.',
  params: strictObject({ service: Name }),
  query: rangeAndPlace,
  reply: strictObject({
    range: AnsweredRange,
    stepMs: Type.Integer({ minimum: 1 }),
    timesMs: Type.Array(Type.Integer()),
    /** The newest first; those that neither came nor were asked anything up to the end of the range are left out. */
    items: Type.Array(ServiceVersion),
  }),
});
