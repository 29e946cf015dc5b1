import type { HostDetail } from '@sonde/api';
import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { counters } from './host-cpu.ts';
import { hostLevels, hostRates, hostSeries } from './host-series.ts';
import { gauges, hosts } from './hosts.ts';
import { type Presence, presence } from './presence.ts';
import type { TimeRange } from './range.ts';
import { isInPlace, type Place, placeParams, placeTypes } from './ranked.ts';
import { requestRows, type RequestSource, requestSource, requestSources } from './request-rows.ts';
import { rollupRange, rollupTypes } from './rollup-range.ts';
import { metricStepMsMin } from './service.ts';
import { p95Level, percentilesNs } from './histograms.ts';
import { isRequest } from './spans.ts';
import { stepsOf } from './steps.ts';

const p95 = percentilesNs(p95Level, 'sum(calls)');
const isWithin = `({environment:String} = '' OR environment = {environment:String}) AND ({namespace:String} = '' OR namespace = {namespace:String})`;
const params = { ...rollupTypes, ...placeTypes } as const;

export const hostRequestsQuery = (source: RequestSource) =>
  defineQuery({
    name: `hostRequests from ${source}`,
    isQuick: true,
    params,
    row: {
      service: 'LowCardinality(String)',
      instance: 'LowCardinality(String)',
      version: 'LowCardinality(String)',
      requests: 'Float64',
      failures: 'Float64',
      p95Ns: 'Array(Float64)',
    },
    sql: `
SELECT service, instance, version, toFloat64(sum(calls)) AS requests, toFloat64(sum(errors)) AS failures, ${p95} AS p95Ns
FROM (
    ${requestRows(source, `${isRequest} AND ${isInPlace}`)}
)
GROUP BY service, instance, version`,
  });

/** The same services on all other hosts, of the same environment and namespace where these are asked for. */
export const elsewhereQuery = (source: RequestSource) =>
  defineQuery({
    name: `elsewhere from ${source}`,
    isQuick: true,
    params: { ...rollupTypes, host: 'String', services: 'Array(String)', environment: 'String', namespace: 'String' },
    row: { service: 'LowCardinality(String)', p95Ns: 'Array(Float64)' },
    sql: `
SELECT service, ${p95} AS p95Ns
FROM (
    ${requestRows(source, `${isRequest} AND host != {host:String} AND service IN {services:Array(String)} AND ${isWithin}`)}
)
GROUP BY service`,
  });

const queries = {
  minutes: { requests: hostRequestsQuery('minutes'), elsewhere: elsewhereQuery('minutes') },
  paths: { requests: hostRequestsQuery('paths'), elsewhere: elsewhereQuery('paths') },
} as const;
export const allHostQueries = requestSources.flatMap((source) => [queries[source].requests, queries[source].elsewhere]);

/** undefined: nothing came from such a host in the range. */
export async function host(engine: Engine, range: TimeRange, name: string, where: Place): Promise<HostDetail | undefined> {
  const place = { ...where, host: name };
  const [summary] = await hosts(engine, range, place);
  if (summary === undefined) return undefined;
  const steps = stepsOf(range, metricStepMsMin);
  const asked = rollupRange(range);
  const source = queries[requestSource(asked.range, undefined)];
  const [present, requests, elsewhere, rates, levels] = await Promise.all([
    presence(engine, asked, place),
    ask(engine, source.requests, { ...asked.params, ...placeParams(place) }),
    ask(engine, source.elsewhere, { ...asked.params, ...placeParams(place), services: summary.services }),
    counters(engine, range, steps, hostRates, [name]),
    gauges(engine, range, steps, hostLevels, [name]),
  ]);
  return {
    range,
    summary,
    services: instancesOn(present, requests, elsewhere),
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    ...hostSeries(steps, rates, levels),
  };
}

interface HostRequests {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly requests: number;
  readonly failures: number;
  readonly p95Ns: readonly number[];
}

const keyOf = (row: { readonly service: string; readonly instance: string; readonly version: string }) =>
  JSON.stringify([row.service, row.instance, row.version]);

function instancesOn(
  present: readonly Presence[],
  requests: readonly HostRequests[],
  elsewhere: readonly { readonly service: string; readonly p95Ns: readonly number[] }[],
): HostDetail['services'] {
  const requestsOf = new Map(requests.map((row) => [keyOf(row), row]));
  const elsewhereOf = new Map(elsewhere.map((row) => [row.service, row.p95Ns[0] ?? null]));
  return [...groupBy(present, keyOf)]
    .filter(([, [row]]) => row?.service !== '')
    .map(([key, [row]]) => {
      const { service, instance, version } = row as Presence;
      const own = requestsOf.get(key);
      return {
        service,
        instance,
        version,
        requests: own?.requests ?? 0,
        errors: own?.failures ?? 0,
        p95Ns: own?.p95Ns[0] ?? null,
        elsewhereP95Ns: elsewhereOf.get(service) ?? null,
      };
    });
}
