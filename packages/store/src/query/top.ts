import type { countedTimes, getTop, rankings, TopItem } from '@sonde/api';
import { rankedKinds } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { before, rangeParams, rangeTypes, spansInRange, type TimeRange } from './range.ts';
import { type CountedTime, keyColumns, type RankedKind, rankedSpans } from './ranked-spans.ts';
import { hashHex, percentileLevel, usualLevels } from './spans.ts';
import { fillSteps, trendStep, trendSteps } from './steps.ts';

export type Ranking = (typeof rankings)[number];

export interface TopOptions {
  readonly by: Ranking;
  readonly of: RankedKind;
  readonly time: (typeof countedTimes)[number];
  /** 0 < percentile < 100. */
  readonly percentile: number;
  readonly limit: number;
  readonly service?: string;
  readonly host?: string;
}

const params = { ...rangeTypes, childrenToNs: 'Int64', service: 'String', host: 'String', level: 'Float64' } as const;

/** Summed up by key and step, so that one pass answers for the range and for its trend; exact percentiles merge. */
function byKeyAndStep(of: RankedKind, time: CountedTime): string {
  return `
  SELECT ${keyColumns}, ${trendStep} AS step, count() AS step_requests, countIf(failed) AS step_errors, sum(duration_ns) AS step_total,
    sum(self_ns) AS step_self, max(duration_ns) AS step_max, quantilesExactState(${usualLevels}, {level:Float64})(duration_ns) AS step_durations
  FROM (${rankedSpans(of, time)})
  GROUP BY ${keyColumns}, step`;
}

/** Of each step: what is ranked by. */
function stepValue(by: Ranking, time: CountedTime): string {
  if (by === 'volume') return 'step_requests';
  if (by === 'latency') return 'finalizeAggregation(step_durations)[4]';
  return time === 'self' ? 'step_self' : 'step_total';
}

/** Of each item: what is ranked by. */
function itemValue(by: Ranking, time: CountedTime): string {
  if (by === 'volume') return 'requests';
  if (by === 'latency') return 'percentilesNs[4]';
  return time === 'self' ? 'selfNs' : 'totalNs';
}

const sums = `toFloat64(sum(step_requests)) AS requests, toFloat64(sum(step_errors)) AS errors, toFloat64(sum(step_total)) AS totalNs,
  toFloat64(sum(step_self)) AS selfNs, toFloat64(max(step_max)) AS maxNs,
  arrayMap(x -> toFloat64(x), quantilesExactMerge(${usualLevels}, {level:Float64})(step_durations)) AS percentilesNs`;

/** The items that rank highest, each beside the totals over all items. */
export function topQuery(by: Ranking, of: RankedKind, time: CountedTime) {
  return defineQuery({
    name: `top by ${by} of ${of}, ${time}`,
    subqueries: 'own shard',
    params: { ...params, limit: 'UInt32' },
    row: {
      service: 'String',
      name: 'String',
      system: 'String',
      address: 'String',
      statementText: 'String',
      hash: 'String',
      keyHash: 'String',
      requests: 'Float64',
      errors: 'Float64',
      totalNs: 'Float64',
      selfNs: 'Float64',
      maxNs: 'Float64',
      percentilesNs: 'Array(Float64)',
      steps: 'Array(UInt8)',
      values: 'Array(Float64)',
      allItems: 'Float64',
      allRequests: 'Float64',
      allTotalNs: 'Float64',
      allSelfNs: 'Float64',
    },
    sql: `
SELECT CAST(key_service, 'String') AS service, CAST(key_name, 'String') AS name, CAST(key_system, 'String') AS system, key_address AS address, key_statement AS statementText,
  ${hashHex('key_hash')} AS hash, toString(sipHash64(${keyColumns})) AS keyHash,
  requests, errors, totalNs, selfNs, maxNs, percentilesNs, steps, values,
  toFloat64(count() OVER ()) AS allItems, sum(requests) OVER () AS allRequests, sum(totalNs) OVER () AS allTotalNs, sum(selfNs) OVER () AS allSelfNs
FROM (
  SELECT ${keyColumns}, ${sums}, groupArray(step) AS steps, groupArray(toFloat64(${stepValue(by, time)})) AS values
  FROM (${byKeyAndStep(of, time)})
  GROUP BY ${keyColumns}
)
ORDER BY ${itemValue(by, time)} DESC, ${keyColumns}
LIMIT {limit:UInt32}`,
  });
}

