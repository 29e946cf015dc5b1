import type { TraceSummary } from '@sonde/api';
import { groupBy } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery, type RowOf } from './define.ts';
import { bucketsOf, inTheBuckets, theBucketsTypes } from './range.ts';
import { hasFailed, isGivenTrace, noParent } from './spans.ts';
import { traceBoundsQuery } from './trace-bounds.ts';

const spansOfTraces = `
    SELECT trace_id, span_id, parent_span_id, service, name, timestamp, duration_ns, status_code FROM spans
    WHERE ${inTheBuckets}
      AND ${isGivenTrace}`;

/**
 * Where a sender knows no finer times than milliseconds, a child begins when its parent does. Of the rest the longest; no id decides, for of
 * all columns those are read slowest.
 */
const order = `(timestamp, NOT (${noParent}), -toFloat64(duration_ns), toString(service), toString(name))`;

const pageTypes = { ...theBucketsTypes, traceIds: 'Array(String)' } as const;

/** A trace's services, those with the most spans first, and the first span of each. */
export const traceServicesQuery = defineQuery({
  name: 'traceServices',
  isQuick: true,
  params: pageTypes,
  row: {
    traceId: 'String',
    service: 'LowCardinality(String)',
    spanCount: 'Float64',
    errorCount: 'Float64',
    firstNs: 'String',
    hasNoParent: 'UInt8',
    name: 'String',
    durationNs: 'Float64',
  },
  sql: `
SELECT lower(hex(trace_id)) AS traceId, service, toFloat64(spans) AS spanCount, toFloat64(failed) AS errorCount,
  toString(toUnixTimestamp64Nano(first.1)) AS firstNs, first.2 AS hasNoParent, first.3 AS name, toFloat64(first.4) AS durationNs
FROM (
  SELECT trace_id, service, count() AS spans, countIf(${hasFailed}) AS failed,
    argMin((timestamp, ${noParent}, toString(name), duration_ns), ${order}) AS first
  FROM (${spansOfTraces})
  GROUP BY trace_id, service
)
ORDER BY spans DESC, service`,
});

/** The first span without a recorded parent; where all have one (a cycle), the first span. */
export const traceRootsQuery = defineQuery({
  name: 'traceRoots',
  subqueries: 'own shard',
  isQuick: true,
  params: pageTypes,
  row: { traceId: 'String', service: 'String', name: 'String', durationNs: 'Float64' },
  sql: `
SELECT lower(hex(trace_id)) AS traceId, argMin(root_service, place) AS service, argMin(root_name, place) AS name,
  toFloat64(argMin(duration_ns, place)) AS durationNs
FROM (
  SELECT trace_id, service AS root_service, name AS root_name, duration_ns,
    (NOT (${noParent}) AND (trace_id, parent_span_id) IN (SELECT trace_id, span_id FROM (${spansOfTraces})), ${order}) AS place
  FROM (${spansOfTraces})
)
GROUP BY trace_id`,
});

type OfService = RowOf<typeof traceServicesQuery.row>;
type Root = RowOf<typeof traceRootsQuery.row>;

interface Times {
  readonly firstNs: string;
  readonly lastNs: string;
}

/** Of each that is stored, in the order of the ids. `within`: when spans of them began, which most traces do not leave. */
export async function traceSummaries(
  engine: Engine,
  traceIds: readonly string[],
  within: readonly Times[] = [],
): Promise<TraceSummary[]> {
  if (traceIds.length === 0) return [];
  const guess = bucketsAt(within);
  const [bounds, early] = await Promise.all([
    ask(engine, traceBoundsQuery, { traceIds }),
    guess.buckets.length === 0 ? undefined : ask(engine, traceServicesQuery, { ...guess, traceIds }),
  ]);
  const buckets = bucketsAt(bounds);
  const rows = early && holds(guess, buckets) ? early : await ask(engine, traceServicesQuery, { ...buckets, traceIds });
  const services = groupBy(rows, (row) => row.traceId);
  const firstSpans = [...services.values()].map(firstOf);
  const roots = new Map<string, Root>(
    firstSpans.filter(({ hasNoParent }) => hasNoParent === 1).map((row) => [row.traceId, row]),
  );
  const others = traceIds.filter((traceId) => services.has(traceId) && !roots.has(traceId));
  if (others.length > 0) {
    for (const row of await ask(engine, traceRootsQuery, { ...buckets, traceIds: others })) roots.set(row.traceId, row);
  }
  const boundsOf = new Map(bounds.map((row) => [row.traceId, row]));
  return traceIds.flatMap((traceId) => {
    const bound = boundsOf.get(traceId);
    const root = roots.get(traceId);
    const own = services.get(traceId);
    if (bound === undefined || root === undefined || own === undefined) return [];
    return {
      traceId,
      startTimeUnixNano: bound.firstNs,
      durationNs: Number(BigInt(bound.endNs) - BigInt(bound.firstNs)),
      root: { service: root.service, name: root.name, durationNs: root.durationNs },
      spanCount: own.reduce((sum, row) => sum + row.spanCount, 0),
      errorCount: own.reduce((sum, row) => sum + row.errorCount, 0),
      services: own.map((row) => ({ service: row.service, spans: row.spanCount })),
    };
  });
}

type Buckets = ReturnType<typeof bucketsOf>;

function bucketsAt(times: readonly Times[]): Buckets {
  return bucketsOf(times.map(({ firstNs, lastNs }) => ({ firstNs: BigInt(firstNs), lastNs: BigInt(lastNs) })));
}

function holds(guess: Buckets, needed: Buckets): boolean {
  const guessed = new Set(guess.buckets);
  return needed.bucketed === 1 && needed.buckets.every((bucket) => guessed.has(bucket));
}

/** Nearly always the root too, and then nobody has to look for the parents of the others. */
function firstOf(own: readonly OfService[]): OfService {
  return own.reduce((first, row) => (isBefore(row, first) ? row : first));
}

/** As `order`. */
function isBefore(a: OfService, b: OfService): boolean {
  const laterNs = BigInt(a.firstNs) - BigInt(b.firstNs);
  if (laterNs !== 0n) return laterNs < 0n;
  if (a.hasNoParent !== b.hasNoParent) return a.hasNoParent === 1;
  if (a.durationNs !== b.durationNs) return a.durationNs > b.durationNs;
  return a.service < b.service;
}
