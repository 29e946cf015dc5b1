/**
 * Where errors began. An error that a caller was told of fails the caller's span too, so that most failed spans only pass one on: an origin is a
 * failed span of which no recorded child failed.
 */
import type { getErrorOrigins } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import type { SpanFilters } from './filters.ts';
import { bucketsOf, inTheBuckets, moment, theBucketsTypes, type TimeRange } from './range.ts';
import type { SearchCondition } from './search/condition.ts';
import { matchingSpans, matchingTypes } from './search/newest-matching.ts';
import { isSelected, readSelection, type Selection, selectionTypes } from './selection.ts';
import { hasFailed, isGivenTrace } from './spans.ts';
import { lookbackNs } from './traces.ts';

/** Failed traces that are looked at. */
const tracesMax = 1000;

export const failedTracesQuery = (search: SearchCondition, selection: SearchCondition) =>
  defineQuery({
    name: 'failedTraces',
    subqueries: 'own shard',
    params: { ...matchingTypes, ...selectionTypes, tracesMax: 'UInt32' },
    row: { traceId: 'String', firstNs: 'String', lastNs: 'String' },
    sql: `
SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(first))) AS firstNs, toString(toUnixTimestamp64Nano(max(last))) AS lastNs
FROM trace_ts
WHERE first >= ${moment(`{fromNs:Int64} - ${lookbackNs}`)} AND first < ${moment(`{toNs:Int64} + ${lookbackNs}`)}
  AND trace_id IN (${matchingSpans('trace_id', search)} AND ${isSelected(selection)})
GROUP BY trace_id
HAVING sum(errors) > 0
ORDER BY max(end_ns) DESC, trace_id
LIMIT {tracesMax:UInt32} + 1`,
  });

const exception = `events_attributes[indexOf(events_name, 'exception')]`;
const firstOf = (...texts: readonly string[]) =>
  texts.reduceRight((rest, text) => (rest === '' ? text : `if(${text} = '', ${rest}, ${text})`), '');

const messageCharactersMax = 300;

/** What differs between two occurrences of one error: UUIDs, long hexadecimal ids, numbers. */
const withoutIds = [
  '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  '\\\\b[0-9a-fA-F]{16,}\\\\b',
  '[0-9]+(\\\\.[0-9]+)?',
].reduce(
  (text, pattern) => `replaceRegexpAll(${text}, '${pattern}', '?')`,
  `leftUTF8(${firstOf(`${exception}['exception.message']`, 'status_message')}, ${messageCharactersMax})`,
);

export const errorOriginsQuery = defineQuery({
  name: 'errorOrigins',
  subqueries: 'own shard',
  isQuick: true,
  params: { ...theBucketsTypes, traceIds: 'Array(String)', limit: 'UInt32' },
  row: {
    serviceName: 'LowCardinality(String)',
    spanName: 'LowCardinality(String)',
    errorType: 'String',
    errorMessage: 'String',
    spanCount: 'Float64',
    traceCount: 'Float64',
    exampleTraceId: 'String',
    allSpans: 'Float64',
  },
  sql: `
WITH failed AS (
  SELECT trace_id, span_id, parent_span_id, timestamp, service, name,
    ${firstOf(`${exception}['exception.type']`, `attributes['error.type']`)} AS type, ${withoutIds} AS message
  FROM spans
  WHERE ${inTheBuckets} AND ${hasFailed}
    AND ${isGivenTrace}
)
SELECT service AS serviceName, name AS spanName, type AS errorType, message AS errorMessage, toFloat64(count()) AS spanCount,
  toFloat64(uniqExact(trace_id)) AS traceCount, lower(hex(argMax(trace_id, timestamp))) AS exampleTraceId,
  toFloat64(sum(count()) OVER ()) AS allSpans
FROM failed
WHERE (trace_id, span_id) NOT IN (SELECT trace_id, parent_span_id FROM failed WHERE parent_span_id != span_id)
GROUP BY service, name, type, message
ORDER BY traceCount DESC, spanCount DESC, service, name, type, message
LIMIT {limit:UInt32}`,
});

type Reply = Static<typeof getErrorOrigins.reply>;

export async function errorOrigins(
  engine: Engine,
  range: TimeRange,
  filters: SpanFilters,
  selected: Selection,
  limit: number,
): Promise<Reply> {
  const { search, selection, params, bound } = await readSelection(engine, range, filters, selected);
  const found = await ask(engine, failedTracesQuery(search, selection), { ...params, tracesMax }, bound);
  const traces = found.slice(0, tracesMax);
  const counted = { range, examined: traces.length, complete: found.length <= tracesMax };
  if (traces.length === 0) return { ...counted, spans: 0, items: [] };
  const rows = await ask(engine, errorOriginsQuery, {
    ...bucketsOf(traces.map(({ firstNs, lastNs }) => ({ firstNs: BigInt(firstNs), lastNs: BigInt(lastNs) }))),
    traceIds: traces.map(({ traceId }) => traceId),
    limit,
  });
  return {
    ...counted,
    spans: rows[0]?.allSpans ?? 0,
    items: rows.map((row) => ({
      service: row.serviceName,
      name: row.spanName,
      type: row.errorType,
      message: row.errorMessage,
      spans: row.spanCount,
      traces: row.traceCount,
      exampleTraceId: row.exampleTraceId,
    })),
  };
}
