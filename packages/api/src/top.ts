import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  DurationNs,
  noParams,
  operation,
  orUnknown,
  percentiles,
  placeFilters,
  Share,
  strictObject,
  timeRange,
} from './common.ts';

export const rankings = ['volume', 'latency', 'hotspot'] as const;
export const rankedKinds = ['api', 'endpoint', 'service', 'statement', 'queue', 'remote', 'host'] as const;
export const countedTimes = ['inclusive', 'self', 'critical'] as const;

/** What is ranked, by kind: api, endpoint: service, name. service: service. host: host. statement: statement to database. queue: system, destination. remote: address. */
export const TopKey = strictObject({
  kind: Type.Enum([...rankedKinds]),
  service: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  /** The query with its literals removed. */
  statement: Type.Optional(Type.String()),
  /** 16 hex digits; `statementHash` of GET /traces takes it. */
  statementHash: Type.Optional(Type.String()),
  host: Type.Optional(Type.String()),
  /** `db.system.name` (postgresql, redis, ...) or `messaging.system`. */
  system: Type.Optional(Type.String()),
  /** Where it answers: `server.address:server.port`, as far as it is known. */
  address: Type.Optional(Type.String()),
  /** `db.namespace`. */
  database: Type.Optional(Type.String()),
  /** `messaging.destination.name`. */
  destination: Type.Optional(Type.String()),
});

export const TopItem = strictObject({
  key: TopKey,
  requests: Count,
  errors: Count,
  /** Sum of the durations; of a queue also what its messages waited. */
  totalNs: DurationNs,
  /** Sum of the self times; of a service or a host those of all its spans but its calls. */
  selfNs: DurationNs,
  /** How much of the durations of the APIs that caused them was spent in them, on the critical path. */
  criticalNs: DurationNs,
  /** Percentiles come from histograms: within 5 % of the exact. Unknown where nothing was measured. */
  ...percentiles,
  /** At the percentile that was asked for. */
  percentileNs: orUnknown(DurationNs),
  maxNs: DurationNs,
  /** Of a queue: messages that were consumed, and how long they lay in it, in all. */
  messages: Type.Optional(Count),
  waitNs: Type.Optional(DurationNs),
  /** Of the total of what is ranked by (requests, or time); by latency: of the total time. */
  share: Share,
  /** What is ranked by, in each step of `timesMs`: requests, the percentile (null where nothing ran) or time. */
  trend: Type.Array(orUnknown(Type.Number())),
  /** The same item in the period just before, sums as of one of equal length; unknown where it did not occur. */
  previous: orUnknown(
    strictObject({
      requests: Count,
      errors: Count,
      totalNs: DurationNs,
      selfNs: DurationNs,
      criticalNs: DurationNs,
      percentileNs: orUnknown(DurationNs),
    }),
  ),
});
export type TopItem = Static<typeof TopItem>;

export const getTop = operation({
  id: 'getTop',
  path: '/top',
  summary: 'The top N by volume, latency or hotspot.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    by: Type.Enum([...rankings], {
      description: 'volume: number of requests. latency: a percentile. hotspot: total time in the range.',
    }),
    of: Type.Enum([...rankedKinds], {
      description: 'api: the endpoint through which a trace enters. endpoint: SERVER and CONSUMER spans by service and name.',
    }),
    time: Type.Optional(
      Type.Enum([...countedTimes], {
        description: 'What a hotspot adds up: durations, self times, or what critical paths spent. Default inclusive.',
      }),
    ),
    percentile: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 100, description: 'Of the latency ranking. Default 95.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 20.' })),
    service: Type.Optional(Type.String({ maxLength: 1024, description: 'Only what happened in this service.' })),
    host: Type.Optional(Type.String({ maxLength: 1024, description: 'Only what happened on this host.' })),
    ...placeFilters,
  }),
  reply: strictObject({
    /** The range that was asked for, widened to whole minutes, and from 24 hours on to whole hours. */
    range: AnsweredRange,
    /** Steps of the trends; the first may begin before the range. */
    stepMs: Type.Integer({ minimum: 1 }),
    timesMs: Type.Array(Type.Integer()),
    /** Over everything that was ranked, not only the items shown. */
    total: strictObject({ items: Count, requests: Count, timeNs: DurationNs }),
    items: Type.Array(TopItem),
  }),
});
