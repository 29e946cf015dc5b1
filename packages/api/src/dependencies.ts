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
  TraceId,
} from './common.ts';

export const dependencyLevels = ['service', 'endpoint'] as const;
export const nodeKinds = ['service', 'endpoint', 'database', 'queue', 'remote'] as const;

/** Whole numbers of calls as one side measured them, and their percentiles (within 5 %), if `edgePercentiles` asked for them. */
export const SideFigures = strictObject({
  requests: Count,
  errors: Count,
  totalNs: DurationNs,
  p50Ns: orUnknown(DurationNs),
  p95Ns: orUnknown(DurationNs),
  p99Ns: orUnknown(DurationNs),
  maxNs: DurationNs,
});
export type SideFigures = Static<typeof SideFigures>;

export const DependencyNode = strictObject({
  /** Made of kind and names; `focus` takes it. */
  id: Type.String(),
  kind: Type.Enum([...nodeKinds]),
  /** service, endpoint. */
  service: Type.Optional(Type.String()),
  /** endpoint. */
  name: Type.Optional(Type.String()),
  /** database: `db.system.name`; queue: `messaging.system`. */
  system: Type.Optional(Type.String()),
  /** database, remote: `server.address:server.port`. */
  address: Type.Optional(Type.String()),
  /** database: `db.namespace`. */
  database: Type.Optional(Type.String()),
  /** queue: `messaging.destination.name`. */
  destination: Type.Optional(Type.String()),
  /** What it was asked, by its own spans; of what does not report, by its callers'. */
  requests: Count,
  errors: Count,
  /** How many took `slowMs` or longer (within 9 %), if that was asked for. */
  slow: Type.Optional(Count),
  p50Ns: orUnknown(DurationNs),
  p95Ns: orUnknown(DurationNs),
  p99Ns: orUnknown(DurationNs),
  /** Distinct `service.instance.id`, and hosts; unknown of what does not report. */
  instances: orUnknown(Count),
  hosts: orUnknown(Count),
  /** Share of all requests to APIs that came here and were waited for; to an endpoint each time that they came. */
  requestShare: Share,
  /** Share of all time on critical paths that was spent here. */
  criticalShare: Share,
  /** How many call it. */
  fanIn: Count,
  /** `requestShare x fanIn / instances` where it is on critical paths, else 0: single points of failure come first. */
  criticality: Type.Number({ minimum: 0 }),
});
export type DependencyNode = Static<typeof DependencyNode>;

export const DependencyEdge = strictObject({
  from: Type.String(),
  to: Type.String(),
  /** As the caller measured it; unknown where it did not report. */
  client: orUnknown(SideFigures),
  /** As the callee measured it. The client's mean less this one's is the network. */
  server: orUnknown(SideFigures),
  /** How much of the calls' time was on critical paths. */
  criticalShare: Share,
  /** P(caller fails | callee fails); unknown where no call failed. */
  callerFailureShare: orUnknown(Share),
  /** strong: the caller mostly fails with it. weak: it mostly does not. Unknown below 5 failures. */
  strength: orUnknown(Type.Enum(['strong', 'weak'])),
  /** From a queue: how long its messages lay in it, in all. */
  waitNs: DurationNs,
});
export type DependencyEdge = Static<typeof DependencyEdge>;

export const DependencyCycle = strictObject({
  /** Ids in the order of the calls; the last calls the first. */
  nodes: Type.Array(Type.String()),
  /** loop: one trace went round. static: only all traces together do. */
  kind: Type.Enum(['loop', 'static']),
  /** A trace that went round. */
  exampleTraceId: orUnknown(TraceId),
});
export type DependencyCycle = Static<typeof DependencyCycle>;

export const getDependencies = operation({
  id: 'getDependencies',
  path: '/dependencies',
  summary: 'Who calls whom: services or endpoints, databases, queues and remotes.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    level: Type.Optional(Type.Enum([...dependencyLevels], { description: 'Default service.' })),
    focus: Type.Optional(
      Type.String({
        maxLength: 4096,
        pattern: `^(${nodeKinds.join('|')}):`,
        description: 'Id of a node of this level: only it and what is near it; nothing where it does not occur in the range.',
      }),
    ),
    depth: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10, description: 'How many calls away from the focus. Default 2.' }),
    ),
    apiService: Type.Optional(
      Type.String({
        maxLength: 1024,
        description:
          'With `apiName`: only what the requests of this API passed. Nodes then have the figures of its requests, edges those of all requests between what it passed.',
      }),
    ),
    apiName: Type.Optional(Type.String({ maxLength: 4096, description: 'The name of the endpoint that is the API.' })),
    edgePercentiles: Type.Optional(
      Type.Boolean({
        description: 'Also the percentiles of each edge: half of the work for a large map, so null by default.',
      }),
    ),
    slowMs: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3_600_000, description: 'Count of each node what took as long or longer.' }),
    ),
    ...placeFilters,
  }),
  reply: strictObject({
    range: AnsweredRange,
    /** Most critical first. */
    nodes: Type.Array(DependencyNode),
    /** Busiest first. */
    edges: Type.Array(DependencyEdge),
    cycles: Type.Array(DependencyCycle),
    /** More than 20,000 edges were found: the least busy are missing. */
    isTruncated: Type.Boolean(),
  }),
});
