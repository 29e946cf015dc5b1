import type { listServices, ServiceSummary } from '@sonde/api';
import type { Static } from 'typebox';
import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { usualPercentilesNs } from './histograms.ts';
import { distinct, type Presence, presence } from './presence.ts';
import type { TimeRange } from './range.ts';
import { instrumentation } from './instrumentation.ts';
import { type Place, placeParams, placeTypes } from './ranked.ts';
import { serviceRows, type ServiceSource, serviceSource, serviceSources } from './request-rows.ts';
import { type RollupRange, rollupRange, rollupStep, rollupSteps, rollupStepTypes, rollupTypes } from './rollup-range.ts';
import { fillSteps } from './steps.ts';

const params = { ...rollupTypes, ...placeTypes } as const;
const trendCountMax = 30;

/** Requests, errors and percentiles of the groups of a query over request-rows.ts. */
export const redColumns = `toFloat64(sum(calls)) AS requests, toFloat64(sum(errors)) AS failures, ${usualPercentilesNs('requests')} AS percentilesNs`;
export const redTypes = { requests: 'Float64', failures: 'Float64', percentilesNs: 'Array(Float64)' } as const;

export const serviceRequestsQuery = (source: ServiceSource) =>
  defineQuery({
    name: `serviceRequests from ${source}`,
    isQuick: true,
    params,
    row: { service: 'LowCardinality(String)', ...redTypes },
    sql: `
SELECT service, ${redColumns}
FROM (
    ${serviceRows(source)}
)
GROUP BY service`,
  });

export const serviceTrendQuery = (source: ServiceSource) =>
  defineQuery({
    name: `serviceTrend from ${source}`,
    isQuick: true,
    params: { ...params, ...rollupStepTypes },
    row: { service: 'LowCardinality(String)', step: 'UInt32', requests: 'Float64' },
    sql: `
SELECT service, ${rollupStep} AS step, toFloat64(sum(calls)) AS requests
FROM (
    ${serviceRows(source)}
)
GROUP BY service, step`,
  });

const queries = {
  minutes: { requests: serviceRequestsQuery('minutes'), trend: serviceTrendQuery('minutes') },
  services: { requests: serviceRequestsQuery('services'), trend: serviceTrendQuery('services') },
  paths: { requests: serviceRequestsQuery('paths'), trend: serviceTrendQuery('paths') },
} as const;
export const allServicesQueries = serviceSources.flatMap((source) => [queries[source].requests, queries[source].trend]);

/** The services that sent anything in the range, the busiest first. Points and log records without a service are nobody's. */
export async function services(engine: Engine, range: TimeRange, place: Place): Promise<Static<typeof listServices.reply>> {
  const asked = rollupRange(range);
  const steps = rollupSteps(asked, trendCountMax);
  const { stepMs } = steps;
  return { range: asked.range, stepMs, timesMs: [...steps.timesMs], items: await serviceSummaries(engine, asked, place) };
}

export async function serviceSummaries(engine: Engine, asked: RollupRange, place: Place): Promise<ServiceSummary[]> {
  const steps = rollupSteps(asked, trendCountMax);
  const source = queries[serviceSource(asked.range, place)];
  const common = { ...asked.params, ...placeParams(place) };
  const [present, requests, trends, measured] = await Promise.all([
    presence(engine, asked, place),
    ask(engine, source.requests, common),
    ask(engine, source.trend, { ...common, ...steps.params }),
    instrumentation(engine, asked.range, place),
  ]);
  const byService = groupBy(
    present.filter((row) => row.service !== '' || row.signal === 'traces'),
    (row) => row.service,
  );
  const requestsOf = new Map(requests.map((row) => [row.service, row]));
  const trendOf = groupBy(trends, (row) => row.service);
  return [...byService]
    .map(([name, rows]) => summary(name, rows, measured, requestsOf.get(name), trendOf.get(name) ?? [], steps.timesMs.length))
    .toSorted((a, b) => b.requests - a.requests || compare(a.service, b.service));
}

interface Requests {
  readonly requests: number;
  readonly failures: number;
  readonly percentilesNs: readonly number[];
}

/** Requests, errors and percentiles of a reply; unknown percentiles where nothing was asked. */
export function red(row: Requests | undefined) {
  const [p50Ns = null, p95Ns = null, p99Ns = null] = row?.percentilesNs ?? [];
  return { requests: row?.requests ?? 0, errors: row?.failures ?? 0, p50Ns, p95Ns, p99Ns };
}

function summary(
  service: string,
  rows: readonly Presence[],
  measured: Awaited<ReturnType<typeof instrumentation>>,
  requests: Requests | undefined,
  trend: readonly { readonly step: number; readonly requests: number }[],
  steps: number,
): ServiceSummary {
  const sent = (signal: string) => rows.some((row) => row.signal === signal);
  const hosts = distinct(rows.map((row) => row.host));
  return {
    service,
    ...red(requests),
    instances: distinct(rows.map((row) => row.instance)).length,
    hosts,
    versions: distinct(rows.map((row) => row.version)),
    lastSeenMs: Math.max(...rows.map((row) => row.lastSeenMs)),
    signals: { traces: sent('traces'), metrics: sent('metrics'), logs: sent('logs') },
    instrumentation: { runtime: measured.runtimes.has(service), host: hosts.some((host) => measured.hosts.has(host)) },
    trend: fillSteps(
      steps,
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
