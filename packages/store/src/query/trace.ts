import type { Trace, TraceColumns } from '@sonde/api';
import { attributesFromText, buildTraceTree, criticalTimes, selfTimes, spanKinds, StoredSpanReader } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask } from './define.ts';
import { bucketRange } from './range.ts';
import { traceBoundsQuery } from './traces.ts';
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
  const [found] = await ask(engine, traceSpansQuery, {
    ...bucketRange(BigInt(bounds.firstNs), BigInt(bounds.lastNs)),
    traceId,
    limit: traceSpansMax + 1,
  });
  const firstUnixNano = found?.startTimeUnixNano[0];
  if (found === undefined || firstUnixNano === undefined) return undefined;
  const truncated = found.spanId.length > traceSpansMax;
  const rows = Math.min(found.spanId.length, traceSpansMax);
  const shown = <T>(column: readonly T[]): T[] => (truncated ? column.slice(0, rows) : [...column]);

  const resourceIds = [...new Set(shown(found.resourceId))];
  const resources = await ask(engine, traceResourcesQuery, { resourceIds: resourceIds.map(BigInt) });
  const resourceOf = new Map(resources.map((row) => [row.resourceId, row]));
  const indexOf = new Map(resourceIds.map((id, index) => [id, index]));

  const startNs = BigInt(firstUnixNano);
  const timed = shown(found.spanId).map((spanId, row) => ({
    spanId,
    parentSpanId: found.parentSpanId[row] as string,
    startNs: Number(BigInt(found.startTimeUnixNano[row] as string) - startNs),
    durationNs: found.durationNs[row] as number,
    kind: spanKinds[found.spanKind[row] as number] ?? 'unspecified',
    service: found.serviceName[row] as string,
  }));
  const tree = buildTraceTree(timed);
  const { texts, numbersOf } = numberTexts();
  const numbered = (column: readonly string[]) => numbersOf(shown(column));
  const spans = {
    texts,
    spanId: shown(found.spanId),
    parentSpanId: shown(found.parentSpanId),
    startTimeUnixNano: shown(found.startTimeUnixNano),
    durationNs: shown(found.durationNs),
    selfNs: Array.from(selfTimes(tree)),
    criticalNs: Array.from(criticalTimes(tree)),
    kind: shown(found.spanKind),
    statusCode: shown(found.statusCode),
    statusMessage: numbered(found.statusMessage),
    service: numbered(found.serviceName),
    name: numbered(found.spanName),
    host: numbered(found.hostName),
    instance: numbered(found.instanceId),
    scope: numbered(found.scope),
    traceState: numbered(found.traceState),
    attributeKeys: numbered(found.attributeKeys),
    attributeTypes: numbered(found.attributeTypes),
    statementText: numbered(found.statementText),
    statementHash: numbered(found.statementHash),
    attributeValues: shown(found.attributeValues),
    events: shown(found.events),
    links: shown(found.links),
    droppedAttributesCount: shown(found.droppedAttributesCount),
    droppedEventsCount: shown(found.droppedEventsCount),
    droppedLinksCount: shown(found.droppedLinksCount),
    flags: shown(found.spanFlags),
    resource: shown(found.resourceId).map((id) => indexOf.get(id) as number),
  };
  return {
    traceId,
    startTimeUnixNano: firstUnixNano,
    durationNs: timed.reduce((end, span) => Math.max(end, span.startNs + span.durationNs), 0),
    spans,
    resources: resourceIds.map((id) => {
      const row = resourceOf.get(id);
      return {
        attributes: row === undefined ? {} : attributesFromText(row.attributeKeys, row.attributeValues, row.attributeTypes),
        droppedAttributesCount: row?.droppedCount ?? 0,
        schemaUrl: row?.schemaUrl ?? '',
      };
    }),
    warnings: traceWarnings({
      spans: timed,
      tree,
      negative: shown(found.negativeDuration).flatMap((negative, row) => (negative === 1 ? row : [])),
      truncated: truncated ? `The trace has more than ${traceSpansMax} spans; these are the first.` : undefined,
    }),
  };
}

/** Each text once, in order of first use. */
function numberTexts() {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  const numbersOf = (column: readonly string[]): number[] =>
    column.map((text) => {
      let number = numbers.get(text);
      if (number === undefined) {
        number = texts.push(text) - 1;
        numbers.set(text, number);
      }
      return number;
    });
  return { texts, numbersOf };
}
