import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { moment, rangeParams, rangeTypes, spansInRange, type TimeRange } from './range.ts';

const from = moment('{fromNs:Int64}');
const to = moment('{toNs:Int64}');
const who = 'service, instance, host, version';
const isAsked = `({service:String} = '' OR service = {service:String}) AND ({host:String} = '' OR host = {host:String})`;

function pointsOf(table: string): string {
  return `SELECT metric, series_id, max(timestamp) AS last_point FROM ${table}
      WHERE timestamp >= ${from} AND timestamp < ${to} GROUP BY metric, series_id`;
}

/**
 * Who sent what in the range, and when last: one row for each service instance, host, version and signal. Metrics that name no
 * service are a machine's own (`service` is empty): a host agent is no service.
 */
export const presenceQuery = defineQuery({
  name: 'presence',
  params: { ...rangeTypes, service: 'String', host: 'String' },
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
  SELECT ${who}, 'traces' AS signal, max(timestamp) AS last_seen
  FROM spans WHERE ${spansInRange} AND ${isAsked}
  GROUP BY ${who}
  UNION ALL
  SELECT ${who}, 'logs' AS signal, max(time) AS last_seen
  FROM logs
  WHERE toStartOfFiveMinutes(time) >= toStartOfFiveMinutes(${from}) AND toStartOfFiveMinutes(time) <= toStartOfFiveMinutes(${to})
    AND time >= ${from} AND time < ${to} AND ${isAsked}
  GROUP BY ${who}
  UNION ALL
  SELECT ${who}, 'metrics' AS signal, max(last_point) AS last_seen
  FROM (
    ${['metric_samples', 'metric_histograms', 'metric_exponential_histograms', 'metric_summaries'].map(pointsOf).join('\n    UNION ALL\n    ')}
  ) AS points
  INNER JOIN (
    SELECT DISTINCT metric, series_id, toLowCardinality(if(service = 'unknown_service', '', service)) AS service, instance, host, version
    FROM metric_series WHERE ${isAsked}
  ) AS series USING (metric, series_id)
  GROUP BY ${who}
)
ORDER BY ${who}, signal`,
});

export type Presence = Awaited<ReturnType<typeof presence>>[number];

export function presence(engine: Engine, range: TimeRange, only: { service?: string; host?: string } = {}) {
  return ask(engine, presenceQuery, { ...rangeParams(range), service: only.service ?? '', host: only.host ?? '' });
}

/** Without repetition and without the unknown, in order. */
export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '').toSorted();
}
