import { type Static, Type } from 'typebox';
import { AnsweredRange, Count, DurationNs, noParams, operation, orUnknown, Share, strictObject, timeRange } from './common.ts';

export const rankings = ['volume', 'latency', 'hotspot'] as const;
export const rankedKinds = ['api', 'endpoint', 'service', 'statement'] as const;
export const countedTimes = ['inclusive', 'self'] as const;

/** What is ranked. An api, endpoint: service + name. A service: service. A statement: the rest. */
export const TopKey = strictObject({
  kind: Type.Enum([...rankedKinds]),
  service: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  /** The query with its literals removed. */
  statement: Type.Optional(Type.String()),
  /** 16 hex digits; `statementHash` of GET /traces takes it. */
  statementHash: Type.Optional(Type.String()),
  /** `db.system.name`: postgresql, redis, ... */
  system: Type.Optional(Type.String()),
  /** Where the database answers: `server.address:server.port/db.namespace`, as far as it is known. */
  address: Type.Optional(Type.String()),
});

export const TopItem = strictObject({
  key: TopKey,
  requests: Count,
  errors: Count,
  /** Sum of the durations. */
  totalNs: DurationNs,
  /** Sum of the self times; unknown unless `time=self` was asked. */
  selfNs: orUnknown(DurationNs),
  p50Ns: DurationNs,
  p95Ns: DurationNs,
  p99Ns: DurationNs,
  /** At the percentile that was asked for. */
  percentileNs: DurationNs,
  maxNs: DurationNs,
  /** Of the total of what is ranked by (requests, or time); by latency: of the total time. */
  share: Share,
  /** What is ranked by, in each of 30 equal steps of the range: requests, the percentile (null where nothing ran) or time. */
  trend: Type.Array(orUnknown(Type.Number())),
  /** The same item in the period of equal length just before; unknown where it did not occur. */
  previous: orUnknown(
    strictObject({ requests: Count, totalNs: DurationNs, selfNs: orUnknown(DurationNs), percentileNs: DurationNs }),
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
    time: Type.Optional(Type.Enum([...countedTimes], { description: 'What a hotspot adds up. Default inclusive.' })),
    percentile: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 100, description: 'Of the latency ranking. Default 95.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 20.' })),
    service: Type.Optional(Type.String({ maxLength: 1024, description: 'Only what happened in this service.' })),
    host: Type.Optional(Type.String({ maxLength: 1024, description: 'Only what happened on this host.' })),
  }),
  reply: strictObject({
    range: AnsweredRange,
    /** Over everything that was ranked, not only the items shown. */
    total: strictObject({ items: Count, requests: Count, timeNs: DurationNs }),
    items: Type.Array(TopItem),
  }),
});