/** The same items in another period. */
export function topBeforeQuery(of: RankedKind, time: CountedTime) {
  return defineQuery({
    name: `top of ${of}, ${time}, before`,
    subqueries: 'own shard',
    params: { ...params, keyHashes: 'Array(UInt64)' },
    row: { keyHash: 'String', requests: 'Float64', totalNs: 'Float64', selfNs: 'Float64', percentileNs: 'Float64' },
    sql: `
SELECT toString(sipHash64(${keyColumns})) AS keyHash, toFloat64(sum(step_requests)) AS requests, toFloat64(sum(step_total)) AS totalNs,
  toFloat64(sum(step_self)) AS selfNs, toFloat64(quantilesExactMerge(${usualLevels}, {level:Float64})(step_durations)[4]) AS percentileNs
FROM (${byKeyAndStep(of, time)})
GROUP BY ${keyColumns}
HAVING sipHash64(${keyColumns}) IN {keyHashes:Array(UInt64)}`,
  });
}

/** When the last of the spans that may be ranked ends: children that begin later cover nothing of them. */
export const lastEndQuery = defineQuery({
  name: 'lastEnd',
  params: rangeTypes,
  row: { lastEndNs: 'String' },
  sql: `
SELECT toString(max(toUnixTimestamp64Nano(timestamp) + toInt64(duration_ns))) AS lastEndNs
FROM spans
WHERE ${spansInRange}`,
});

const topQueries = new Map(
  rankedKinds.flatMap((of) =>
    (['volume', 'latency', 'hotspot'] as const).flatMap((by) =>
      (['inclusive', 'self'] as const).map((time) => [`${by} ${of} ${time}`, topQuery(by, of, time)] as const),
    ),
  ),
);
const beforeQueries = new Map(
  rankedKinds.flatMap((of) =>
    (['inclusive', 'self'] as const).map((time) => [`${of} ${time}`, topBeforeQuery(of, time)] as const),
  ),
);

export const allTopQueries = [...topQueries.values(), ...beforeQueries.values(), lastEndQuery];

type TopReply = Static<typeof getTop.reply>;

export async function top(engine: Engine, range: TimeRange, options: TopOptions): Promise<TopReply> {
  const { by, of, time, percentile, limit } = options;
  const query = topQueries.get(`${by} ${of} ${time}`) as ReturnType<typeof topQuery>;
  const childrenToNs = async (period: TimeRange) => (time === 'self' ? await lastEndNs(engine, period) : 0n);
  const common = {
    service: options.service ?? '',
    host: options.host ?? '',
    level: percentileLevel(percentile),
  };
  const rows = await ask(engine, query, {
    ...rangeParams(range),
    childrenToNs: await childrenToNs(range),
    ...common,
    limit,
  });
  const [first] = rows;
  if (first === undefined) return { range, total: { items: 0, requests: 0, timeNs: 0 }, items: [] };

  const keyHashes = rows.map((row) => BigInt(row.keyHash));
  const period = before(range);
  const earlier = await ask(engine, beforeQueries.get(`${of} ${time}`) as ReturnType<typeof topBeforeQuery>, {
    ...rangeParams(period),
    childrenToNs: await childrenToNs(period),
    ...common,
    keyHashes,
  });
  const previousOf = new Map(
    earlier.map(({ keyHash, selfNs, ...figures }) => [keyHash, { ...figures, selfNs: time === 'self' ? selfNs : null }]),
  );
  const timeNs = time === 'self' ? first.allSelfNs : first.allTotalNs;
  return {
    range,
    total: { items: first.allItems, requests: first.allRequests, timeNs },
    items: rows.map((row): TopItem => {
      const [p50Ns = 0, p95Ns = 0, p99Ns = 0, percentileNs = 0] = row.percentilesNs;
      return {
        key: keyOf(of, row),
        requests: row.requests,
        errors: row.errors,
        totalNs: row.totalNs,
        selfNs: time === 'self' ? row.selfNs : null,
        p50Ns,
        p95Ns,
        p99Ns,
        percentileNs,
        maxNs: row.maxNs,
        share: share(
          by === 'volume' ? row.requests : time === 'self' ? row.selfNs : row.totalNs,
          by === 'volume' ? first.allRequests : timeNs,
        ),
        trend: trendOf(row, by === 'latency' ? null : 0),
        previous: previousOf.get(row.keyHash) ?? null,
      };
    }),
  };
}

async function lastEndNs(engine: Engine, range: TimeRange): Promise<bigint> {
  const [row] = await ask(engine, lastEndQuery, rangeParams(range));
  return BigInt(row?.lastEndNs ?? 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole);
}

interface Trend {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

function trendOf({ steps, values }: Trend, missing: number | null): (number | null)[] {
  return fillSteps<number, number | null>(
    trendSteps,
    [...steps.keys()],
    (i) => steps[i] as number,
    (i) => values[i] as number,
    missing,
  );
}

interface Key {
  readonly service: string;
  readonly name: string;
  readonly system: string;
  readonly address: string;
  readonly statementText: string;
  readonly hash: string;
}

function keyOf(kind: RankedKind, row: Key): TopItem['key'] {
  if (kind === 'service') return { kind, service: row.service };
  if (kind !== 'statement') return { kind, service: row.service, name: row.name };
  return { kind, statement: row.statementText, statementHash: row.hash, system: row.system, address: row.address };
}
