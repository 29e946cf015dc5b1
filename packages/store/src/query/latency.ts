import type { LatencyHeatmap, LatencyHistogram } from '@sonde/api';
import { bucketLowerNs } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { filterParams, filterTypes, latencySpanMatches, type SpanFilters } from './filters.ts';
import { rangeParams, rangeTypes, spansInRange, type TimeRange } from './range.ts';
import { type SearchCondition, searchCondition } from './search/condition.ts';
import { checkPatterns } from './search/patterns.ts';
import { bucketOf, hasFailed, usualPercentiles } from './spans.ts';
import { fillSteps, stepIndex, stepParams, stepsOf, stepTypes } from './steps.ts';

const types = { ...rangeTypes, ...filterTypes, status: 'String' } as const;
const histogramPerOctave = 8;
const heatmapPerOctave = 2;
const heatmapStepMsMin = 1000;

export const latencySummaryQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'latencySummary',
    params: types,
    row: { spanCount: 'Float64', errors: 'Float64', percentilesNs: 'Array(Float64)', maxNs: 'Float64' },
    sql: `
SELECT toFloat64(count()) AS spanCount, toFloat64(countIf(${hasFailed})) AS errors,
  ${usualPercentiles('duration_ns')} AS percentilesNs, toFloat64(max(duration_ns)) AS maxNs
FROM spans
WHERE ${spansInRange} AND ${latencySpanMatches(search)}`,
  });

export const latencyBucketsQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'latencyBuckets',
    params: types,
    row: { bucket: 'Int32', spanCount: 'Float64', errors: 'Float64' },
    sql: `
SELECT ${bucketOf('duration_ns', histogramPerOctave)} AS bucket, toFloat64(count()) AS spanCount, toFloat64(countIf(${hasFailed})) AS errors
FROM spans
WHERE ${spansInRange} AND ${latencySpanMatches(search)}
GROUP BY bucket`,
  });

export const latencyHeatmapQuery = (search: SearchCondition) =>
  defineQuery({
    name: 'latencyHeatmap',
    params: { ...types, ...stepTypes },
    row: { step: 'UInt32', bucket: 'Int32', spanCount: 'Float64', errors: 'Float64' },
    sql: `
SELECT ${stepIndex} AS step, ${bucketOf('duration_ns', heatmapPerOctave)} AS bucket, toFloat64(count()) AS spanCount,
  toFloat64(countIf(${hasFailed})) AS errors
FROM spans
WHERE ${spansInRange} AND ${latencySpanMatches(search)}
GROUP BY step, bucket`,
  });

function paramsOf(range: TimeRange, filters: SpanFilters) {
  return { ...rangeParams(range), ...filterParams(filters), status: filters.status ?? '' };
}

export async function latencyHistogram(engine: Engine, range: TimeRange, filters: SpanFilters): Promise<LatencyHistogram> {
  await checkPatterns(engine, filters.search);
  const search = searchCondition(filters.search);
  const asked = paramsOf(range, filters);
  const [[summary], buckets] = await Promise.all([
    ask(engine, latencySummaryQuery(search), asked, search.params),
    ask(engine, latencyBucketsQuery(search), asked, search.params),
  ]);
  if (summary === undefined || summary.spanCount === 0) {
    return { range, count: 0, errors: 0, p50Ns: null, p95Ns: null, p99Ns: null, maxNs: null, buckets: [] };
  }
  const [p50Ns = null, p95Ns = null, p99Ns = null] = summary.percentilesNs;
  const { first, count } = extent(buckets.map((row) => row.bucket));
  const byBucket = fillSteps<(typeof buckets)[number], { spanCount: number; errors: number }>(
    count,
    buckets,
    (row) => row.bucket - first,
    (row) => row,
    { spanCount: 0, errors: 0 },
  );
  return {
    range,
    count: summary.spanCount,
    errors: summary.errors,
    p50Ns,
    p95Ns,
    p99Ns,
    maxNs: summary.maxNs,
    buckets: byBucket.map(({ spanCount, errors }, i) => ({
      fromNs: lowerBoundNs(first + i, histogramPerOctave),
      toNs: lowerBoundNs(first + i + 1, histogramPerOctave),
      count: spanCount,
      errors,
    })),
  };
}

export async function latencyHeatmap(engine: Engine, range: TimeRange, filters: SpanFilters): Promise<LatencyHeatmap> {
  const steps = stepsOf(range, heatmapStepMsMin);
  await checkPatterns(engine, filters.search);
  const search = searchCondition(filters.search);
  const params = { ...paramsOf(range, filters), ...stepParams(steps) };
  const rows = await ask(engine, latencyHeatmapQuery(search), params, search.params);
  const { first, count } = extent(rows.map((row) => row.bucket));
  const counts = steps.timesMs.map(() => Array.from({ length: count }, () => 0));
  const errors = steps.timesMs.map(() => 0);
  for (const row of rows) {
    (counts[row.step] as number[])[row.bucket - first] = row.spanCount;
    errors[row.step] = (errors[row.step] as number) + row.errors;
  }
  return {
    range,
    stepMs: steps.stepMs,
    timesMs: [...steps.timesMs],
    bucketsNs: rows.length === 0 ? [] : Array.from({ length: count + 1 }, (_, i) => lowerBoundNs(first + i, heatmapPerOctave)),
    counts,
    errors,
  };
}

/** From the first bucket to the last. */
function extent(buckets: readonly number[]): { first: number; count: number } {
  if (buckets.length === 0) return { first: 0, count: 0 };
  const first = buckets.reduce((a, b) => Math.min(a, b));
  return { first, count: buckets.reduce((a, b) => Math.max(a, b)) - first + 1 };
}

/** What takes no time at all lies in bucket 0. */
function lowerBoundNs(index: number, perOctave: number): number {
  return index === 0 ? 0 : bucketLowerNs(index, perOctave);
}
