import type { TraceSummary } from '@sonde/api';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery, type RowOf } from './define.ts';
import { bucketsOf } from './range.ts';
import { isGivenTrace } from './spans.ts';
import { contentsRow, serviceColumns, traceContentsQuery } from './trace-contents.ts';

/** What was noted of each trace as its spans were loaded (migration 15), and where in time they are. */
export const traceSummariesQuery = defineQuery({
  name: 'traceSummaries',
  isQuick: true,
  params: { traceIds: 'Array(String)' },
  row: { ...contentsRow, rootCount: 'Float64', firstNs: 'String', lastNs: 'String', endNs: 'String' },
  sql: `
SELECT lower(hex(trace_id)) AS traceId, toFloat64(sum(spans)) AS spanCount, toFloat64(sum(errors)) AS errorCount,
  toString(max(root_service)) AS rootService, toString(max(root_name)) AS rootName, ${serviceColumns('sumMap(services)')},
  toFloat64(sum(roots)) AS rootCount, toString(toUnixTimestamp64Nano(min(first))) AS firstNs,
  toString(toUnixTimestamp64Nano(max(last))) AS lastNs, toString(max(end_ns)) AS endNs
FROM trace_ts
WHERE ${isGivenTrace}
GROUP BY trace_id`,
});

type Noted = RowOf<typeof traceSummariesQuery.row>;

/** Of each that is stored, in the order of the ids. */
export async function traceSummaries(engine: Engine, traceIds: readonly string[]): Promise<TraceSummary[]> {
  if (traceIds.length === 0) return [];
  const noted = await ask(engine, traceSummariesQuery, { traceIds });
  const unclear = noted.filter((row) => !isWhole(row));
  const buckets = bucketsOf(unclear.map(({ firstNs, lastNs }) => ({ firstNs: BigInt(firstNs), lastNs: BigInt(lastNs) })));
  const told =
    unclear.length === 0
      ? []
      : await ask(engine, traceContentsQuery, { ...buckets, traceIds: unclear.map(({ traceId }) => traceId) });
  const contents = new Map([...noted.filter(isWhole), ...told].map((row) => [row.traceId, row]));
  const bounds = new Map(noted.map((row) => [row.traceId, row]));
  return traceIds.flatMap((traceId) => {
    const within = bounds.get(traceId);
    const content = contents.get(traceId);
    return within === undefined || content === undefined ? [] : summaryOf(within, content);
  });
}

/** Several have no parent, or none; or some spans were noted without what they are: then only the spans tell. */
function isWhole({ rootCount, serviceSpans, spanCount }: Noted): boolean {
  return rootCount === 1 && serviceSpans.reduce((sum, spans) => sum + spans, 0) === spanCount;
}

function summaryOf(
  { endNs, firstNs, traceId }: Noted,
  { errorCount, rootName, rootService, serviceNames, serviceSpans, spanCount }: RowOf<typeof contentsRow>,
): TraceSummary {
  return {
    traceId,
    startTimeUnixNano: firstNs,
    durationNs: Number(BigInt(endNs) - BigInt(firstNs)),
    root: { service: rootService, name: rootName },
    spanCount,
    errorCount,
    services: serviceNames
      .map((service, at) => ({ service, spans: serviceSpans[at] as number }))
      .toSorted((a, b) => b.spans - a.spans || (a.service < b.service ? -1 : 1)),
  };
}
