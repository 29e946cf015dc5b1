import { countedTimes, type getTop, rankedKinds, rankings, type TopItem } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { percentilesNs } from './histograms.ts';
import { before, type TimeRange } from './range.ts';
import {
  isInPlace,
  keyColumns,
  keyTexts,
  hasMain,
  mainTypes,
  type Place,
  placeParams,
  placeTypes,
  ranked,
  rankedColumns,
  type RankedKind,
} from './ranked.ts';
import {
  fromRollup,
  type RollupRange,
  rollupRange,
  rollupStep,
  type RollupSteps,
  rollupSteps,
  rollupStepTypes,
  rollupTypes,
} from './rollup-range.ts';
import { percentileLevel, usualLevels } from './spans.ts';
import { statementTexts } from './statements.ts';
import { fillSteps } from './steps.ts';

export type Ranking = (typeof rankings)[number];
export type CountedTime = (typeof countedTimes)[number];

export interface TopOptions extends Place {
  readonly by: Ranking;
  readonly of: RankedKind;
  readonly time: CountedTime;
  /** 0 < percentile < 100. */
  readonly percentile: number;
  readonly limit: number;
}

const trendCountMax = 30;
const params = { ...rollupTypes, ...placeTypes, level: 'Float64' } as const;

const timeColumn: Readonly<Record<CountedTime, string>> = { inclusive: 'total_ns', self: 'self_ns', critical: 'critical_ns' };

/** Sums over the rows of a group; of a service and a host only some spans are requests. */
function sums(of: RankedKind) {
  const { isRequest, moreNs } = ranked[of];
  const ofRequests = (column: string) => `toFloat64(${isRequest ? `sumIf(${column}, ${isRequest})` : `sum(${column})`})`;
  const inclusive = moreNs ? `${ofRequests('total_ns')} + toFloat64(sum(${moreNs}))` : ofRequests('total_ns');
  return {
    requests: ofRequests('calls'),
    errors: ofRequests('errors'),
    total: inclusive,
    time: (time: CountedTime) => (time === 'inclusive' ? inclusive : `toFloat64(sum(${timeColumn[time]}))`),
    max: `toFloat64(${isRequest ? `maxIf(max_ns, ${isRequest})` : 'max(max_ns)'})`,
    hist: isRequest ? `if(${isRequest}, hist, (emptyArrayUInt16(), emptyArrayUInt64()))` : 'hist',
  };
}

/** What is ranked by, from the columns of a query. */
function rankedBy(by: Ranking): string {
  return { volume: 'requests', latency: 'percentilesNs[1]', hotspot: 'timeNs' }[by];
}

function rows(of: RankedKind, columns: string, condition = '1'): string {
  return fromRollup(
    'path',
    rankedColumns(of, `time, kind, ${columns}`),
    `${ranked[of].condition} AND ${isInPlace} AND ${condition}`,
  );
}

/** A job that nobody asks has no requests, and takes time all the same. */
function takesTimeUnasked(by: Ranking, of: RankedKind): boolean {
  return by === 'hotspot' && ranked[of].isRequest !== undefined;
}

/** The items that rank highest, beside the totals over all: reads no more than what is ranked by. */
export function rankQuery(by: Ranking, of: RankedKind, time: CountedTime) {
  const own = sums(of);
  const isLatency = by === 'latency';
  const isUnasked = takesTimeUnasked(by, of);
  const columns = new Set([
    'calls',
    'messages',
    'wait_ns',
    timeColumn[time],
    ...(isLatency ? ['max_ns', 'hist'] : []),
    ...(isUnasked ? ['self_ns'] : []),
  ]);
  const percentile = percentilesNs('{level:Float64}', 'requests', own.hist, 'toFloat64(max(max_ns))');
  return defineQuery({
    name: `rank by ${by} of ${of}, ${time}`,
    isQuick: true,
    params: { ...params, limit: 'UInt32' },
    row: {
      service: 'String',
      name: 'String',
      host: 'String',
      system: 'String',
      address: 'String',
      database: 'String',
      destination: 'String',
      hash: 'String',
      keyHash: 'String',
      allItems: 'Float64',
      allRequests: 'Float64',
      allNs: 'Float64',
    },
    sql: `
SELECT ${keyTexts(of)}, CAST(toString(sipHash64(${keyColumns(of)})), 'String') AS keyHash,
  toFloat64(count() OVER ()) AS allItems, sum(requests) OVER () AS allRequests, sum(timeNs) OVER () AS allNs
FROM (
  SELECT ${keyColumns(of)}, ${own.requests} AS requests, toFloat64(sum(messages)) AS messages, ${own.time(time)} AS timeNs${isLatency ? `, ${percentile} AS percentilesNs` : ''}${isUnasked ? ', toFloat64(sum(self_ns)) AS ownNs' : ''}
  FROM (
    ${rows(of, [...columns].join(', '))}
  )
  GROUP BY ${keyColumns(of)}
  HAVING requests > 0 OR messages > 0${isUnasked ? ' OR ownNs > 0' : ''}
)
ORDER BY ${rankedBy(by)} DESC, ${keyColumns(of)}
LIMIT {limit:UInt32}`,
  });
}

