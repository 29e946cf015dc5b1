import { countedTimes, type getTop, rankedKinds, rankings, type TopItem } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { percentilesNs } from './histograms.ts';
import { before, type TimeRange } from './range.ts';
import {
  isInPlace,
  keyColumns,
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
import { hashHex, percentileLevel, usualLevels } from './spans.ts';
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

const params = { ...rollupTypes, ...placeTypes, level: 'Float64' } as const;
const sumsOf = 'calls, errors, total_ns, self_ns, critical_ns, wait_ns, messages, max_ns, hist';
const trendCountMax = 30;

/** Sums over the rows of a group, as the ranking of `of` reads them. */
function figures(of: RankedKind): string {
  const { isRequest, moreNs } = ranked[of];
  const sum = (column: string) => (isRequest ? `sumIf(${column}, ${isRequest})` : `sum(${column})`);
  const more = moreNs ? ` + sum(${moreNs})` : '';
  const empty = `(emptyArrayUInt16(), emptyArrayUInt64())`;
  const hist = isRequest ? `if(${isRequest}, hist, ${empty})` : 'hist';
  const max = isRequest ? `toFloat64(maxIf(max_ns, ${isRequest}))` : 'toFloat64(max(max_ns))';
  return `toFloat64(${sum('calls')}) AS requests, toFloat64(${sum('errors')}) AS errors, toFloat64(${sum('total_ns')}${more}) AS totalNs,
  toFloat64(sum(self_ns)) AS selfNs, toFloat64(sum(critical_ns)) AS criticalNs,
  toFloat64(sum(messages)) AS messages, toFloat64(sum(wait_ns)) AS waitNs,
  ${max} AS maxNs, ${percentilesNs(`${usualLevels}, {level:Float64}`, 'requests', hist, 'maxNs')} AS percentilesNs`;
}

const timeColumn: Readonly<Record<CountedTime, string>> = { inclusive: 'totalNs', self: 'selfNs', critical: 'criticalNs' };

/** What is ranked by. */
function rankedBy(by: Ranking, time: CountedTime): string {
  if (by === 'volume') return 'requests';
  return by === 'latency' ? 'percentilesNs[4]' : timeColumn[time];
}

/** A job that nobody asks has no requests, and takes time all the same. */
function hasOccurred(of: RankedKind, by: Ranking): string {
  return `requests > 0 OR messages > 0${by === 'hotspot' && ranked[of].isRequest ? ' OR selfNs > 0' : ''}`;
}

function rows(of: RankedKind, columns = sumsOf): string {
  const { condition } = ranked[of];
  return fromRollup('path', rankedColumns(of, `time, kind, ${columns}`), `${condition} AND ${isInPlace}`);
}

/** The items that rank highest, each beside the totals over all items. */
export function topQuery(by: Ranking, of: RankedKind, time: CountedTime) {
  return defineQuery({
    name: `top by ${by} of ${of}, ${time}`,
    subqueries: 'own shard',
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
      requests: 'Float64',
      errors: 'Float64',
      totalNs: 'Float64',
      selfNs: 'Float64',
      criticalNs: 'Float64',
      messages: 'Float64',
      waitNs: 'Float64',
      maxNs: 'Float64',
      percentilesNs: 'Array(Float64)',
      allItems: 'Float64',
      allRequests: 'Float64',
      allNs: 'Float64',
    },
    sql: `
SELECT ${['service', 'name', 'host', 'system', 'address', 'database', 'destination'].map((part) => `CAST(key_${part}, 'String') AS ${part}`).join(', ')},
  ${hashHex('key_hash')} AS hash, toString(sipHash64(${keyColumns})) AS keyHash,
  requests, errors, totalNs, selfNs, criticalNs, messages, waitNs, maxNs, percentilesNs,
  toFloat64(count() OVER ()) AS allItems, sum(requests) OVER () AS allRequests, sum(${timeColumn[time]}) OVER () AS allNs
FROM (
  SELECT ${keyColumns}, ${figures(of)}
  FROM (
    ${rows(of)}
  )
  GROUP BY ${keyColumns}
  HAVING ${hasOccurred(of, by)}
)
ORDER BY ${rankedBy(by, time)} DESC, ${keyColumns}
LIMIT {limit:UInt32}`,
  });
}

const chosen = `WHERE sipHash64(${keyColumns}) IN {keyHashes:Array(UInt64)}`;

