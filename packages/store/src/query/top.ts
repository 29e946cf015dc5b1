import type { getTop, TopItem } from '@sonde/api';
import type { Static } from 'typebox';
import type { Engine } from '../engine/types.ts';
import { ask } from './define.ts';
import { baselineRange } from './baseline-range.ts';
import type { TimeRange } from './range.ts';
import { type Place, placeParams, ranked, type RankedKind } from './ranked.ts';
import { type RollupRange, rollupRange, type RollupSteps, rollupSteps } from './rollup-range.ts';
import { percentileLevel } from './spans.ts';
import { statementTexts } from './statements.ts';
import { fillSteps } from './steps.ts';
import {
  type CountedTime,
  type figuresQuery,
  figuresQueries,
  rankByLatencyQueries,
  type rankByLatencyQuery,
  type Ranking,
  rankQueries,
  sourceOf,
  takesTimeUnasked,
  trendQueries,
  type trendQuery,
} from './top-queries.ts';

export interface TopOptions extends Place {
  readonly by: Ranking;
  readonly of: RankedKind;
  readonly time: CountedTime;
  /** 0 < percentile < 100. */
  readonly percentile: number;
  readonly limit: number;
}

const trendCountMax = 30;

type TopReply = Static<typeof getTop.reply>;
type Ranked = Awaited<ReturnType<typeof rank>>['found'][number];
type Figures = Awaited<ReturnType<typeof figures>>[number];
type Trend = Awaited<ReturnType<typeof trends>>[number];

/** By latency with their figures. */
async function rank(engine: Engine, { params: range }: RollupRange, options: TopOptions) {
  const { by, of, time, limit } = options;
  const asked = { ...range, ...commonParams(options), limit };
  const id = `${sourceOf(of, options.host)} ${of} ${by} ${time}`;
  const query = rankQueries.get(id);
  if (query) return { found: await ask(engine, query, asked), figures: undefined };
  const found = await ask(engine, rankByLatencyQueries.get(id) as ReturnType<typeof rankByLatencyQuery>, asked);
  return { found, figures: found };
}

/** What the questions after the ranking ask of: the chosen. */
function chosenParams({ params: range }: RollupRange, options: TopOptions, found: readonly Ranked[]) {
  const { main } = ranked[options.of];
  return {
    ...range,
    ...commonParams(options),
    keyHashes: found.map((row) => BigInt(row.keyHash)),
    mains: main === 'hash' ? [] : distinct(found.map((row) => row[main])),
    names: distinct(found.map((row) => row.name)),
    hashes: main === 'hash' ? found.map((row) => BigInt(`0x${row.hash}`)) : [],
  };
}

function figures(engine: Engine, range: RollupRange, options: TopOptions, found: readonly Ranked[]) {
  const query = figuresQueries.get(`${sourceOf(options.of, options.host)} ${options.of}`) as ReturnType<typeof figuresQuery>;
  return ask(engine, query, chosenParams(range, options, found));
}

function trends(engine: Engine, range: RollupRange, steps: RollupSteps, options: TopOptions, found: readonly Ranked[]) {
  const { by, of, time } = options;
  const query = trendQueries.get(`${sourceOf(of, options.host)} ${of} ${by} ${time}`) as ReturnType<typeof trendQuery>;
  return ask(engine, query, { ...chosenParams(range, options, found), ...steps.params });
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];

function commonParams(options: TopOptions) {
  return { ...placeParams(options), level: percentileLevel(options.percentile) };
}

export async function top(engine: Engine, range: TimeRange, options: TopOptions): Promise<TopReply> {
  const { by, of, time } = options;
  const asked = rollupRange(range);
  const earlier = baselineRange(range, asked.range);
  const steps = rollupSteps(asked, trendCountMax);
  const answered = { range: asked.range, stepMs: steps.stepMs, timesMs: [...steps.timesMs] };
  const { figures: known, found } = await rank(engine, asked, options);
  const [first] = found;
  if (first === undefined) return { ...answered, total: { items: 0, requests: 0, timeNs: 0 }, items: [] };

  const [now, steady, previous, texts] = await Promise.all([
    known ?? figures(engine, asked, options, found),
    trends(engine, asked, steps, options, found),
    figures(engine, earlier, options, found),
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
          previous: previousFigures(previousOf.get(key.keyHash), options, lengthMs(asked) / lengthMs(earlier)),
        },
      ];
    }),
  };
}

function timeOf({ criticalNs, selfNs, totalNs }: Figures, time: CountedTime): number {
  return { inclusive: totalNs, self: selfNs, critical: criticalNs }[time];
}

const lengthMs = ({ range: { fromMs, toMs } }: RollupRange) => toMs - fromMs;

/** `scale`: how much longer the range is than the period before it, which is widened to whole hours where the range ends now. */
function previousFigures(row: Figures | undefined, { by, of }: TopOptions, scale: number): TopItem['previous'] {
  if (!row || (row.requests === 0 && row.messages === 0 && !takesTimeUnasked(by, of))) return null;
  const scaled = (sum: number) => Math.round(sum * scale);
  return {
    requests: scaled(row.requests),
    errors: scaled(row.errors),
    totalNs: scaled(row.totalNs),
    selfNs: scaled(row.selfNs),
    criticalNs: scaled(row.criticalNs),
    percentileNs: row.percentilesNs[3] ?? null,
  };
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
