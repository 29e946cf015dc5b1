import type { compareTraceFlames } from '@sonde/api';
import { FlameMerge, type FlameSide, type FlameSpan, groupBy } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery, type RowOf } from './define.ts';
import type { SpanFilters } from './filters.ts';
import { bucketsOf, inTheBuckets, theBucketsTypes, type TimeRange } from './range.ts';
import type { SearchCondition } from './search/condition.ts';
import { matchingSpans, matchingTypes } from './search/newest-matching.ts';
import { isSelected, readSelection, type Selection, selectionTypes } from './selection.ts';
import { isGivenTrace } from './spans.ts';
import { traceBoundsQuery } from './trace-bounds.ts';

/** Of each side: traces, drawn by a hash of their id, and spans of all of them. What is merged is merged on the main thread. */
const tracesMax = 500;
const spansMax = 40_000;

/** Traces of matching spans by whether one of those is selected. */
export const flameTracesQuery = (search: SearchCondition, selection: SearchCondition) =>
  defineQuery({
    name: 'flameTraces',
    params: { ...matchingTypes, ...selectionTypes, tracesMax: 'UInt32' },
    row: { traceId: 'String', selected: 'UInt8' },
    sql: `
SELECT lower(hex(id)) AS traceId, selected
FROM (
  SELECT trace_id AS id, toUInt8(max(is_selected)) AS selected
  FROM (${matchingSpans(`trace_id, ${isSelected(selection)} AS is_selected`, search)}
  )
  GROUP BY trace_id
)
ORDER BY cityHash64(id), id
LIMIT {tracesMax:UInt32} + 1 BY selected`,
  });

export const flameSpansQuery = defineQuery({
  name: 'flameSpans',
  isQuick: true,
  params: { ...theBucketsTypes, traceIds: 'Array(String)', spansMax: 'UInt32' },
  row: {
    traceId: 'String',
    spanId: 'String',
    parentSpanId: 'String',
    serviceName: 'LowCardinality(String)',
    spanName: 'LowCardinality(String)',
    startNs: 'Float64',
    durationNs: 'Float64',
  },
  // The distance from the first span keeps what a float would lose of a time.
  sql: `
SELECT lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId,
  if(parent_span_id = toFixedString('', 8), '', lower(hex(parent_span_id))) AS parentSpanId, service AS serviceName, name AS spanName,
  toFloat64(toUnixTimestamp64Nano(timestamp) - min(toUnixTimestamp64Nano(timestamp)) OVER ()) AS startNs, toFloat64(duration_ns) AS durationNs
FROM spans
WHERE ${inTheBuckets} AND ${isGivenTrace}
LIMIT {spansMax:UInt32}`,
});

type Reply = Static<typeof compareTraceFlames.reply>;

export async function traceFlames(
  engine: Engine,
  range: TimeRange,
  filters: SpanFilters,
  selected: Selection,
  limit: number,
): Promise<Reply> {
  const { search, selection, params, bound } = await readSelection(engine, range, filters, selected);
  const found = await ask(engine, flameTracesQuery(search, selection), { ...params, tracesMax }, bound);
  const idsOf = groupBy(found, (row) => (row.selected === 1 ? 'selection' : 'rest'));
  const merge = new FlameMerge();
  const add = async (side: FlameSide) => {
    const ids = (idsOf.get(side) ?? []).map((row) => row.traceId);
    const chosen = await fewSpans(engine, ids.slice(0, tracesMax));
    for (const spans of await spansOf(engine, chosen)) merge.add(side, spans);
    return { examined: merge.traces[side], complete: chosen.length === ids.length };
  };
  const sides = { selection: await add('selection'), rest: await add('rest') };
  return { range, ...sides, ...merge.frames(limit) };
}

type Sized = RowOf<typeof traceBoundsQuery.row>;

/** As many of them, in their order, as have no more than `spansMax` spans together: a huge trace is passed over. */
async function fewSpans(engine: Engine, traceIds: readonly string[]): Promise<Sized[]> {
  if (traceIds.length === 0) return [];
  const sizes = new Map((await ask(engine, traceBoundsQuery, { traceIds })).map((row) => [row.traceId, row]));
  let left = spansMax;
  return traceIds.flatMap((traceId) => {
    const size = sizes.get(traceId);
    if (size === undefined || size.spanCount > left) return [];
    left -= size.spanCount;
    return size;
  });
}

async function spansOf(engine: Engine, traces: readonly Sized[]): Promise<Iterable<readonly FlameSpan[]>> {
  if (traces.length === 0) return [];
  const rows = await ask(engine, flameSpansQuery, {
    ...bucketsOf(traces.map(({ firstNs, lastNs }) => ({ firstNs: BigInt(firstNs), lastNs: BigInt(lastNs) }))),
    traceIds: traces.map(({ traceId }) => traceId),
    spansMax,
  });
  const spans = groupBy(rows, (row) => row.traceId);
  return [...spans.values()].map((own) =>
    own.map(({ spanId, parentSpanId, serviceName, spanName, startNs, durationNs }) => ({
      spanId,
      parentSpanId,
      service: serviceName,
      name: spanName,
      startNs,
      durationNs,
    })),
  );
}
