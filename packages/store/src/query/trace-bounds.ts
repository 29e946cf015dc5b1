import { defineQuery } from './define.ts';
import { isGivenTrace } from './spans.ts';

/** Where in time the spans of these traces are, and how many. */
export const traceBoundsQuery = defineQuery({
  name: 'traceBounds',
  isQuick: true,
  params: { traceIds: 'Array(String)' },
  row: { traceId: 'String', firstNs: 'String', lastNs: 'String', endNs: 'String', spanCount: 'Float64' },
  sql: `
SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(first))) AS firstNs,
  toString(toUnixTimestamp64Nano(max(last))) AS lastNs, toString(max(end_ns)) AS endNs, toFloat64(sum(spans)) AS spanCount
FROM trace_ts
WHERE ${isGivenTrace}
GROUP BY trace_id`,
});
