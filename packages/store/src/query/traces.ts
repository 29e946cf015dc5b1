import type { listTraces, TraceSummary } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { BadCursor, questionOf, readPlace, writePlace } from './cursor.ts';
import { ask, defineQuery } from './define.ts';
import { filterParams, filterTypes, isFoundByIndex, type SpanFilters, spanMatches } from './filters.ts';
import { groupBy } from './group-by.ts';
import {
  bucketsOf,
  inTheBuckets,
  moment,
  rangeParams,
  rangeTypes,
  spansInRange,
  theBucketsTypes,
  type TimeRange,
} from './range.ts';
import { type SearchCondition, searchCondition } from './search/condition.ts';
import { growth } from './search/newest-matching.ts';
import { checkPatterns } from './search/patterns.ts';
import { hasFailed, noParent } from './spans.ts';

export interface TracePage {
  readonly sort: 'time' | 'duration';
  readonly limit: number;
  readonly cursor?: string;
}

/** What a trace did more than a day before the range, or after it, may not count for its place in the list. */
export const lookbackNs = '86400000000000';

const candidateTypes = { ...rangeTypes, ...filterTypes, status: 'String' } as const;

/** The traces of spans in the range that match every filter. */
export function matchingTraces(search: SearchCondition): string {
  return `
    SELECT trace_id
    FROM spans
    WHERE ${spansInRange} AND ${spanMatches(search)} AND ({status:String} != 'error' OR ${hasFailed})
    GROUP BY trace_id
    HAVING {status:String} != 'ok' OR countIf(${hasFailed}) = 0`;
}

/** Traces with one span in the range that matches every filter, and the bounds of the whole trace. */
function candidates(search: SearchCondition): string {
  return `
  SELECT trace_id AS id, toUnixTimestamp64Nano(min(first)) AS start_ns, max(end_ns) - start_ns AS duration
  FROM trace_ts
  WHERE first >= ${moment(`{fromNs:Int64} - ${lookbackNs}`)} AND first < ${moment(`{toNs:Int64} + ${lookbackNs}`)} AND trace_id IN (${matchingTraces(search)}
  )
  GROUP BY trace_id`;
}

const candidateRow = { traceId: 'String', startNs: 'String', durationNs: 'String' } as const;
const candidateColumns = 'lower(hex(id)) AS traceId, toString(start_ns) AS startNs, toString(duration) AS durationNs';

/** How many spans match, counted up to a bound. */
export const fewSpansQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'fewSpans',
    params: { ...candidateTypes, spansMax: 'UInt32' },
    row: { spanCount: 'Float64' },
    sql: `
SELECT toFloat64(count()) AS spanCount
FROM (SELECT 1 FROM spans WHERE ${spansInRange} AND ${spanMatches(search)} LIMIT {spansMax:UInt32})`,
  });

/** Newest first, from the place of the cursor on. Only what began within the window is complete. */
export const newestTracesQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'newestTraces',
    subqueries: 'own shard',
    params: { ...candidateTypes, place: 'Int64', placeId: 'String', windowNs: 'Int64', limit: 'UInt32' },
    row: candidateRow,
    sql: `
SELECT ${candidateColumns}
FROM (${candidates(search)})
WHERE start_ns >= {windowNs:Int64} AND (start_ns, hex(id)) < ({place:Int64}, upper({placeId:String}))
ORDER BY start_ns DESC, id DESC
LIMIT {limit:UInt32}`,
  });

export const longestTracesQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'longestTraces',
    subqueries: 'own shard',
    params: { ...candidateTypes, place: 'Int64', placeId: 'String', limit: 'UInt32' },
    row: candidateRow,
    sql: `
SELECT ${candidateColumns}
FROM (${candidates(search)})
WHERE (duration, hex(id)) < ({place:Int64}, upper({placeId:String}))
ORDER BY duration DESC, id DESC
LIMIT {limit:UInt32}`,
  });

/** Where in time the spans of these traces are. */
export const traceBoundsQuery = defineQuery({
  name: 'traceBounds',
  isQuick: true,
  params: { traceIds: 'Array(String)' },
  row: { traceId: 'String', firstNs: 'String', lastNs: 'String', endNs: 'String' },
  sql: `
SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(min(first))) AS firstNs,
  toString(toUnixTimestamp64Nano(max(last))) AS lastNs, toString(max(end_ns)) AS endNs
FROM trace_ts
WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({traceIds:Array(String)})), 16))
GROUP BY trace_id`,
});

const spansOfTraces = `
    SELECT trace_id, span_id, parent_span_id, service, name, timestamp, duration_ns, status_code FROM spans
    WHERE ${inTheBuckets}
      AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({traceIds:Array(String)})), 16))`;

const pageTypes = { ...theBucketsTypes, traceIds: 'Array(String)' } as const;