/** All figures of the chosen items. */
export function figuresQuery(of: RankedKind) {
  const own = sums(of);
  return defineQuery({
    name: `figures of ${of}`,
    isQuick: true,
    params: { ...params, ...mainTypes, keyHashes: 'Array(UInt64)' },
    row: {
      keyHash: 'String',
      requests: 'Float64',
      errors: 'Float64',
      totalNs: 'Float64',
      selfNs: 'Float64',
      criticalNs: 'Float64',
      messages: 'Float64',
      waitNs: 'Float64',
      maxNs: 'Float64',
      percentilesNs: 'Array(Float64)',
    },
    sql: `
SELECT CAST(toString(sipHash64(${keyColumns(of)})), 'String') AS keyHash, requests, errors, totalNs, selfNs, criticalNs, messages, waitNs, maxNs, percentilesNs
FROM (
  SELECT ${keyColumns(of)}, ${own.requests} AS requests, ${own.errors} AS errors,
    ${own.total} AS totalNs, toFloat64(sum(self_ns)) AS selfNs, toFloat64(sum(critical_ns)) AS criticalNs,
    toFloat64(sum(messages)) AS messages, toFloat64(sum(wait_ns)) AS waitNs,
    ${own.max} AS maxNs, ${percentilesNs(`${usualLevels}, {level:Float64}`, 'requests', own.hist, 'maxNs')} AS percentilesNs
  FROM (
    ${rows(of, 'calls, errors, total_ns, self_ns, critical_ns, wait_ns, messages, max_ns, hist', hasMain(of))}
  )
  WHERE sipHash64(${keyColumns(of)}) IN {keyHashes:Array(UInt64)}
  GROUP BY ${keyColumns(of)}
  HAVING requests > 0 OR messages > 0 OR selfNs > 0
)`,
  });
}

/** What the chosen items are ranked by, in each step. */
export function trendQuery(by: Ranking, of: RankedKind, time: CountedTime) {
  const own = sums(of);
  const value = {
    volume: own.requests,
    latency: `${percentilesNs('{level:Float64}', own.requests, own.hist, own.max)}[1]`,
    hotspot: own.time(time),
  }[by];
  const columns = {
    volume: 'calls',
    latency: 'calls, max_ns, hist',
    hotspot: [...new Set([timeColumn[time], 'wait_ns'])].join(', '),
  }[by];
  return defineQuery({
    name: `trend by ${by} of ${of}, ${time}`,
    isQuick: true,
    params: { ...params, ...mainTypes, ...rollupStepTypes, keyHashes: 'Array(UInt64)' },
    row: { keyHash: 'String', step: 'UInt32', value: 'Float64' },
    sql: `
SELECT CAST(toString(sipHash64(${keyColumns(of)})), 'String') AS keyHash, ${rollupStep} AS step, ${value} AS value
FROM (
    ${rows(of, columns, hasMain(of))}
)
WHERE sipHash64(${keyColumns(of)}) IN {keyHashes:Array(UInt64)}
GROUP BY ${keyColumns(of)}, step
${by === 'latency' ? `HAVING ${own.requests} > 0` : ''}`,
  });
}

const every = <Query>(make: (by: Ranking, of: RankedKind, time: CountedTime) => Query) =>
  new Map(
    rankedKinds.flatMap((of) =>
      rankings.flatMap((by) => countedTimes.map((time) => [`${by} ${of} ${time}`, make(by, of, time)] as const)),
    ),
  );
const rankQueries = every(rankQuery);
const trendQueries = every(trendQuery);
const figuresQueries = new Map(rankedKinds.map((of) => [of, figuresQuery(of)] as const));

export const allTopQueries = [...rankQueries.values(), ...trendQueries.values(), ...figuresQueries.values()];

type TopReply = Static<typeof getTop.reply>;
type Ranked = Awaited<ReturnType<typeof rank>>[number];
type Figures = Awaited<ReturnType<typeof figures>>[number];
type Trend = Awaited<ReturnType<typeof trends>>[number];

function rank(engine: Engine, { params: range }: RollupRange, options: TopOptions) {
  const { by, of, time, limit } = options;
  const query = rankQueries.get(`${by} ${of} ${time}`) as ReturnType<typeof rankQuery>;
  return ask(engine, query, { ...range, ...commonParams(options), limit });
}

