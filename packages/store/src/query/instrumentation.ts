import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { moment, rangeParams, rangeTypes, type TimeRange } from './range.ts';
import { isInPlace, type Place, placeParams, placeTypes } from './ranked.ts';
import { runtimeMetrics } from './runtime.ts';

const listed = (metrics: readonly string[]) => `(${metrics.map((metric) => `'${metric}'`).join(', ')})`;

/** Series of these metrics with a point in the range. */
const sentIn = (tables: readonly string[], metrics: readonly string[]) =>
  `metric IN ${listed(metrics)} AND (metric, series_id) IN (${tables
    .map(
      (table) => `
    SELECT metric, series_id FROM ${table}
    WHERE metric IN ${listed(metrics)} AND timestamp >= ${moment('{fromNs:Int64}')} AND timestamp < ${moment('{toNs:Int64}')}`,
    )
    .join('\n    UNION ALL')})`;

/** Services that send what their page shows of a runtime, and hosts whose CPU somebody measures: their agent is of no service or place. */
export const instrumentationQuery = defineQuery({
  name: 'instrumentation',
  isQuick: true,
  // A series lies where its points do.
  subqueries: 'own shard',
  params: { ...rangeTypes, ...placeTypes },
  row: { part: 'String', name: 'LowCardinality(String)' },
  sql: `
SELECT DISTINCT 'runtime' AS part, service AS name
FROM metric_series
WHERE ${isInPlace} AND ${sentIn(['metric_samples', 'metric_histograms'], runtimeMetrics)}
UNION ALL
SELECT DISTINCT 'host' AS part, host AS name
FROM metric_series
WHERE ${sentIn(['metric_samples'], ['system.cpu.time'])}`,
});

export async function instrumentation(engine: Engine, range: TimeRange, place: Place) {
  const rows = await ask(engine, instrumentationQuery, { ...rangeParams(range), ...placeParams(place) });
  const named = (part: string) => new Set(rows.filter((row) => row.part === part).map(({ name }) => name));
  return { runtimes: named('runtime'), hosts: named('host') };
}
