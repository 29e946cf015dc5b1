import type { Trace, TraceColumns } from '@sonde/api';
import { attributesFromText, criticalTimes, selfTimes, StoredSpanReader, treeOfColumns } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, askNative } from './define.ts';
import { bucketRange } from './range.ts';
import { traceBoundsQuery } from './trace-bounds.ts';
import { readTraceRows } from './trace-rows.ts';
import { traceResourcesQuery, traceSpansQuery } from './trace-spans.ts';
import { traceWarnings } from './trace-warnings.ts';

/** More of one trace than this is not shown; a warning says so. */
export const traceSpansMax = 100_000;

export async function trace(engine: Engine, traceId: string): Promise<Trace | undefined> {
  const found = await traceColumns(engine, traceId);
  if (found === undefined) return undefined;
  const reader = new StoredSpanReader(found.spans);
  return { ...found, spans: found.spans.spanId.map((_, row) => reader.whole(row)) };
}

/** undefined: no such trace. Two steps: where in time its spans are, then those buckets of the table only. */
export async function traceColumns(engine: Engine, traceId: string): Promise<TraceColumns | undefined> {
  const [bounds] = await ask(engine, traceBoundsQuery, { traceIds: [traceId] });
  if (bounds === undefined) return undefined;
  const asked = { ...bucketRange(BigInt(bounds.firstNs), BigInt(bounds.lastNs)), traceId, limit: traceSpansMax + 1 };
  let rows = readTraceRows(await askNative(engine, traceSpansQuery(false), asked));
  const truncated = rows.spanId.length > traceSpansMax;
  if (truncated) rows = readTraceRows(await askNative(engine, traceSpansQuery(true), { ...asked, limit: traceSpansMax }));
  if (rows.spanId.length === 0) return undefined;

  const resourceIds = [...new Set(rows.resource)].map((number) => rows.texts[number] as string);
  const resources = await ask(engine, traceResourcesQuery, { resourceIds: resourceIds.map(BigInt) });
  const resourceOf = new Map(resources.map((row) => [row.resourceId, row]));
  const indexOf = new Map(resourceIds.map((id, index) => [id, index]));

  const tree = treeOfColumns(rows.columns);
  const { startNs, durationNs } = rows.columns;
  const { columns: _, firstUnixNano, negative, ...spans } = rows;
  return {
    traceId,
    startTimeUnixNano: String(firstUnixNano),
    durationNs: startNs.reduce((end, start, row) => Math.max(end, start + (durationNs[row] as number)), 0),
    spans: {
      ...spans,
      durationNs: Array.from(durationNs),
      selfNs: Array.from(selfTimes(tree)),
      criticalNs: Array.from(criticalTimes(tree)),
      resource: rows.resource.map((number) => indexOf.get(rows.texts[number] as string) as number),
    },
    resources: resourceIds.map((id) => {
      const row = resourceOf.get(id);
      return {
        attributes: row === undefined ? {} : attributesFromText(row.attributeKeys, row.attributeValues, row.attributeTypes),
        droppedAttributesCount: row?.droppedCount ?? 0,
        schemaUrl: row?.schemaUrl ?? '',
      };
    }),
    warnings: traceWarnings({
      spanIds: rows.spanId,
      tree,
      negative,
      truncated: truncated ? `The trace has more than ${traceSpansMax} spans; these are the first.` : undefined,
    }),
  };
}