/** What the questions after the ranking ask of: the chosen. */
function chosenParams({ params: range }: RollupRange, options: TopOptions, found: readonly Ranked[]) {
  const { main } = ranked[options.of];
  return {
    ...range,
    ...commonParams(options),
    keyHashes: found.map((row) => BigInt(row.keyHash)),
    mains: main === 'hash' ? [] : found.map((row) => row[main]),
    hashes: main === 'hash' ? found.map((row) => BigInt(`0x${row.hash}`)) : [],
  };
}

function figures(engine: Engine, range: RollupRange, options: TopOptions, found: readonly Ranked[]) {
  const query = figuresQueries.get(options.of) as ReturnType<typeof figuresQuery>;
  return ask(engine, query, chosenParams(range, options, found));
}

function trends(engine: Engine, range: RollupRange, steps: RollupSteps, options: TopOptions, found: readonly Ranked[]) {
  const { by, of, time } = options;
  const query = trendQueries.get(`${by} ${of} ${time}`) as ReturnType<typeof trendQuery>;
  return ask(engine, query, { ...chosenParams(range, options, found), ...steps.params });
}

function commonParams(options: TopOptions) {
  return { ...placeParams(options), level: percentileLevel(options.percentile) };
}

export async function top(engine: Engine, range: TimeRange, options: TopOptions): Promise<TopReply> {
  const { by, of, time } = options;
  const asked = rollupRange(range);
  const steps = rollupSteps(asked, trendCountMax);
  const answered = { range: asked.range, stepMs: steps.stepMs, timesMs: [...steps.timesMs] };
  const found = await rank(engine, asked, options);
  const [first] = found;
  if (first === undefined) return { ...answered, total: { items: 0, requests: 0, timeNs: 0 }, items: [] };

  const [now, steady, previous, texts] = await Promise.all([
    figures(engine, asked, options, found),
    trends(engine, asked, steps, options, found),
    figures(engine, rollupRange(before(asked.range)), options, found),
    of === 'statement'
      ? statementTexts(
          engine,
          found.map((row) => row.hash),
        )
      : new Map<string, string>(),
  ]);
  const byKey = (all: readonly Figures[]) => new Map(all.map((row) => [row.keyHash, row]));
  const [nowOf, previousOf] = [byKey(now), byKey(previous)];
  return {
    ...answered,
    total: { items: first.allItems, requests: first.allRequests, timeNs: first.allNs },
    items: found.flatMap((key): TopItem[] => {
      const row = nowOf.get(key.keyHash);
      if (row === undefined) return [];
      const [p50Ns = null, p95Ns = null, p99Ns = null, percentileNs = null] = row.percentilesNs;
      const { requests, errors, totalNs, selfNs, criticalNs, maxNs } = row;
      return [
        {
          key: keyOf(of, key, texts),
          requests,
          errors,
          totalNs,
          selfNs,
          criticalNs,
          p50Ns,
          p95Ns,
          p99Ns,
          percentileNs,
          maxNs,
          ...(of === 'queue' ? { messages: row.messages, waitNs: row.waitNs } : {}),
          share: by === 'volume' ? share(requests, first.allRequests) : share(timeOf(row, time), first.allNs),
          trend: trendOf(
            steady.filter(({ keyHash }) => keyHash === key.keyHash),
            steps,
            by,
          ),
          previous: previousFigures(previousOf.get(key.keyHash), options),
        },
      ];
    }),
  };
}

function timeOf({ criticalNs, selfNs, totalNs }: Figures, time: CountedTime): number {
  return { inclusive: totalNs, self: selfNs, critical: criticalNs }[time];
}

function previousFigures(row: Figures | undefined, { by, of }: TopOptions): TopItem['previous'] {
  if (!row || (row.requests === 0 && row.messages === 0 && !takesTimeUnasked(by, of))) return null;
  const { criticalNs, errors, percentilesNs: levels, requests, selfNs, totalNs } = row;
  return { requests, errors, totalNs, selfNs, criticalNs, percentileNs: levels[3] ?? null };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole);
}

function trendOf(values: readonly Trend[], { timesMs }: RollupSteps, by: Ranking): (number | null)[] {
  return fillSteps<Trend, number | null>(
    timesMs.length,
    values,
    (row) => row.step,
    (row) => row.value,
    by === 'latency' ? null : 0,
  );
}

function keyOf(kind: RankedKind, row: Ranked, texts: ReadonlyMap<string, string>): TopItem['key'] {
  const { service, name, host, system, address, database, destination, hash } = row;
  switch (kind) {
    case 'api':
    case 'endpoint':
      return { kind, service, name };
    case 'service':
      return { kind, service };
    case 'host':
      return { kind, host };
    case 'queue':
      return { kind, system, destination };
    case 'remote':
      return { kind, address };
    default:
      return { kind, statement: texts.get(hash) ?? '', statementHash: hash, system, address, database };
  }
}
