import type { listTraces, TraceSummary } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { BadCursor, questionOf, readPlace, writePlace } from './cursor.ts';
import { ask, defineQuery, type RowOf } from './define.ts';
import { filterParams, filterTypes, isFoundByIndex, type SpanFilters, spanMatches } from './filters.ts';
import { moment, rangeParams, rangeTypes, spansInRange, type TimeRange } from './range.ts';
import { type SearchCondition, searchCondition } from './search/condition.ts';
import { growth } from './search/newest-matching.ts';
import { checkPatterns } from './search/patterns.ts';
import { givenTraces, hasFailed } from './spans.ts';
import { traceSummaries } from './trace-summaries.ts';

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

/** The traces of the list, by the bounds of the whole trace. */
function candidates(traceIds: string): string {
  return `
  SELECT trace_id AS id, toUnixTimestamp64Nano(min(first)) AS start_ns, max(end_ns) - start_ns AS duration
  FROM trace_ts
  WHERE first >= ${moment(`{fromNs:Int64} - ${lookbackNs}`)} AND first < ${moment(`{toNs:Int64} + ${lookbackNs}`)} AND trace_id IN (${traceIds})
  GROUP BY trace_id`;
}

const pageTypes = { ...candidateTypes, place: 'Int64', placeId: 'String', limit: 'UInt32', traceIds: 'Array(String)' } as const;
const candidateRow = { traceId: 'String', startNs: 'String', durationNs: 'String' } as const;
const candidateColumns = 'lower(hex(id)) AS traceId, toString(start_ns) AS startNs, toString(duration) AS durationNs';

/**
 * The traces of spans that match, where there are few: those of the first `spansMax` that are found. Failed ones are counted where traces with
 * one are not wanted.
 */
export const fewTracesQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'fewTraces',
    params: { ...candidateTypes, spansMax: 'UInt32' },
    row: { traceId: 'String', spanCount: 'Float64', failedCount: 'Float64' },
    sql: `
SELECT lower(hex(id)) AS traceId, toFloat64(count()) AS spanCount, toFloat64(countIf(told)) AS failedCount
FROM (
  SELECT trace_id AS id, {status:String} = 'ok' AND ${hasFailed} AS told
  FROM spans
  WHERE ${spansInRange} AND ${spanMatches(search)} AND ({status:String} != 'error' OR ${hasFailed})
  LIMIT {spansMax:UInt32}
)
GROUP BY id`,
  });

/** Newest first, from the place of the cursor on. Only what began within the window is complete. */
export const newestTracesQuery = (search: SearchCondition, among = matchingTraces(search)) =>
  defineQuery({
    name: 'newestTraces',
    subqueries: 'own shard',
    params: { ...pageTypes, windowNs: 'Int64' },
    row: candidateRow,
    sql: `
SELECT ${candidateColumns}
FROM (${candidates(among)})
WHERE start_ns >= {windowNs:Int64} AND (start_ns, hex(id)) < ({place:Int64}, upper({placeId:String}))
ORDER BY start_ns DESC, id DESC
LIMIT {limit:UInt32}`,
  });

export const longestTracesQuery = (search: SearchCondition, among = matchingTraces(search)) =>
  defineQuery({
    name: 'longestTraces',
    subqueries: 'own shard',
    params: pageTypes,
    row: candidateRow,
    sql: `
SELECT ${candidateColumns}
FROM (${candidates(among)})
WHERE (duration, hex(id)) < ({place:Int64}, upper({placeId:String}))
ORDER BY duration DESC, id DESC
LIMIT {limit:UInt32}`,
  });

type TracesReply = Static<typeof listTraces.reply>;

export async function traces(engine: Engine, range: TimeRange, filters: SpanFilters, page: TracePage): Promise<TracesReply> {
  const question = questionOf(`traces by ${page.sort}`, filters);
  const place = placeOf(page.cursor, question);
  await checkPatterns(engine, filters.search);
  const few = isFoundByIndex(filters) ? await fewTraces(engine, range, filters) : undefined;
  if (few !== undefined && few.length <= page.limit && page.cursor === undefined) {
    // All are on the page, and what is read for it says in which order.
    const items = await traceSummaries(
      engine,
      few.map(({ traceId }) => traceId),
    );
    return { range, items: items.toSorted(page.sort === 'time' ? byStart : byDuration) };
  }
  const found = await listed(engine, range, filters, few, { sort: page.sort, place, limit: page.limit + 1 });
  const shown = found.slice(0, page.limit);
  const items = await traceSummaries(
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

interface Listed {
  readonly sort: TracePage['sort'];
  readonly place: Place;
  readonly limit: number;
}

const noWindow = -(2n ** 63n);

async function listed(
  engine: Engine,
  range: TimeRange,
  filters: SpanFilters,
  few: Few | undefined,
  { sort, place, limit }: Listed,
): Promise<Candidate[]> {
  const search = searchCondition(filters.search);
  const params = {
    ...candidateParams(range, filters),
    ...place,
    limit,
    traceIds: few?.map(({ traceId }) => traceId) ?? [],
  };
  const among = few === undefined ? matchingTraces(search) : givenTraces;
  if (sort === 'duration') return ask(engine, longestTracesQuery(search, among), params, search.params);
  if (few === undefined) return newest(engine, params, search);
  return ask(engine, newestTracesQuery(search, among), { ...params, windowNs: noWindow }, search.params);
}

/** So few spans that their traces are looked up sooner than another part of the range. */
const fewSpansMax = 2000;

type Few = RowOf<ReturnType<typeof fewTracesQuery>['row']>[];

/** All matching traces, if so few spans match. */
async function fewTraces(engine: Engine, range: TimeRange, filters: SpanFilters): Promise<Few | undefined> {
  const search = searchCondition(filters.search);
  const params = { ...candidateParams(range, filters), spansMax: fewSpansMax };
  const found = await ask(engine, fewTracesQuery(search), params, search.params);
  if (found.reduce((sum, { spanCount }) => sum + spanCount, 0) >= fewSpansMax) return undefined;
  return found.filter(({ failedCount }) => failedCount === 0);
}

function candidateParams(range: TimeRange, filters: SpanFilters) {
  return { ...rangeParams(range), ...filterParams(filters), status: filters.status ?? '' };
}

const byId = (a: TraceSummary, b: TraceSummary) => (a.traceId < b.traceId ? 1 : -1);
const byDuration = (a: TraceSummary, b: TraceSummary) => b.durationNs - a.durationNs || byId(a, b);
const byStart = (a: TraceSummary, b: TraceSummary) =>
  Number(BigInt(b.startTimeUnixNano) - BigInt(a.startTimeUnixNano)) || byId(a, b);

/**
 * Looks at the newest part of the range first, and at as much more as what was found there says, until there is enough. A trace that began
 * within the part has every span of it within the part or after, so that the newest of the part are the newest of all.
 */
async function newest(engine: Engine, asked: RowOf<typeof pageTypes>, search: SearchCondition): Promise<Candidate[]> {
  const { fromNs, limit, place, toNs } = asked;
  const endNs = place < toNs ? place + 1n : toNs;
  for (let lengthNs = (toNs - fromNs) / 4096n; ;) {
    const windowNs = endNs - lengthNs;
    const whole = lengthNs === 0n || windowNs <= fromNs;
    const window = whole ? { windowNs: noWindow } : { fromNs: windowNs, windowNs };
    const rows = await ask(engine, newestTracesQuery(search), { ...asked, ...window }, search.params);
    if (whole || rows.length === limit) return rows;
    lengthNs *= growth(rows.length, limit);
  }
}
