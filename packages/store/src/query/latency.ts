import type { LatencyHeatmap, LatencyHistogram } from '@sonde/api';
import { bucketLowerNs, histogramPercentile } from '@sonde/model';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from './define.ts';
import { filterParams, filterTypes, latencySpanMatches, type SpanFilters } from './filters.ts';
import { latencyCells, rollupFor } from './latency-rollup.ts';
import { rangeParams, rangeTypes, spansInRange, type TimeRange } from './range.ts';
import { type SearchCondition, searchCondition } from './search/condition.ts';
import { checkPatterns } from './search/patterns.ts';
import { bucketOf, hasFailed, usualPercentiles } from './spans.ts';
import { fillSteps, stepIndex, stepParams, type Steps, stepsOf, stepTypes } from './steps.ts';

const types = { ...rangeTypes, ...filterTypes, status: 'String' } as const;
const histogramPerOctave = 8;
const heatmapPerOctave = 2;
const heatmapStepMsMin = 1000;
const heatmapStepsMax = 120;

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
  const source = await rollupFor(engine, range, filters);
  if (source) {
    const cells = await latencyCells(engine, source, range, filters, { perOctave: histogramPerOctave, stepCountMax: 1 });
    return histogramOf(cells.range, cells.rows);
  }
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
  const { errors, maxNs, spanCount } = summary;
  return { range, count: spanCount, errors, p50Ns, p95Ns, p99Ns, maxNs, buckets: bucketList(buckets) };
}

interface Bucket {
  readonly bucket: number;
  readonly spanCount: number;
  readonly errors: number;
}

/** Without gaps from the first to the last. */
function bucketList(rows: readonly Bucket[]): LatencyHistogram['buckets'] {
  const { first, count } = extent(rows.map((row) => row.bucket));
  const nothing = { spanCount: 0, errors: 0 };
  return fillSteps<Bucket, Pick<Bucket, 'spanCount' | 'errors'>>(
    count,
    rows,
    (row) => row.bucket - first,
    (row) => row,
    nothing,
  ).map(({ spanCount, errors }, i) => ({
    fromNs: lowerBoundNs(first + i, histogramPerOctave),
    toNs: lowerBoundNs(first + i + 1, histogramPerOctave),
    count: spanCount,
    errors,
  }));
}

/** From the rollups' buckets: percentiles are within 5 %. */
function histogramOf(range: TimeRange, rows: readonly (Bucket & { readonly maxNs: number | null })[]): LatencyHistogram {
  const total = (valueOf: (row: Bucket) => number) => rows.reduce((sum, row) => sum + valueOf(row), 0);
  const isMaxKnown = rows.length > 0 && rows.every((row) => row.maxNs !== null);
  const maxNs = isMaxKnown ? rows.reduce((max, row) => Math.max(max, row.maxNs ?? 0), 0) : null;
  const counts = new Map(rows.map((row) => [row.bucket, row.spanCount]));
  const percentile = (p: number) => {
    const ns = histogramPercentile(counts, histogramPerOctave, p);
    return ns === undefined ? null : Math.min(ns, maxNs ?? Infinity);
  };
  return {
    range,
    count: total((row) => row.spanCount),
    errors: total((row) => row.errors),
    p50Ns: percentile(50),
    p95Ns: percentile(95),
    p99Ns: percentile(99),
    maxNs,
    buckets: bucketList(rows),
  };
}

export async function latencyHeatmap(engine: Engine, range: TimeRange, filters: SpanFilters): Promise<LatencyHeatmap> {
  const source = await rollupFor(engine, range, filters);
  if (source) {
    const cells = await latencyCells(engine, source, range, filters, {
      perOctave: heatmapPerOctave,
      stepCountMax: heatmapStepsMax,
    });
    return heatmapOf(cells.range, cells.steps, cells.rows);
  }
  const steps = stepsOf(range, heatmapStepMsMin);
  await checkPatterns(engine, filters.search);
  const search = searchCondition(filters.search);
  const params = { ...paramsOf(range, filters), ...stepParams(steps) };
  return heatmapOf(range, steps, await ask(engine, latencyHeatmapQuery(search), params, search.params));
}

function heatmapOf(
  range: TimeRange,
  steps: Pick<Steps, 'stepMs' | 'timesMs'>,
  rows: readonly (Bucket & { readonly step: number })[],
): LatencyHeatmap {
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
