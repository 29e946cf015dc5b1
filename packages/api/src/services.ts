import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  Name,
  noParams,
  operation,
  orUnknown,
  percentiles,
  rangeAndPlace,
  Series,
  strictObject,
} from './common.ts';

const red = {
  /** SERVER and CONSUMER spans. */
  requests: Count,
  errors: Count,
  /** Unknown where there was no request. */
  ...percentiles,
};

export const ServiceSummary = strictObject({
  service: Type.String(),
  ...red,
  /** Distinct `service.instance.id`. */
  instances: Count,
  hosts: Type.Array(Type.String()),
  versions: Type.Array(Type.String()),
  /** Of the newest of its spans, data points and log records in the range. */
  lastSeenMs: Type.Integer(),
  /** Which signals it sent in the range. */
  signals: strictObject({ traces: Type.Boolean(), metrics: Type.Boolean(), logs: Type.Boolean() }),
  /** Whether it sends metrics of its runtime, and whether the CPU of a host that it runs on is measured. */
  instrumentation: strictObject({ runtime: Type.Boolean(), host: Type.Boolean() }),
  /** Requests in each of at most 31 steps of the range. */
  trend: Type.Array(Count),
});
export type ServiceSummary = Static<typeof ServiceSummary>;

export const listServices = operation({
  id: 'listServices',
  path: '/services',
  summary: 'The services that sent anything in the range, busiest first.',
  params: noParams,
  query: rangeAndPlace,
  /** The range is widened to whole minutes, from 24 hours on to whole hours; `stepMs` and `timesMs` are the steps of the trends, the first may begin before it. */
  reply: strictObject({
    range: AnsweredRange,
    stepMs: Type.Integer({ minimum: 1 }),
    timesMs: Type.Array(Type.Integer()),
    items: Type.Array(ServiceSummary),
  }),
});

export const ServiceInstance = strictObject({
  instance: Type.String(),
  host: Type.String(),
  version: Type.String(),
  ...red,
  lastSeenMs: Type.Integer(),
  /** Mean CPU utilisation (0..1, all states but idle) of its host over the range. */
  hostCpu: orUnknown(Type.Number()),
});
export type ServiceInstance = Static<typeof ServiceInstance>;

/** All series share `timesMs` (the start of each step); `stepMs` wide. */
export const ServiceDetail = strictObject({
  range: AnsweredRange,
  summary: ServiceSummary,
  instances: Type.Array(ServiceInstance),
  stepMs: Type.Integer({ minimum: 1 }),
  timesMs: Type.Array(Type.Integer()),
  /** Names: requests (`{request}/s`), errors (`{request}/s`). */
  rates: Type.Array(Series),
  /** Names: p50, p95, p99 (`ns`). */
  latency: Type.Array(Series),
  /** One per host it runs on, named by the host: CPU utilisation 0..1 (`1`). */
  hostCpu: Type.Array(Series),
  /** Runtime metrics it sends: `nodejs.eventloop.delay.p99` (`s`), `v8js.memory.heap.used` (`By`), `v8js.gc.duration` (`s/s`); empty when it sends none. */
  runtime: Type.Array(Series),
});
export type ServiceDetail = Static<typeof ServiceDetail>;

export const getService = operation({
  id: 'getService',
  path: '/services/{service}',
  summary: 'One service: its rates and latency, its instances, and the CPU of the hosts that it runs on.',
  params: strictObject({ service: Name }),
  query: rangeAndPlace,
  reply: ServiceDetail,
});
