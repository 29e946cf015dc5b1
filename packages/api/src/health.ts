import { type Static, Type } from 'typebox';
import { Count, noParams, operation, orUnknown, strictObject } from './common.ts';
import { DiskState } from './retention.ts';

/** What became of the items (spans, log records, data points) of one signal since this process started. */
export const SignalCounters = strictObject({
  /** Items in requests that could be decoded: received = stored + pending + rejected + refused + quarantined. */
  received: Count,
  /** In the database. */
  stored: Count,
  /** Acknowledged, in the spool. */
  pending: Count,
  /** Illegal by themselves (an all-zero trace id); told to the sender as partial success. */
  rejected: Count,
  /** Legal, but answered with a retryable error: the sender still has them. */
  refused: Count,
  /** Acknowledged, but could not be stored; kept in the quarantine folder. */
  quarantined: Count,
});

export const Health = strictObject({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]),
  version: Type.String(),
  uptimeSeconds: Type.Number(),
  store: strictObject({
    kind: Type.Union([Type.Literal('embedded'), Type.Literal('server')]),
    /** Empty until the database has been there once. */
    version: Type.String(),
    /** Whether the database answered when it was last asked; while it does not, what is taken waits in the spool. */
    state: Type.Union([Type.Literal('reachable'), Type.Literal('unreachable')]),
  }),
  /** The disk that holds the database, when it was last looked at; null until then. */
  disk: orUnknown(DiskState),
  spool: strictObject({ bytes: Count, files: Count, oldestSeconds: Type.Number({ minimum: 0 }) }),
  /** How far rankings, map and impact have come: they know what was stored before `throughMs`; unknown until the first window. */
  settled: strictObject({
    throughMs: orUnknown(Count),
    spans: Count,
    /** Spans beyond the 2,000 names a day that a service may have in the rollups: counted there as `{other}`. */
    overflowedSpans: Count,
    /** Windows (`SONDE_SETTLE_WINDOW_SECONDS`) that could not be settled: the rollups lack their spans. */
    skippedWindows: Count,
  }),
  counters: strictObject({ traces: SignalCounters, metrics: SignalCounters, logs: SignalCounters }),
  /** Requests that were turned away whole, by reason: malformed, too-large, spool-full, ... */
  refusedRequests: Type.Record(Type.String(), Count),
  /** Rejected and quarantined items by reason. */
  drops: Type.Array(strictObject({ signal: Type.String(), outcome: Type.String(), reason: Type.String(), items: Count })),
});
export type Health = Static<typeof Health>;

export const getHealth = operation({
  id: 'getHealth',
  path: '/health',
  summary: 'Whether the collector works, and where every item went.',
  params: noParams,
  query: strictObject({}),
  reply: Health,
});
