import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { moment, rangeParams, rangeTypes } from './range.ts';
import { isInPlace, type Place, placeParams, placeTypes } from './ranked.ts';
import { requestRows, type RequestSource, requestSource, requestSources } from './request-rows.ts';
import { type RollupRange, rollupTypes } from './rollup-range.ts';

const from = moment('{fromNs:Int64}');
const to = moment('{toNs:Int64}');
const who = 'service, instance, host, version';

function pointsOf(table: string): string {
  return `SELECT metric, series_id, max(timestamp) AS last_point FROM ${table}
      WHERE timestamp >= ${from} AND timestamp < ${to} GROUP BY metric, series_id`;
}

/** The end of the last minute in which a span began (of an hour or a day that is read whole: its end), so far as range and clock have come. */
const lastSeen = `least(toDateTime64(max(time + width_s), 9, 'UTC'), ${to}, greatest(now64(9, 'UTC'), toDateTime64(max(time), 9, 'UTC')))`;

/**
 * Who sent what in the range, and when last: one row for each service instance, host, version and signal. Metrics that name no
 * service are a machine's own (`service` is empty): a host agent is no service.
 */
export const presenceQuery = (source: RequestSource) =>
  defineQuery({
    name: `presence, spans from ${source}`,
    isQuick: true,
    params: { ...rangeTypes, ...rollupTypes, ...placeTypes },
    row: {
      service: 'LowCardinality(String)',
      instance: 'LowCardinality(String)',
      host: 'LowCardinality(String)',
      version: 'LowCardinality(String)',
      signal: 'String',
      lastSeenMs: 'Float64',
    },
    sql: `
SELECT ${who}, signal, toFloat64(toUnixTimestamp64Milli(last_seen)) AS lastSeenMs
FROM (
  SELECT ${who}, 'traces' AS signal, ${lastSeen} AS last_seen
  FROM (
    ${requestRows(source, isInPlace)}
  )
  GROUP BY ${who}
  UNION ALL
  SELECT ${who}, 'logs' AS signal, max(time) AS last_seen
  FROM logs
  WHERE toStartOfFiveMinutes(time) >= toStartOfFiveMinutes(${from}) AND toStartOfFiveMinutes(time) <= toStartOfFiveMinutes(${to})
    AND time >= ${from} AND time < ${to} AND ${isInPlace}
  GROUP BY ${who}
  UNION ALL
  SELECT ${who}, 'metrics' AS signal, max(last_point) AS last_seen
  FROM (
    ${['metric_samples', 'metric_histograms', 'metric_exponential_histograms', 'metric_summaries'].map(pointsOf).join('\n    UNION ALL\n    ')}
  ) AS points
  INNER JOIN (
    SELECT DISTINCT metric, series_id, toLowCardinality(if(service = 'unknown_service', '', service)) AS service, instance, host, version
    FROM metric_series WHERE ${isInPlace}
  ) AS series USING (metric, series_id)
  GROUP BY ${who}
)
ORDER BY ${who}, signal`,
  });

export type Presence = Awaited<ReturnType<typeof presence>>[number];

const queries = { minutes: presenceQuery('minutes'), paths: presenceQuery('paths') } as const;
export const allPresenceQueries = requestSources.map((source) => queries[source]);

export function presence(engine: Engine, { params, range }: RollupRange, place: Place) {
  return ask(engine, queries[requestSource(range, place.service)], { ...rangeParams(range), ...params, ...placeParams(place) });
}

/** Without repetition and without the unknown, in order. */
export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '').toSorted();
}
