import type { compareTraces } from '@sonde/api';
import { isFurther, numberBucketBounds, numbersDifference, type PairCount, valuesDifference } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery, type RowOf } from './define.ts';
import type { SpanFilters } from './filters.ts';
import type { TimeRange } from './range.ts';
import type { SearchCondition } from './search/condition.ts';
import { matchingSpans, matchingTypes } from './search/newest-matching.ts';
import {
  countedKeyOf,
  countedValuesMax,
  valueColumns,
  valueCountRow,
  valueCounts,
  valueCountTypes,
} from './search/value-counts.ts';
import { isSelected, readSelection, type Selection, selectionTypes } from './selection.ts';

/** Spans of each side whose values are counted; where there are more, a sample, drawn by the hash of the span's id. */
const sampleMax = 25_000;

export const comparedSizesQuery = (search: SearchCondition, selection: SearchCondition) =>
  defineQuery({
    name: 'comparedSizes',
    params: { ...matchingTypes, ...selectionTypes },
    row: { selectionCount: 'Float64', restCount: 'Float64' },
    sql: `
SELECT toFloat64(countIf(selected)) AS selectionCount, toFloat64(countIf(NOT selected)) AS restCount
FROM (${matchingSpans(`${isSelected(selection)} AS selected`, search)}
)`,
  });

export const comparedValuesQuery = (search: SearchCondition, selection: SearchCondition) =>
  defineQuery({
    name: 'comparedValues',
    params: { ...matchingTypes, ...selectionTypes, ...valueCountTypes, selectionHashMax: 'UInt64', restHashMax: 'UInt64' },
    row: valueCountRow,
    sql: valueCounts(`${matchingSpans(`${isSelected(selection)} AS selected, ${valueColumns}`, search)}
          AND cityHash64(span_id) <= if(selected, {selectionHashMax:UInt64}, {restHashMax:UInt64})`),
  });

type CompareReply = Static<typeof compareTraces.reply>;
type Item = CompareReply['items'][number];

export interface CompareOptions {
  /** Keys. */
  readonly limit: number;
  /** Values of each key. */
  readonly values: number;
}

export async function compareSpans(
  engine: Engine,
  range: TimeRange,
  filters: SpanFilters,
  selected: Selection,
  options: CompareOptions,
): Promise<CompareReply> {
  const { search, selection, params, bound } = await readSelection(engine, range, filters, selected);
  const [counted] = await ask(engine, comparedSizesQuery(search, selection), params, bound);
  const counts: PairCount = { selection: counted?.selectionCount ?? 0, rest: counted?.restCount ?? 0 };
  const sampling = {
    selectionHashMax: hashMax(counts.selection),
    restHashMax: hashMax(counts.rest),
    selectionSize: Math.max(1, Math.min(counts.selection, sampleMax)),
    restSize: Math.max(1, Math.min(counts.rest, sampleMax)),
    valuesMax: countedValuesMax,
  };
  const rows = await ask(engine, comparedValuesQuery(search, selection), { ...params, ...sampling }, bound);
  // Every span has a kind.
  const all = rows.find((row) => countedKeyOf(row).key === 'kind');
  const examined: PairCount = { selection: all?.selectionCount ?? 0, rest: all?.restCount ?? 0 };
  const items = rows.map((row) => itemOf(row, examined, options.values)).toSorted(byDifference);
  return {
    range,
    selection: { count: counts.selection, examined: examined.selection },
    rest: { count: counts.rest, examined: examined.rest },
    items: items.slice(0, options.limit),
    leftOut: items.slice(options.limit).map((item) => item.key),
  };
}

/** The hashes of about `sampleMax` of these many spans are not above this. */
function hashMax(count: number): bigint {
  const all = 2n ** 64n - 1n;
  return count <= sampleMax ? all : (all * BigInt(sampleMax)) / BigInt(count);
}

function itemOf(row: RowOf<typeof valueCountRow>, examined: PairCount, valuesMax: number): Item {
  const values = row.topValues.map((value, i) => ({ value, selection: row.topSelection[i] ?? 0, rest: row.topRest[i] ?? 0 }));
  const buckets = row.numberBuckets
    .map((bucket, i) => ({ bucket, selection: row.bucketSelection[i] ?? 0, rest: row.bucketRest[i] ?? 0 }))
    .toSorted((a, b) => a.bucket - b.bucket);
  const isNumber = buckets.length > 0;
  const having: PairCount = { selection: row.selectionCount, rest: row.restCount };
  return {
    ...countedKeyOf(row),
    ...(isNumber ? numbersDifference(buckets, having, examined) : valuesDifference(values, having, examined)),
    ...having,
    distinct: row.distinctValues,
    values: isNumber ? [] : values.slice(0, valuesMax),
    buckets: buckets.map(({ bucket, selection, rest }) => ({ ...numberBucketBounds(bucket), selection, rest })),
  };
}

function byDifference(a: Item, b: Item): number {
  return isFurther(a, b) ? -1 : isFurther(b, a) ? 1 : a.key < b.key ? -1 : 1;
}
