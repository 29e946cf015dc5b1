/** What Top N asks of the path rollup, for every ranking, kind and time. */
import { countedTimes, rankedKinds, rankings } from '@sonde/api';
import { defineQuery } from './define.ts';
import { percentilesNs } from './histograms.ts';
import {
  hasMain,
  isInPlace,
  isInService,
  keyColumns,
  keyTexts,
  mainTypes,
  placeTypes,
  ranked,
  rankedColumns,
  type RankedKind,
} from './ranked.ts';
import { fromRollup, rollupStep, rollupStepTypes, rollupTypes } from './rollup-range.ts';
import { usualLevels } from './spans.ts';

/** Hosts are told apart by the paths alone; `operation` has their sums over APIs and instances. */
const sources = ['operation', 'path'] as const;
export type Source = (typeof sources)[number];

export type Ranking = (typeof rankings)[number];
export type CountedTime = (typeof countedTimes)[number];

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
  return { volume: 'requests', latency: 'percentilesNs[4]', hotspot: 'timeNs' }[by];
}

function rows(source: Source, of: RankedKind, columns: string, condition = '1'): string {
  return fromRollup(
    source,
    rankedColumns(of, `time, kind, ${columns}`),
    `${ranked[of].condition} AND ${source === 'path' ? isInPlace : isInService} AND ${condition}`,
  );
}

/** The smallest rollup that knows what is asked for. */
export function sourceOf(of: RankedKind, host: string | undefined): Source {
  return of === 'host' || host ? 'path' : 'operation';
}

/** A job that nobody asks has no requests, and takes time all the same. */
export function takesTimeUnasked(by: Ranking, of: RankedKind): boolean {
  return by === 'hotspot' && ranked[of].isRequest !== undefined;
}

const rankRow = {
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
} as const;

/** The highest of `items`, beside the totals over all. */
function ranking(of: RankedKind, by: Ranking, more: string, items: string): string {
  return `
SELECT ${keyTexts(of)}, CAST(toString(sipHash64(${keyColumns(of)})), 'String') AS keyHash,
  toFloat64(count() OVER ()) AS allItems, sum(requests) OVER () AS allRequests, sum(timeNs) OVER () AS allNs${more}
FROM (${items})
ORDER BY ${rankedBy(by)} DESC, ${keyColumns(of)}
LIMIT {limit:UInt32}`;
}

/** The items that rank highest: reads no more than what is ranked by. */
export function rankQuery(source: Source, of: RankedKind, by: Exclude<Ranking, 'latency'>, time: CountedTime) {
  const own = sums(of);
  const isUnasked = takesTimeUnasked(by, of);
  const columns = new Set(['calls', 'messages', 'wait_ns', timeColumn[time], ...(isUnasked ? ['self_ns'] : [])]);
  return defineQuery({
    name: `rank by ${by} of ${of}, ${time}, ${source}`,
    isQuick: true,
    params: { ...params, limit: 'UInt32' },
    row: rankRow,
    sql: ranking(
      of,
      by,
      '',
      `
  SELECT ${keyColumns(of)}, ${own.requests} AS requests, toFloat64(sum(messages)) AS messages, ${own.time(time)} AS timeNs${isUnasked ? ', toFloat64(sum(self_ns)) AS ownNs' : ''}
  FROM (
    ${rows(source, of, [...columns].join(', '))}
  )
  GROUP BY ${keyColumns(of)}
  HAVING requests > 0 OR messages > 0${isUnasked ? ' OR ownNs > 0' : ''}
`,
    ),
  });
}

const figuresRow = {
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
} as const;

const figureNames = 'requests, errors, totalNs, selfNs, criticalNs, messages, waitNs, maxNs, percentilesNs';

function figureColumns(of: RankedKind): string {
  const own = sums(of);
  return `${keyColumns(of)}, ${own.requests} AS requests, ${own.errors} AS errors,
    ${own.total} AS totalNs, toFloat64(sum(self_ns)) AS selfNs, toFloat64(sum(critical_ns)) AS criticalNs,
    toFloat64(sum(messages)) AS messages, toFloat64(sum(wait_ns)) AS waitNs,
    ${own.max} AS maxNs, ${percentilesNs(`${usualLevels}, {level:Float64}`, 'requests', own.hist, 'maxNs')} AS percentilesNs`;
}

