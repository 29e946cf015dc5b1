import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  DurationNs,
  noParams,
  operation,
  orUnknown,
  placeFilters,
  Share,
  strictObject,
  timeRange,
} from './common.ts';

export const ImpactedApi = strictObject({
  service: Type.String(),
  name: Type.String(),
  /** api: traces enter by it. job: nobody called (a timer, a batch, a page). */
  kind: Type.Enum(['api', 'job']),
  requests: Count,
  /** Of these, requests that came through and waited for it. */
  affectedRequests: Count,
  /** Messages of the API that were consumed there, by which nobody was kept waiting. */
  affectedMessages: Count,
  /** `affectedRequests` of `requests`. */
  share: Share,
  /** How long the API's critical path was there, in all. */
  criticalNs: DurationNs,
  /** Of all time on its critical path. */
  criticalShare: Share,
  /** Of a queue: how long the API's messages lay in it, in all. */
  waitNs: DurationNs,
  errors: Count,
  /** Of all requests to the API; within 5 %. */
  p95Ns: orUnknown(DurationNs),
  /** The same in the baseline. */
  baselineP95Ns: orUnknown(DurationNs),
});
export type ImpactedApi = Static<typeof ImpactedApi>;

const name = (what: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description: what }));

export const getImpact = operation({
  id: 'getImpact',
  path: '/impact',
  summary: 'Which APIs pass through a host, statement, queue, service or remote, and what share of their time is spent there.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    host: name('Of this host. One of host, statement, queue, service and remote must be given.'),
    statement: Type.Optional(
      Type.String({ pattern: '^[0-9a-fA-F]{16}$', description: 'Of this statement: its hash, 16 hex digits.' }),
    ),
    queue: name('Of this queue: its `messaging.destination.name`.'),
    service: name('Of this service.'),
    remote: name('Of this remote: `server.address:server.port`.'),
    baselineFrom: Type.Optional(
      Type.String({ maxLength: 40, description: 'Start of the baseline. Default: the period of equal length just before.' }),
    ),
    baselineTo: Type.Optional(Type.String({ maxLength: 40, description: 'End of the baseline.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100.' })),
    ...placeFilters,
  }),
  reply: strictObject({
    /** The range that was asked for, widened to whole minutes, and from 24 hours on to whole hours. */
    range: AnsweredRange,
    baseline: AnsweredRange,
    /** All that pass through, not only the ones shown. */
    total: strictObject({ apis: Count, affectedRequests: Count, criticalNs: DurationNs }),
    /** Those that lose most time there first. */
    apis: Type.Array(ImpactedApi),
  }),
});
