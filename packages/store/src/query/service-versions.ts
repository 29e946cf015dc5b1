import type { listServiceVersions, ServiceVersion } from '@sonde/api';
import type { Static } from 'typebox';
import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { inventory } from './inventory.ts';
import { distinct } from './presence.ts';
import type { TimeRange } from './range.ts';
import { isInPlace, type Place, placeParams, placeTypes } from './ranked.ts';
import { requestRows, type RequestSource, requestSource, requestSources } from './request-rows.ts';
import { rollupRange, rollupStep, rollupSteps, rollupStepTypes, rollupTypes } from './rollup-range.ts';
import { compare, red, redColumns, redTypes } from './services.ts';
import { isRequest } from './spans.ts';
import { fillSteps } from './steps.ts';

const isAsked = `${isRequest} AND service = {service:String} AND ${isInPlace}`;
const params = { ...rollupTypes, ...placeTypes } as const;
const inventoryMax = 10_000;

export const versionRequestsQuery = (source: RequestSource) =>
  defineQuery({
    name: `versionRequests from ${source}`,
    isQuick: true,
    params,
    row: { version: 'LowCardinality(String)', ...redTypes },
    sql: `
SELECT version, ${redColumns}
FROM (
    ${requestRows(source, isAsked)}
)
GROUP BY version`,
  });

export const versionTrendQuery = (source: RequestSource) =>
  defineQuery({
    name: `versionTrend from ${source}`,
    isQuick: true,
    params: { ...params, ...rollupStepTypes },
    row: { version: 'LowCardinality(String)', step: 'UInt32', requests: 'Float64' },
    sql: `
SELECT version, ${rollupStep} AS step, toFloat64(sum(calls)) AS requests
FROM (
    ${requestRows(source, isAsked)}
)
GROUP BY version, step`,
  });

const queries = {
  minutes: { requests: versionRequestsQuery('minutes'), trend: versionTrendQuery('minutes') },
  paths: { requests: versionRequestsQuery('paths'), trend: versionTrendQuery('paths') },
} as const;
export const allVersionQueries = requestSources.flatMap((source) => [queries[source].requests, queries[source].trend]);

/** As many steps as the charts of the service have: its deployments are drawn over them. */
const stepCountMax = 120;

export async function serviceVersions(
  engine: Engine,
  range: TimeRange,
  service: string,
  where: Place,
): Promise<Static<typeof listServiceVersions.reply>> {
  const asked = rollupRange(range);
  const source = requestSource(asked.range, service);
  const steps = rollupSteps(source === 'minutes' ? { ...asked, stepMsMin: 60_000 } : asked, stepCountMax);
  const place = { ...where, service };
  const common = { ...asked.params, ...placeParams(place) };
  const [requests, trends, { items }] = await Promise.all([
    ask(engine, queries[source].requests, common),
    ask(engine, queries[source].trend, { ...common, ...steps.params }),
    inventory(engine, place, inventoryMax),
  ]);
  const requestsOf = new Map(requests.map((row) => [row.version, row]));
  const trendOf = groupBy(trends, (row) => row.version);
  const knownOf = groupBy(
    items.filter(({ firstSeenMs }) => firstSeenMs < asked.range.toMs),
    ({ version }) => version,
  );
  const versions = [...new Set([...requestsOf.keys(), ...knownOf.keys()])].map((version): ServiceVersion => {
    const known = knownOf.get(version) ?? [];
    return {
      version,
      ...red(requestsOf.get(version)),
      firstSeenMs: known.length === 0 ? null : Math.min(...known.map((one) => one.firstSeenMs)),
      lastSeenMs: known.length === 0 ? null : Math.max(...known.map((one) => one.lastSeenMs)),
      instances: distinct(known.map(({ instance }) => instance)).length,
      trend: fillSteps(
        steps.timesMs.length,
        trendOf.get(version) ?? [],
        ({ step }) => step,
        ({ requests: count }) => count,
        0,
      ),
    };
  });
  return {
    range: asked.range,
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    items: versions.toSorted((a, b) => (b.firstSeenMs ?? -1) - (a.firstSeenMs ?? -1) || compare(b.version, a.version)),
  };
}
