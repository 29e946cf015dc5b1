import type { listTraceLinks } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { rangeTypes, spansInRange } from './range.ts';
import { hasFailed } from './spans.ts';
import { traceBoundsQuery } from './trace-bounds.ts';

/** What links to a trace comes after it; a consumer may wait in a queue for so long. */
const afterMs = 3_600_000;

/**
 * No index: the column of links is nearly all empty lists, and the range is an hour and the trace. What it costs on a busy system was not
 * measured.
 */
export const traceLinksQuery = defineQuery({
  name: 'traceLinks',
  params: { ...rangeTypes, traceId: 'String', limit: 'UInt32' },
  row: {
    traceId: 'String',
    spanId: 'String',
    serviceName: 'LowCardinality(String)',
    spanName: 'LowCardinality(String)',
    startTimeUnixNano: 'String',
    durationNs: 'Float64',
    failed: 'UInt8',
    linkedSpanIds: 'Array(String)',
  },
  sql: `
SELECT lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId, service AS serviceName, name AS spanName,
  toString(toUnixTimestamp64Nano(timestamp)) AS startTimeUnixNano, toFloat64(duration_ns) AS durationNs, ${hasFailed} AS failed,
  arrayDistinct(arrayMap(link -> lower(hex(link.1)), arrayFilter(link -> link.2 = toFixedString(unhex({traceId:String}), 16),
    arrayZip(links_span_id, links_trace_id)))) AS linkedSpanIds
FROM spans
PREWHERE has(links_trace_id, toFixedString(unhex({traceId:String}), 16))
WHERE ${spansInRange} AND trace_id != toFixedString(unhex({traceId:String}), 16)
ORDER BY timestamp, span_id
LIMIT {limit:UInt32} + 1`,
});

type Reply = Static<typeof listTraceLinks.reply>;

/** undefined: no such trace. */
export async function traceLinks(engine: Engine, traceId: string, limit: number): Promise<Reply | undefined> {
  const [bounds] = await ask(engine, traceBoundsQuery, { traceIds: [traceId] });
  if (bounds === undefined) return undefined;
  const range = {
    fromMs: Number(BigInt(bounds.firstNs) / 1_000_000n),
    toMs: Number(BigInt(bounds.endNs) / 1_000_000n) + afterMs,
  };
  const asked = { fromNs: BigInt(range.fromMs) * 1_000_000n, toNs: BigInt(range.toMs) * 1_000_000n };
  const rows = await ask(engine, traceLinksQuery, { ...asked, traceId, limit });
  return {
    range,
    items: rows.slice(0, limit).map(({ serviceName, spanName, failed, linkedSpanIds, ...row }) => ({
      ...row,
      service: serviceName,
      name: spanName,
      failed: failed === 1,
      linkedSpanIds: [...linkedSpanIds],
    })),
    complete: rows.length <= limit,
  };
}
