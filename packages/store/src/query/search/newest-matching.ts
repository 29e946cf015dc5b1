import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { filterParams, filterTypes, isFoundByIndex, spanFits, type SpanFilters } from '../filters.ts';
import { rangeParams, rangeTypes, spansInRange, type TimeRange } from '../range.ts';
import type { SearchCondition } from './condition.ts';

export const matchingTypes = { ...rangeTypes, ...filterTypes, status: 'String' } as const;

export function matchingParams(range: TimeRange, filters: SpanFilters) {
  return { ...rangeParams(range), ...filterParams(filters), status: filters.status ?? '' };
}

/** Spans of the range that fit every filter. */
export function matchingSpans(columns: string, search: SearchCondition): string {
  return `
        SELECT ${columns}
        FROM spans
        WHERE ${spansInRange} AND ${spanFits(search)}`;
}

/** Of the matching spans how many there are, up to one more than `spansMax`, and where the newest `spansMax` of them begin. */
export const newestMatchingQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'newestMatching',
    params: { ...matchingTypes, spansMax: 'UInt32' },
    row: { spanCount: 'Float64', firstNs: 'String' },
    sql: `
SELECT toFloat64(count()) AS spanCount,
  toString(if(count() > {spansMax:UInt32}, groupArraySorted(2)(ns)[2], min(ns))) AS firstNs
FROM (
  SELECT toUnixTimestamp64Nano(timestamp) AS ns
  FROM (${matchingSpans('timestamp', search)}
    ORDER BY timestamp DESC
    LIMIT {spansMax:UInt32} + 1
  )
)`,
  });

interface NewestMatching {
  /** The newest matching spans, `spansMax` at most, and those that began in the same nanosecond as the oldest of them. */
  readonly fromNs: bigint;
  /** Whether these are all of the range. */
  readonly complete: boolean;
}

/** Looks at the newest part of the range, and then at as much more as that says. What an index finds is looked for everywhere at once. */
export async function newestMatching(
  engine: Engine,
  range: TimeRange,
  filters: SpanFilters,
  search: SearchCondition,
  spansMax: number,
): Promise<NewestMatching> {
  const asked = matchingParams(range, filters);
  const indexed = isFoundByIndex(filters);
  for (let lengthNs = (asked.toNs - asked.fromNs) / (indexed ? 1n : 64n); ;) {
    const fromNs = asked.toNs - lengthNs;
    const whole = lengthNs === 0n || fromNs <= asked.fromNs;
    const params = { ...asked, fromNs: whole ? asked.fromNs : fromNs, spansMax };
    const [row] = await ask(engine, newestMatchingQuery(search), params, search.params);
    if (row !== undefined && row.spanCount > spansMax) return { fromNs: BigInt(row.firstNs), complete: false };
    if (whole) return { fromNs: asked.fromNs, complete: true };
    lengthNs *= growth(row?.spanCount ?? 0, spansMax);
  }
}

/** How much more of the range holds the wanted number, with room to spare. */
export function growth(found: number, wanted: number): bigint {
  return found === 0 ? 16n : BigInt(Math.min(Math.max(Math.ceil((1.5 * wanted) / found), 2), 64));
}
