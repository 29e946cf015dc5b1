import { defineQuery } from './define.ts';
import { inTheBuckets, theBucketsTypes } from './range.ts';
import { hasFailed, isGivenTrace, noParent } from './spans.ts';

export const contentsRow = {
  traceId: 'String',
  spanCount: 'Float64',
  errorCount: 'Float64',
  rootService: 'String',
  rootName: 'String',
  serviceNames: 'Array(String)',
  serviceSpans: 'Array(Float64)',
} as const;

/** The columns of `contentsRow` that say how many spans of each service there are. */
export const serviceColumns = (counts: string) =>
  `mapKeys(${counts} AS counts) AS serviceNames, arrayMap(spans -> toFloat64(spans), mapValues(counts)) AS serviceSpans`;

const spansOfTraces = (columns: string) => `
  SELECT ${columns}
  FROM spans
  WHERE ${inTheBuckets} AND ${isGivenTrace}`;

/**
 * What is in traces, as their spans tell it. The root is the first span that has no parent; where each has one, the first whose parent is not
 * recorded; in a cycle, the first. Where a sender knows no finer times than milliseconds, a child begins when its parent does: then the
 * longest.
 */
export const traceContentsQuery = defineQuery({
  name: 'traceContents',
  subqueries: 'own shard',
  isQuick: true,
  params: { ...theBucketsTypes, traceIds: 'Array(String)' },
  row: contentsRow,
  sql: `
SELECT lower(hex(trace_id)) AS traceId, toFloat64(count()) AS spanCount, toFloat64(countIf(${hasFailed})) AS errorCount,
  argMin(toString(service), place) AS rootService, argMin(toString(name), place) AS rootName,
  ${serviceColumns('sumMap(map(toString(service), toUInt64(1)))')}
FROM (${spansOfTraces(`trace_id, service, name, status_code,
    (NOT (${noParent}), (trace_id, parent_span_id) IN (${spansOfTraces('trace_id, span_id')}),
      timestamp, -toFloat64(duration_ns), toString(service), toString(name)) AS place`)}
)
GROUP BY trace_id`,
});