/** The same items in another period. */
export function topBeforeQuery(by: Ranking, of: RankedKind) {
  return defineQuery({
    name: `top by ${by} of ${of}, before`,
    params: { ...params, keyHashes: 'Array(UInt64)' },
    row: {
      keyHash: 'String',
      requests: 'Float64',
      errors: 'Float64',
      totalNs: 'Float64',
      selfNs: 'Float64',
      criticalNs: 'Float64',
      percentilesNs: 'Array(Float64)',
    },
    sql: `
SELECT toString(sipHash64(${keyColumns})) AS keyHash, requests, errors, totalNs, selfNs, criticalNs, percentilesNs
FROM (
  SELECT ${keyColumns}, ${figures(of)}
  FROM (
    ${rows(of)}
  )
  ${chosen}
  GROUP BY ${keyColumns}
  HAVING ${hasOccurred(of, by)}
)`,
  });
}

/** The same items over time: what is ranked by, in each step. */
export function topTrendQuery(by: Ranking, of: RankedKind, time: CountedTime) {
  return defineQuery({
    name: `trend of top by ${by} of ${of}, ${time}`,
    params: { ...params, ...rollupStepTypes, keyHashes: 'Array(UInt64)' },
    row: { keyHash: 'String', step: 'UInt32', value: 'Float64' },
    sql: `
SELECT toString(sipHash64(${keyColumns})) AS keyHash, step, ${rankedBy(by, time)} AS value
FROM (
  SELECT ${keyColumns}, ${rollupStep} AS step, ${figures(of)}
  FROM (
    ${rows(of)}
  )
  ${chosen}
  GROUP BY ${keyColumns}, step
  HAVING ${by === 'latency' ? 'requests > 0' : hasOccurred(of, by)}
)`,
  });
}

const every = <Q>(make: (by: Ranking, of: RankedKind, time: CountedTime) => Q) =>
  new Map(
    rankedKinds.flatMap((of) =>
      rankings.flatMap((by) => countedTimes.map((time) => [`${by} ${of} ${time}`, make(by, of, time)] as const)),
    ),
  );
const topQueries = every(topQuery);
const trendQueries = every(topTrendQuery);
const beforeQueries = new Map(
  rankedKinds.flatMap((of) => rankings.map((by) => [`${by} ${of}`, topBeforeQuery(by, of)] as const)),
);

export const allTopQueries = [...topQueries.values(), ...trendQueries.values(), ...beforeQueries.values()];

type TopReply = Static<typeof getTop.reply>;
type Row = Awaited<ReturnType<typeof rank>>[number];

function rank(engine: Engine, { params: range }: RollupRange, options: TopOptions) {
  const { by, of, time, limit } = options;
  const query = topQueries.get(`${by} ${of} ${time}`) as ReturnType<typeof topQuery>;
  return ask(engine, query, { ...range, ...commonParams(options), limit });
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

  const common = { ...commonParams(options), keyHashes: found.map((row) => BigInt(row.keyHash)) };
  const [trends, earlier, texts] = await Promise.all([
    ask(engine, trendQueries.get(`${by} ${of} ${time}`) as ReturnType<typeof topTrendQuery>, {
      ...asked.params,
      ...steps.params,
      ...common,
    }),
    ask(engine, beforeQueries.get(`${by} ${of}`) as ReturnType<typeof topBeforeQuery>, {
      ...rollupRange(before(asked.range)).params,
      ...common,
    }),
    of === 'statement'
      ? statementTexts(
          engine,
          found.map((row) => row.hash),
        )
      : new Map<string, string>(),
  ]);
  const previousOf = new Map(
    earlier.map(({ keyHash, percentilesNs: levels, ...sums }) => [keyHash, { ...sums, percentileNs: levels[3] ?? null }]),
  );
  return {
    ...answered,
    total: { items: first.allItems, requests: first.allRequests, timeNs: first.allNs },
    items: found.map((row): TopItem => {
      const [p50Ns = null, p95Ns = null, p99Ns = null, percentileNs = null] = row.percentilesNs;
      const { requests, errors, totalNs, selfNs, criticalNs, maxNs } = row;
      const own = { inclusive: totalNs, self: selfNs, critical: criticalNs }[time];
      return {
        key: keyOf(of, row, texts),
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
        share: by === 'volume' ? share(requests, first.allRequests) : share(own, first.allNs),
        trend: trendOf(
          trends.filter(({ keyHash }) => keyHash === row.keyHash),
          steps,
          by === 'latency' ? null : 0,
        ),
        previous: previousOf.get(row.keyHash) ?? null,
      };
    }),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole);
}

function trendOf(
  trend: readonly { step: number; value: number }[],
  steps: RollupSteps,
  missing: number | null,
): (number | null)[] {
  return fillSteps<(typeof trend)[number], number | null>(
    steps.timesMs.length,
    trend,
    (row) => row.step,
    (row) => row.value,
    missing,
  );
}

function keyOf(kind: RankedKind, row: Row, texts: ReadonlyMap<string, string>): TopItem['key'] {
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
