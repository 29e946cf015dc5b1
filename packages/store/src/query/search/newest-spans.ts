import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { moment, rangeParams, rangeTypes, spansInRange, type TimeRange } from '../range.ts';

/** What completion looks at, at most: a list of what to type need not be complete, and must not cost a scan of a month. */
export const completionSpansMax = 500_000;

/** The minute at which the newest spans of the range, this many, begin. 0: there are none. */
export const newestMinuteQuery = defineQuery({
  name: 'newestMinute',
  params: { ...rangeTypes, spansMax: 'UInt32' },
  row: { fromMs: 'Float64' },
  sql: `
SELECT toFloat64(toUnixTimestamp(min(time))) * 1000 AS fromMs
FROM (
  SELECT time, sum(own) OVER (ORDER BY time DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - own AS newer
  FROM (
    SELECT time, sum(calls) AS own
    FROM span_minutes
    WHERE time >= toStartOfMinute(${moment('{fromNs:Int64}')}) AND time < ${moment('{toNs:Int64}')}
    GROUP BY time
  )
)
WHERE newer < {spansMax:UInt32}`,
});

/** The part of the range that holds its newest spans. */
export async function newestPart(engine: Engine, range: TimeRange, spansMax = completionSpansMax): Promise<TimeRange> {
  const [row] = await ask(engine, newestMinuteQuery, { ...rangeParams(range), spansMax });
  return { ...range, fromMs: Math.max(range.fromMs, row?.fromMs ?? 0) };
}

/** Of the spans of a range that `newestPart` made: one minute may hold more than are looked at. */
export function newestSpans(columns: string): string {
  return `
    SELECT ${columns} FROM spans
    WHERE ${spansInRange}
    LIMIT ${completionSpansMax}`;
}

/** `column` begins with the parameter `prefix`, in any case. */
export function beginsWithPrefix(column: string): string {
  return `startsWith(lowerUTF8(${column}), lowerUTF8({prefix:String}))`;
}
