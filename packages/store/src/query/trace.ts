import type { Span, Trace } from '@sonde/api';
import { buildTraceTree, criticalTimes, selfTimes, spanKinds, statusCodes } from '@sonde/model';
import { attributesFromText } from '@sonde/otlp';
import type { Engine } from '../engine/types.ts';
import { ask } from './define.ts';
import { bucketRange } from './range.ts';
import { traceBoundsQuery } from './traces.ts';
import { type EventColumns, type LinkColumns, type ScopeColumns, traceResourcesQuery, traceSpansQuery } from './trace-spans.ts';
import { traceWarnings } from './trace-warnings.ts';

/** More of one trace than this is not shown; a warning says so. */
export const traceSpansMax = 100_000;

/** undefined: no such trace. Two steps: where in time its spans are, then those buckets of the table only. */
export async function trace(engine: Engine, traceId: string): Promise<Trace | undefined> {
  const [bounds] = await ask(engine, traceBoundsQuery, { traceIds: [traceId] });
  if (bounds === undefined) return undefined;
  const rows = await ask(engine, traceSpansQuery, {
    ...bucketRange(BigInt(bounds.firstNs), BigInt(bounds.lastNs)),
    traceId,
    limit: traceSpansMax + 1,
  });
  const truncated = rows.length > traceSpansMax;
  if (truncated) rows.pop();
  const [first] = rows;
  if (first === undefined) return undefined;

  const resourceIds = [...new Set(rows.map((row) => row.resourceId))];
  const resources = await ask(engine, traceResourcesQuery, { resourceIds: resourceIds.map(BigInt) });
  const resourceOf = new Map(resources.map((row) => [row.resourceId, row]));
  const indexOf = new Map(resourceIds.map((id, index) => [id, index]));

  const scopes = new Map<string, Span['scope']>();
  const scopeOf = (text: string): Span['scope'] => {
    const scope = scopes.get(text) ?? readScope(JSON.parse(text) as ScopeColumns);
    scopes.set(text, scope);
    return scope;
  };

  const startNs = BigInt(first.startTimeUnixNano);
  const spans = rows.map((row) => ({
    spanId: row.spanId,
    parentSpanId: row.parentSpanId,
    startNs: Number(BigInt(row.startTimeUnixNano) - startNs),
    durationNs: row.durationNs,
    kind: spanKinds[row.spanKind] ?? 'unspecified',
    service: row.serviceName,
  }));
  const tree = buildTraceTree(spans);
  const selfNs = selfTimes(tree);
  const criticalNs = criticalTimes(tree);
  return {
    traceId,
    startTimeUnixNano: first.startTimeUnixNano,
    durationNs: spans.reduce((end, span) => Math.max(end, span.startNs + span.durationNs), 0),
    spans: rows.map((row, i) => ({
      ...spanOf(row, scopeOf),
      selfNs: selfNs[i] as number,
      criticalNs: criticalNs[i] as number,
      resource: indexOf.get(row.resourceId) as number,
    })),
    resources: resourceIds.map((id) => {
      const row = resourceOf.get(id);
      return {
        attributes: row === undefined ? {} : attributesFromText(row.attributeKeys, row.attributeValues, row.attributeTypes),
        droppedAttributesCount: row?.droppedCount ?? 0,
        schemaUrl: row?.schemaUrl ?? '',
      };
    }),
    warnings: traceWarnings({
      spans,
      tree,
      negative: rows.flatMap((row, i) => (row.negativeDuration === 1 ? i : [])),
      truncated: truncated ? `The trace has more than ${traceSpansMax} spans; these are the first.` : undefined,
    }),
  };
}

type Row = Awaited<ReturnType<typeof ask<typeof traceSpansQuery.params, typeof traceSpansQuery.row>>>[number];

function spanOf(row: Row, scopeOf: (text: string) => Span['scope']): Omit<Span, 'selfNs' | 'criticalNs' | 'resource'> {
  return {
    spanId: row.spanId,
    parentSpanId: row.parentSpanId,
    service: row.serviceName,
    name: row.spanName,
    // A number that OTLP does not know is to be taken for the first of the list (proto3, unknown enum values).
    kind: spanKinds[row.spanKind] ?? 'unspecified',
    startTimeUnixNano: row.startTimeUnixNano,
    durationNs: row.durationNs,
    status: { code: statusCodes[row.statusCode] ?? 'unset', message: row.statusMessage },
    attributes: attributesFromText(row.attributeKeys, row.attributeValues, row.attributeTypes),
    droppedAttributesCount: row.droppedAttributesCount,
    events: row.events === '' ? [] : eventsOf(JSON.parse(row.events) as EventColumns),
    droppedEventsCount: row.droppedEventsCount,
    links: row.links === '' ? [] : linksOf(JSON.parse(row.links) as LinkColumns),
    droppedLinksCount: row.droppedLinksCount,
    traceState: row.traceState,
    flags: row.spanFlags,
    scope: scopeOf(row.scope),
    host: row.hostName,
    instance: row.instanceId,
    statement: row.statementText === '' ? null : { text: row.statementText, hash: row.statementHash },
  };
}

function eventsOf([times, names, keys, values, types, dropped]: EventColumns): Span['events'] {
  return times.map((timeUnixNano, i) => ({
    timeUnixNano,
    name: names[i] ?? '',
    attributes: attributesFromText(keys[i] ?? [], values[i] ?? [], types[i] ?? ''),
    droppedAttributesCount: dropped[i] ?? 0,
  }));
}

function linksOf([traceIds, spanIds, traceStates, keys, values, types, dropped, flags]: LinkColumns): Span['links'] {
  return traceIds.map((traceId, i) => ({
    traceId,
    spanId: spanIds[i] ?? '',
    traceState: traceStates[i] ?? '',
    attributes: attributesFromText(keys[i] ?? [], values[i] ?? [], types[i] ?? ''),
    droppedAttributesCount: dropped[i] ?? 0,
    flags: flags[i] ?? 0,
  }));
}

function readScope([name, version, keys, values, types, schemaUrl]: ScopeColumns): Span['scope'] {
  return { name, version, attributes: attributesFromText(keys, values, types), schemaUrl };
}