const columnsOfFigures = 'calls, errors, total_ns, self_ns, critical_ns, wait_ns, messages, max_ns, hist';

/** By latency every item's histograms are read anyway, and its figures with them. */
export function rankByLatencyQuery(source: Source, of: RankedKind, time: CountedTime) {
  return defineQuery({
    name: `rank by latency of ${of}, ${time}, ${source}`,
    isQuick: true,
    params: { ...params, limit: 'UInt32' },
    row: { ...rankRow, ...figuresRow },
    sql: ranking(
      of,
      'latency',
      `, ${figureNames}`,
      `
  SELECT ${figureColumns(of)}, ${{ inclusive: 'totalNs', self: 'selfNs', critical: 'criticalNs' }[time]} AS timeNs
  FROM (
    ${rows(source, of, columnsOfFigures)}
  )
  GROUP BY ${keyColumns(of)}
  HAVING requests > 0 OR messages > 0
`,
    ),
  });
}

/** All figures of the chosen items. */
export function figuresQuery(source: Source, of: RankedKind) {
  return defineQuery({
    name: `figures of ${of}, ${source}`,
    isQuick: true,
    params: { ...params, ...mainTypes, keyHashes: 'Array(UInt64)' },
    row: figuresRow,
    sql: `
SELECT CAST(toString(sipHash64(${keyColumns(of)})), 'String') AS keyHash, ${figureNames}
FROM (
  SELECT ${figureColumns(of)}
  FROM (
    ${rows(source, of, columnsOfFigures, hasMain(of))}
  )
  WHERE sipHash64(${keyColumns(of)}) IN {keyHashes:Array(UInt64)}
  GROUP BY ${keyColumns(of)}
  HAVING requests > 0 OR messages > 0 OR selfNs > 0
)`,
  });
}

/** What the chosen items are ranked by, in each step. */
export function trendQuery(source: Source, of: RankedKind, by: Ranking, time: CountedTime) {
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
    name: `trend by ${by} of ${of}, ${time}, ${source}`,
    isQuick: true,
    params: { ...params, ...mainTypes, ...rollupStepTypes, keyHashes: 'Array(UInt64)' },
    row: { keyHash: 'String', step: 'UInt32', value: 'Float64' },
    sql: `
SELECT CAST(toString(sipHash64(${keyColumns(of)})), 'String') AS keyHash, ${rollupStep} AS step, ${value} AS value
FROM (
    ${rows(source, of, columns, hasMain(of))}
)
WHERE sipHash64(${keyColumns(of)}) IN {keyHashes:Array(UInt64)}
GROUP BY ${keyColumns(of)}, step
${by === 'latency' ? `HAVING ${own.requests} > 0` : ''}`,
  });
}

const asked = rankedKinds.flatMap((of) =>
  sources.filter((source) => source === 'path' || sourceOf(of, undefined) === source).map((source) => ({ of, source })),
);
const every = <Query>(make: (source: Source, of: RankedKind, by: Ranking, time: CountedTime) => Query) =>
  new Map<string, Query>(
    asked.flatMap(({ of, source }) =>
      rankings.flatMap((by) =>
        countedTimes.map((time) => [`${source} ${of} ${by} ${time}`, make(source, of, by, time)] as const),
      ),
    ),
  );
export const rankQueries = every((source, of, by, time) => (by === 'latency' ? undefined : rankQuery(source, of, by, time)));
export const rankByLatencyQueries = every((source, of, by, time) =>
  by === 'latency' ? rankByLatencyQuery(source, of, time) : undefined,
);
export const trendQueries = every(trendQuery);
export const figuresQueries = new Map(asked.map(({ of, source }) => [`${source} ${of}`, figuresQuery(source, of)] as const));

export const allTopQueries = [
  ...[...rankQueries.values(), ...rankByLatencyQueries.values()].filter((query) => query !== undefined),
  ...trendQueries.values(),
  ...figuresQueries.values(),
];
