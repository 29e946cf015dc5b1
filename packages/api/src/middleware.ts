import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  DurationNs,
  Name,
  noParams,
  operation,
  orUnknown,
  rangeAndPlace,
  Series,
  Share,
  strictObject,
} from './common.ts';
import { ImpactedApi } from './impact.ts';

const Value = orUnknown(Type.Number());

export const MiddlewareFigure = strictObject({
  /** `hitRate`, `connections`, `replicationLag`: what a kind's operators know. */
  id: Type.String(),
  /** UCUM. */
  unit: Type.String(),
  value: Value,
});
export type MiddlewareFigure = Static<typeof MiddlewareFigure>;

/** A node of the map that is this middleware, under the name by which callers know it. */
export const MiddlewareClient = strictObject({
  kind: Type.Enum(['database', 'queue', 'remote']),
  system: Type.String(),
  /** `server.address:server.port`, as far as it is known. */
  address: Type.String(),
  /** The database, the destination. */
  name: Type.String(),
  /** The machine of the callers, where the address is a loopback. */
  host: orUnknown(Type.String()),
});
export type MiddlewareClient = Static<typeof MiddlewareClient>;

export const MiddlewareSummary = strictObject({
  id: Type.String(),
  /** redis, postgresql, …; `db.system.name` or `messaging.system` of what no receiver is known for. */
  kind: Type.String(),
  address: Type.String(),
  /** The machine it runs on, as far as one is known by that name or address. */
  host: orUnknown(Type.String()),
  version: Type.String(),
  /** both: it reports itself and is called. itself: nobody calls it. callers: no receiver asks it for its state. */
  seenBy: Type.Enum(['both', 'itself', 'callers']),
  /** Keys of the receivers that ask it, and the machines these run on. */
  receivers: Type.Array(strictObject({ receiver: Type.String(), host: Type.String() })),
  /** Whether it answered its receiver last. */
  up: orUnknown(Type.Boolean()),
  /** When its receiver told of it last. */
  lastSeenMs: orUnknown(Type.Integer()),
  /** Over the range; the first matters most. */
  figures: Type.Array(MiddlewareFigure),
  clients: Type.Array(MiddlewareClient),
  /** Ids of others that its callers may mean as well. Nothing tells which, so they are not joined. */
  candidates: Type.Array(Type.String()),
  /** Services that call it, or read from it. */
  callers: Type.Array(Type.String()),
  /** Of the callers' spans; of a queue those that publish. */
  requests: Count,
  errors: Count,
  /** Within 5 %. */
  p95Ns: orUnknown(DurationNs),
});
export type MiddlewareSummary = Static<typeof MiddlewareSummary>;

export const listMiddleware = operation({
  id: 'listMiddleware',
  path: '/middleware',
  summary: 'Databases, queues and servers: what they report of themselves, joined with what their callers see of them.',
  params: noParams,
  query: rangeAndPlace,
  reply: strictObject({
    /** The range that was asked for; callers are counted over whole minutes, and from 24 hours on over whole hours. */
    range: AnsweredRange,
    /** What is down first, then what is called most. */
    items: Type.Array(MiddlewareSummary),
  }),
});

export const MiddlewareStatement = strictObject({
  statement: Type.String(),
  /** 16 hex digits. */
  statementHash: Type.String(),
  database: Type.String(),
  requests: Count,
  errors: Count,
  totalNs: DurationNs,
  criticalNs: DurationNs,
  p95Ns: orUnknown(DurationNs),
  /** Of the time that all callers spent there. */
  share: Share,
});
export type MiddlewareStatement = Static<typeof MiddlewareStatement>;

export const MiddlewareQueue = strictObject({
  system: Type.String(),
  destination: Type.String(),
  /** Messages sent by instrumented services, and how long that took. */
  published: Count,
  errors: Count,
  p95Ns: orUnknown(DurationNs),
  /** Messages read, and how long they lay in it on average. */
  consumed: Count,
  meanWaitNs: orUnknown(DurationNs),
});
export type MiddlewareQueue = Static<typeof MiddlewareQueue>;

export const MiddlewareDetail = strictObject({
  range: AnsweredRange,
  summary: MiddlewareSummary,
  stepMs: Type.Integer({ minimum: 1 }),
  timesMs: Type.Array(Type.Integer()),
  /** In the order of its kind; those for which nothing was sent are left out. */
  charts: Type.Array(
    strictObject({
      id: Type.String(),
      unit: Type.String(),
      stacked: Type.Boolean(),
      max: orUnknown(Type.Number()),
      series: Type.Array(Series),
    }),
  ),
  /** What it says of its parts (queues, databases, statements), means over the range. */
  tables: Type.Array(
    strictObject({
      id: Type.String(),
      /** The attributes that name a row. */
      by: Type.Array(Type.String()),
      columns: Type.Array(strictObject({ id: Type.String(), unit: Type.String() })),
      rows: Type.Array(strictObject({ names: Type.Array(Type.String()), values: Type.Array(Value) })),
    }),
  ),
  /** What callers ask it, the most time first. */
  statements: Type.Array(MiddlewareStatement),
  queues: Type.Array(MiddlewareQueue),
  /** Those that lose most time there first. */
  apis: Type.Array(ImpactedApi),
});
export type MiddlewareDetail = Static<typeof MiddlewareDetail>;

export const getMiddleware = operation({
  id: 'getMiddleware',
  path: '/middleware/{id}',
  summary: 'One database, queue or server: its own metrics over time, what it is asked, and the APIs behind it.',
  params: strictObject({ id: Name }),
  query: rangeAndPlace,
  reply: MiddlewareDetail,
});
