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
  strictObject,
  timeRange,
} from './common.ts';

/** What an API owes those who call it until it is given an objective of its own. */
export const defaultObjective = { okShare: 0.999, p99Ns: 1_000_000_000 } as const;

/** Below this many requests or calls no share and no percentile says anything: the state is unknown. */
export const judgedRequestsMin = 10;

export const healthStates = ['healthy', 'degraded', 'unknown'] as const;

/**
 * Why something is not healthy.
 *
 * - `errors`: more failed than the objective allows (of a middleware: more than 1 % of its calls failed).
 * - `latency`: its p99 is above the objective's (of a middleware: its p95 is at least twice that of the period before).
 * - `busy`: the host's mean CPU utilisation is above 85 %.
 * - `silent`: it was heard of in the range or in the period before, and not in the last three minutes.
 * - `few`: fewer than ten requests; of a host: it sends no CPU metrics.
 */
export const healthReasons = ['errors', 'latency', 'busy', 'silent', 'few'] as const;

const health = { state: Type.Enum([...healthStates]), reason: orUnknown(Type.Enum([...healthReasons])) };

/** A host that is degraded: busy or silent. */
export const TroubledHost = strictObject({
  host: Type.String(),
  reason: Type.Enum(['busy', 'silent']),
  cpu: orUnknown(Type.Number({ minimum: 0 })),
  lastSeenMs: Type.Integer(),
});
export type TroubledHost = Static<typeof TroubledHost>;

export const OverviewApi = strictObject({
  service: Type.String(),
  name: Type.String(),
  ...health,
  requests: Count,
  errors: Count,
  ...percentiles,
  /** Errors of those that the objective allows in as many requests: 1 is all of the budget. Unknown without requests. */
  budgetBurnt: orUnknown(Type.Number({ minimum: 0 })),
  /** p95 in each step; unknown where there was no request. */
  trend: Type.Array(orUnknown(DurationNs)),
  /** Time on its critical path while its callers waited, by where it was spent. */
  time: strictObject({
    /** In the service that it enters by. */
    ownNs: DurationNs,
    /** In other services. */
    servicesNs: DurationNs,
    databaseNs: DurationNs,
    queueNs: DurationNs,
    remoteNs: DurationNs,
  }),
  /** Hosts in trouble on which its spans ran, in the order of their names. */
  hosts: Type.Array(TroubledHost),
});
export type OverviewApi = Static<typeof OverviewApi>;

const layer = <Key extends Parameters<typeof strictObject>[0]>(key: Key) =>
  strictObject({
    count: Count,
    healthy: Count,
    degraded: Count,
    unknown: Count,
    /** At most sixty of them: degraded, unknown, healthy; the worst first. */
    items: Type.Array(strictObject({ ...key, ...health })),
  });

export const getOverview = operation({
  id: 'getOverview',
  path: '/overview',
  summary: 'Each API with how well it keeps its objective, worst first; above it APIs, middleware and hosts by their state.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...placeFilters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'APIs. Default 100.' })),
  }),
  /**
   * Out of rollups (hosts: out of their metrics), so what arrived in the last seconds is missing. Worst: the API that missed its
   * objective most, where missing is the greater of the budget burnt in the range and its p99 over that of the objective; first those
   * that missed it, then those of which too little is known, then the others. The busiest 10,000 APIs are judged.
   */
  reply: strictObject({
    range: AnsweredRange,
    stepMs: Type.Integer({ minimum: 1 }),
    timesMs: Type.Array(Type.Integer()),
    objective: strictObject({ okShare: Type.Number(), p99Ns: DurationNs }),
    apis: Type.Array(OverviewApi),
    layers: strictObject({
      apis: layer({ service: Type.String(), name: Type.String() }),
      middleware: layer({
        kind: Type.Enum(['database', 'queue']),
        system: Type.String(),
        /** A database's `server.address:server.port`. */
        address: Type.String(),
        /** A database's namespace, a queue's destination. */
        name: Type.String(),
      }),
      hosts: layer({ host: Type.String() }),
    }),
  }),
});
export type Overview = Static<typeof getOverview.reply>;