export const traceServicesQuery = defineQuery({
  name: 'traceServices',
  isQuick: true,
  params: pageTypes,
  row: { traceId: 'String', service: 'LowCardinality(String)', spanCount: 'Float64', errorCount: 'Float64' },
  sql: `
SELECT lower(hex(trace_id)) AS traceId, service, toFloat64(count()) AS spanCount, toFloat64(countIf(${hasFailed})) AS errorCount
FROM (${spansOfTraces})
GROUP BY trace_id, service
ORDER BY spanCount DESC, service`,
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
    (NOT (${noParent}) AND (trace_id, parent_span_id) IN (SELECT trace_id, span_id FROM (${spansOfTraces})), timestamp, span_id) AS place
  FROM (${spansOfTraces})
)
GROUP BY trace_id`,
});

type TracesReply = Static<typeof listTraces.reply>;

export async function traces(engine: Engine, range: TimeRange, filters: SpanFilters, page: TracePage): Promise<TracesReply> {
  const question = questionOf(`traces by ${page.sort}`, filters);
  const place = placeOf(page.cursor, question);
  await checkPatterns(engine, filters.search);
  const list = page.sort === 'time' ? newest : longest;
  const found = await list(engine, range, filters, place, page.limit + 1);
  const shown = found.slice(0, page.limit);
  const items = await summaries(
    engine,
    shown.map((row) => row.traceId),
  );
  const last = shown.at(-1);
  if (found.length <= page.limit || last === undefined) return { range, items };
  const at = page.sort === 'time' ? last.startNs : last.durationNs;
  return { range, items, nextCursor: writePlace(question, [at, last.traceId]) };
}

interface Candidate {
  readonly traceId: string;
  readonly startNs: string;
  readonly durationNs: string;
}

const beyondAll = { place: 2n ** 63n - 1n, placeId: 'g' };

type Place = typeof beyondAll;

function placeOf(cursor: string | undefined, question: string): Place {
  if (cursor === undefined) return beyondAll;
  const [at = '', placeId = ''] = readPlace(cursor, question, 2);
  const place = BigInt(at);
  if (place > beyondAll.place || place < -beyondAll.place) throw new BadCursor('Not a cursor of this list.');
  return { place, placeId };
}

function candidateParams(range: TimeRange, filters: SpanFilters) {
  return { ...rangeParams(range), ...filterParams(filters), status: filters.status ?? '' };
}

/**
 * Looks at the newest part of the range first, and at as much more as what was found there says, until there is enough. A trace that began
 * within the part has every span of it within the part or after, so that the newest of the part are the newest of all. What an index finds,
 * and is rare, is looked for in the whole range at once.
 */
async function newest(
  engine: Engine,
  range: TimeRange,
  filters: SpanFilters,
  place: Place,
  limit: number,
): Promise<Candidate[]> {
  const search = searchCondition(filters.search);
  const asked = candidateParams(range, filters);
  const endNs = place.place < asked.toNs ? place.place + 1n : asked.toNs;
  const parts = (await isRare(engine, asked, filters, search)) ? 1n : 4096n;
  for (let lengthNs = (asked.toNs - asked.fromNs) / parts; ;) {
    const windowNs = endNs - lengthNs;
    const whole = lengthNs === 0n || windowNs <= asked.fromNs;
    const params = {
      ...asked,
      fromNs: whole ? asked.fromNs : windowNs,
      ...place,
      windowNs: whole ? -(2n ** 63n) : windowNs,
      limit,
    };
    const rows = await ask(engine, newestTracesQuery(search), params, search.params);
    if (whole || rows.length === limit) return rows;
    lengthNs *= growth(rows.length, limit);
  }
}

/** So few spans that their traces are looked up sooner than another part of the range. */
const rareSpansMax = 2000;

async function isRare(
  engine: Engine,
  asked: ReturnType<typeof candidateParams>,
  filters: SpanFilters,
  search: SearchCondition,
): Promise<boolean> {
  const indexed = isFoundByIndex(filters);
  if (!indexed) return false;
  const params = { ...asked, spansMax: rareSpansMax };
  const [row] = await ask(engine, fewSpansQuery(search), params, search.params);
  return row !== undefined && row.spanCount < rareSpansMax;
}

function longest(engine: Engine, range: TimeRange, filters: SpanFilters, place: Place, limit: number): Promise<Candidate[]> {
  const search = searchCondition(filters.search);
  const params = { ...candidateParams(range, filters), ...place, limit };
  return ask(engine, longestTracesQuery(search), params, search.params);
}

async function summaries(engine: Engine, traceIds: readonly string[]): Promise<TraceSummary[]> {
  if (traceIds.length === 0) return [];
  const bounds = await ask(engine, traceBoundsQuery, { traceIds });
  const page = {
    ...bucketsOf(bounds.map(({ firstNs, lastNs }) => ({ firstNs: BigInt(firstNs), lastNs: BigInt(lastNs) }))),
    traceIds,
  };
  const [services, roots] = await Promise.all([ask(engine, traceServicesQuery, page), ask(engine, traceRootsQuery, page)]);
  const boundsOf = new Map(bounds.map((row) => [row.traceId, row]));
  const servicesOf = groupBy(services, (row) => row.traceId);
  const rootOf = new Map(roots.map((row) => [row.traceId, row]));
  return traceIds.flatMap((traceId) => {
    const bound = boundsOf.get(traceId);
    const root = rootOf.get(traceId);
    if (bound === undefined || root === undefined) return [];
    const own = servicesOf.get(traceId) ?? [];
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
