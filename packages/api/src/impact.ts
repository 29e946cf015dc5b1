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
import { baselineRange } from './changes.ts';

export const ImpactedApi = strictObject({
  service: Type.String(),
  name: Type.String(),
  /** api: traces enter by it. job: nobody called (a timer, a batch, a page). */
  kind: Type.Enum(['api', 'job']),
  requests: Count,
  /** Of these, requests that came through and waited for it; of a database at most so many: who asked it two statements may count twice. */
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
  /**
   * Of a host: its requests to endpoints that other hosts serve too, for this API; how long they took in the mean, and how long the same
   * endpoints take elsewhere, in the shares of this host. null: of nothing else than a host, and where nothing can be compared.
   */
  control: orUnknown(strictObject({ requests: Count, meanNs: DurationNs, elsewhereMeanNs: DurationNs })),
});
export type ImpactedApi = Static<typeof ImpactedApi>;

const name = (what: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description: what }));

/** What an API can pass through; a question takes exactly one of them. */
export const injuredParts = {
  host: name('Of this host. One of host, statement, queue, service, database and remote must be given.'),
  statement: Type.Optional(
    Type.String({ pattern: '^[0-9a-fA-F]{16}$', description: 'Of this statement: its hash, 16 hex digits.' }),
  ),
  queue: name('Of this queue: its `messaging.destination.name`.'),
  service: name('Of this service.'),
  database: name(
    'Of this database: its `server.address:server.port`, with `/` and its `db.namespace` where only that is meant.',
  ),
  remote: name('Of this remote: `server.address:server.port`.'),
};

export const getImpact = operation({
  id: 'getImpact',
  path: '/impact',
  summary:
    'Which APIs pass through a host, statement, queue, service, database or remote, and what share of their time is spent there.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...injuredParts,
    ...baselineRange,
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
