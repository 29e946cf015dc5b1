import { spansInRange } from '../range.ts';

/** What completion looks at, at most: a list of what to type need not be complete, and must not cost a scan of a month. */
export const completionSpansMax = 500_000;

/** Of the newest spans of the range. In the order of the sort key, so that the engine stops when it has enough. */
export function newestSpans(columns: string): string {
  return `
    SELECT ${columns} FROM spans
    WHERE ${spansInRange}
    ORDER BY toStartOfFiveMinutes(timestamp) DESC
    LIMIT ${completionSpansMax}`;
}

/** `column` begins with the parameter `prefix`, in any case. */
export function beginsWithPrefix(column: string): string {
  return `startsWith(lowerUTF8(${column}), lowerUTF8({prefix:String}))`;
}
