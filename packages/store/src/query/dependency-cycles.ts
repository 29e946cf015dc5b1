import { isGivenTrace } from './spans.ts';
import type { DependencyCycle } from '@sonde/api';
import { findCycles } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import type { NodeNames } from './dependency-node.ts';
import { isInBuckets, rangeParams, rangeTypes, type TimeRange } from './range.ts';

/** How many cycles are looked into, and how many traces for each: a map is no place for an investigation. */
const cyclesMax = 10;
const tracesMax = 50;
const evidenceMs = 3_600_000;

/** Traces in which all services of a cycle were asked, and one of them more than once. */
export const cycleTracesQuery = defineQuery({
  name: 'cycleTraces',
  params: { ...rangeTypes, services: 'Array(String)', tracesMax: 'UInt32' },
  row: { traceId: 'String' },
  sql: `
SELECT lower(hex(trace_id)) AS traceId
FROM spans
WHERE ${isInBuckets} AND kind IN (2, 5) AND service IN {services:Array(String)}
GROUP BY trace_id
HAVING uniqExact(service) = length({services:Array(String)}) AND count() > length({services:Array(String)})
ORDER BY trace_id
LIMIT {tracesMax:UInt32}`,
});

export const traceParentsQuery = defineQuery({
  name: 'traceParents',
  params: { ...rangeTypes, traceIds: 'Array(String)' },
  row: { traceId: 'String', spanId: 'String', parentSpanId: 'String', service: 'String', spanName: 'String', kind: 'UInt8' },
  sql: `
SELECT lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId, lower(hex(parent_span_id)) AS parentSpanId,
  CAST(service, 'String') AS service, CAST(name, 'String') AS spanName, kind
FROM spans
WHERE ${isInBuckets} AND ${isGivenTrace}
LIMIT 200000`,
});

type Parent = Awaited<ReturnType<typeof ask<typeof traceParentsQuery.params, typeof traceParentsQuery.row>>>[number];

/** Static cycles of the map, and for each whether a trace of the last hour of the range went round. */
export async function dependencyCycles(
  engine: Engine,
  range: TimeRange,
  nodes: ReadonlyMap<string, NodeNames>,
  edges: readonly { readonly from: string; readonly to: string }[],
): Promise<DependencyCycle[]> {
  const ids = [...nodes.keys()];
  const numberOf = new Map(ids.map((id, number) => [id, number]));
  const next: number[][] = ids.map(() => []);
  for (const { from, to } of edges) next[numberOf.get(from) as number]?.push(numberOf.get(to) as number);
  const cycles = findCycles(next).map((cycle) => cycle.map((number) => ids[number] as string));
  const evidence = { fromMs: Math.max(range.fromMs, range.toMs - evidenceMs), toMs: range.toMs };
  return await Promise.all(
    cycles.map(async (cycle, i): Promise<DependencyCycle> => {
      const exampleTraceId =
        i < cyclesMax
          ? await loopingTrace(
              engine,
              evidence,
              cycle.map((id) => nodes.get(id) as NodeNames),
            )
          : null;
      return { nodes: cycle, kind: exampleTraceId === null ? 'static' : 'loop', exampleTraceId };
    }),
  );
}

async function loopingTrace(engine: Engine, range: TimeRange, cycle: readonly NodeNames[]): Promise<string | null> {
  const asked = cycle.filter(({ service }) => service !== undefined);
  const services = [...new Set(asked.map(({ service }) => service as string))];
  if (services.length === 0) return null;
  const candidates = await ask(engine, cycleTracesQuery, { ...rangeParams(range), services, tracesMax });
  if (candidates.length === 0) return null;
  const traceIds = candidates.map(({ traceId }) => traceId);
  const spans = await ask(engine, traceParentsQuery, { ...rangeParams(range), traceIds });
  return (
    traceIds.find((traceId) =>
      goesRound(
        spans.filter((span) => span.traceId === traceId),
        asked,
      ),
    ) ?? null
  );
}

/** Whether what a span was asked for was asked already by what it was done for, with another part of the cycle between. */
function goesRound(spans: readonly Parent[], cycle: readonly NodeNames[]): boolean {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const placeOf = (span: Parent) =>
    span.kind === 2 || span.kind === 5
      ? cycle.findIndex(({ name, service }) => service === span.service && (name === undefined || name === span.spanName))
      : -1;
  return spans.some((span) => {
    const own = placeOf(span);
    if (own === -1) return false;
    let passed = cycle.length === 1;
    const seen = new Set([span.spanId]);
    for (let above = byId.get(span.parentSpanId); above && !seen.has(above.spanId); above = byId.get(above.parentSpanId)) {
      seen.add(above.spanId);
      const place = placeOf(above);
      if (place === own && passed) return true;
      if (place !== -1 && place !== own) passed = true;
    }
    return false;
  });
}
