import type { Query } from './define.ts';
import { elsewhereQuery, hostRequestsQuery } from './host.ts';
import { hostResourceQuery } from './hosts.ts';
import { latencyBucketsQuery, latencyHeatmapQuery, latencySummaryQuery } from './latency.ts';
import { counterQuery, histogramSumQuery, hostGaugeQuery, instanceGaugeQuery } from './metric-points.ts';
import { presenceQuery } from './presence.ts';
import { instanceRequestsQuery, requestsOverTimeQuery } from './service.ts';
import { serviceRequestsQuery, serviceTrendQuery } from './services.ts';
import { allTopQueries } from './top.ts';
import { traceResourcesQuery, traceSpansQuery } from './trace-spans.ts';
import { longestTracesQuery, newestTracesQuery, traceBoundsQuery, traceRootsQuery, traceServicesQuery } from './traces.ts';

/** Every query there is, for the test that compares each with what the engine says of it. */
export const allQueries: readonly Query[] = [
  presenceQuery,
  serviceRequestsQuery,
  serviceTrendQuery,
  instanceRequestsQuery,
  requestsOverTimeQuery,
  counterQuery,
  histogramSumQuery,
  hostGaugeQuery,
  instanceGaugeQuery,
  hostResourceQuery,
  hostRequestsQuery,
  elsewhereQuery,
  latencySummaryQuery,
  latencyBucketsQuery,
  latencyHeatmapQuery,
  newestTracesQuery,
  longestTracesQuery,
  traceBoundsQuery,
  traceServicesQuery,
  traceRootsQuery,
  traceSpansQuery,
  traceResourcesQuery,
  ...allTopQueries,
];
