import type { ServiceSummary } from '@sonde/api';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { groupBy } from './group-by.ts';
import { distinct, type Presence, presence } from './presence.ts';
import { rangeParams, rangeTypes, spansInRange, type TimeRange } from './range.ts';
import { hasFailed, isRequest, usualPercentiles } from './spans.ts';
import { fillSteps, trendStep, trendSteps } from './steps.ts';

const isAsked = `${spansInRange} AND ${isRequest} AND ({service:String} = '' OR service = {service:String})`;

export const serviceRequestsQuery = defineQuery({
  name: 'serviceRequests',
  params: { ...rangeTypes, service: 'String' },
  row: { service: 'LowCardinality(String)', requests: 'Float64', errors: 'Float64', percentilesNs: 'Array(Float64)' },
  sql: `
SELECT service, toFloat64(count()) AS requests, toFloat64(countIf(${hasFailed})) AS errors, ${usualPercentiles('duration_ns')} AS percentilesNs
FROM spans
WHERE ${isAsked}
GROUP BY service`,
});

export const serviceTrendQuery = defineQuery({
  name: 'serviceTrend',
  params: { ...rangeTypes, service: 'String' },
  row: { service: 'LowCardinality(String)', step: 'UInt8', requests: 'Float64' },
  sql: `
SELECT service, ${trendStep} AS step, toFloat64(count()) AS requests
FROM spans
WHERE ${isAsked}
GROUP BY service, step`,
});

/** The services that sent anything in the range, the busiest first. Points and log records without a service are nobody's. */
export async function services(engine: Engine, range: TimeRange, service = ''): Promise<ServiceSummary[]> {
  const params = { ...rangeParams(range), service };
  const [present, requests, trends] = await Promise.all([
    presence(engine, range, { service }),
    ask(engine, serviceRequestsQuery, params),
    ask(engine, serviceTrendQuery, params),
  ]);
  const byService = groupBy(
    present.filter((row) => row.service !== '' || row.signal === 'traces'),
    (row) => row.service,
  );
  const requestsOf = new Map(requests.map((row) => [row.service, row]));
  const trendOf = groupBy(trends, (row) => row.service);
  return [...byService]
    .map(([name, rows]) => summary(name, rows, requestsOf.get(name), trendOf.get(name) ?? []))
    .toSorted((a, b) => b.requests - a.requests || compare(a.service, b.service));
}

interface Requests {
  readonly requests: number;
  readonly errors: number;
  readonly percentilesNs: readonly number[];
}

/** Requests, errors and percentiles of a reply; unknown percentiles where nothing was asked. */
export function red(row: Requests | undefined) {
  const [p50Ns = null, p95Ns = null, p99Ns = null] = row?.percentilesNs ?? [];
  return { requests: row?.requests ?? 0, errors: row?.errors ?? 0, p50Ns, p95Ns, p99Ns };
}

function summary(
  service: string,
  rows: readonly Presence[],
  requests: Requests | undefined,
  trend: readonly { readonly step: number; readonly requests: number }[],
): ServiceSummary {
  const sent = (signal: string) => rows.some((row) => row.signal === signal);
  return {
    service,
    ...red(requests),
    instances: distinct(rows.map((row) => row.instance)).length,
    hosts: distinct(rows.map((row) => row.host)),
    versions: distinct(rows.map((row) => row.version)),
    lastSeenMs: Math.max(...rows.map((row) => row.lastSeenMs)),
    signals: { traces: sent('traces'), metrics: sent('metrics'), logs: sent('logs') },
    trend: fillSteps(
      trendSteps,
      trend,
      (row) => row.step,
      (row) => row.requests,
      0,
    ),
  };
}

/** By code point, the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
