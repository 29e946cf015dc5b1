import type { Engine } from '@sonde/store';
import {
  type GeneratedMetrics,
  groupsOf,
  insertDistributions,
  insertSamples,
  insertSeries,
} from '../load/generated-metrics.ts';
import { mergeAll, printBytes } from './sizes.ts';
import { type Trial, tryCodecs, zstd } from './trial.ts';

const rowsPerInsert = 600_000;
const seriesEach = 60;
const MiB = 1024 ** 2;

const named = (...codecs: readonly string[]) => codecs.map((codec) => ({ codec }));
const inLargerBlocks = (codec: string) => ({ codec, blockBytes: MiB });
const times = [
  ...named(
    'DoubleDelta, ZSTD(1)',
    'Delta(8), ZSTD(1)',
    'Delta(8), T64, ZSTD(1)',
    'Delta(8), ZSTD(3)',
    'GCD, Delta(8), ZSTD(1)',
    'GCD, DoubleDelta, ZSTD(1)',
    'GCD, Delta(8), T64, ZSTD(1)',
    'DoubleDelta',
  ),
  ...['Delta(8), ZSTD(1)', 'Delta(8), ZSTD(3)'].map(inLargerBlocks),
];
const doubles = [
  ...named(
    'Delta(8), ZSTD(1)',
    'Delta(8), ZSTD(3)',
    'ZSTD(1)',
    'ZSTD(3)',
    'Gorilla, ZSTD(1)',
    'Gorilla',
    'FPC(12), ZSTD(1)',
    'Delta(8), LZ4',
  ),
  inLargerBlocks('Delta(8), ZSTD(1)'),
];
const integers = named(
  'Delta(8), ZSTD(1)',
  'Delta(8), ZSTD(3)',
  'ZSTD(1)',
  'T64, ZSTD(1)',
  'Delta(8), T64, ZSTD(1)',
  'DoubleDelta, ZSTD(1)',
  'GCD, Delta(8), T64, ZSTD(1)',
);
const counts = named(
  'ZSTD(1)',
  'ZSTD(3)',
  'T64, ZSTD(1)',
  'Delta(8), ZSTD(1)',
  'Delta(8), ZSTD(3)',
  'Delta(8), T64, ZSTD(1)',
  'GCD, Delta(8), T64, ZSTD(1)',
  'DoubleDelta, ZSTD(1)',
);
const figures = named(
  'ZSTD(1)',
  'ZSTD(3)',
  'Delta(8), ZSTD(1)',
  'Delta(8), ZSTD(3)',
  'Gorilla, ZSTD(1)',
  'FPC(12), ZSTD(1)',
  'FPC(12), ZSTD(3)',
  'FPC(16), ZSTD(1)',
);
const ids = [zstd(1), zstd(3), { codec: 'NONE' }];

const of = (table: string, columns: Readonly<Record<string, Trial['candidates']>>): Trial[] =>
  Object.entries(columns).map(([column, candidates]) => ({ table, column, candidates }));

const trials: readonly Trial[] = [
  ...of('metric_samples', {
    timestamp: times,
    received_at: times,
    start_timestamp: integers,
    value: doubles,
    value_int: integers,
    series_id: named('Delta(8), ZSTD(1)', 'ZSTD(1)'),
  }),
  ...of('metric_histograms', {
    timestamp: times,
    received_at: times,
    count: counts,
    sum: figures,
    max: figures,
    bucket_counts: counts,
    explicit_bounds: figures,
  }),
  ...of('metric_exponential_histograms', { timestamp: times, count: counts, sum: figures, positive_bucket_counts: counts }),
  ...of('metric_summaries', { timestamp: times, count: counts, sum: figures, quantiles: figures, quantile_values: figures }),
  ...of('metric_exemplars', { timestamp: times, trace_id: ids, value: figures }),
];

/** Points of numbers as `of` has them (whole days of a few instances are how a merged day lies), distributions, exemplars, all series. */
export async function measureMetrics(engine: Engine, points: GeneratedMetrics): Promise<void> {
  await engine.command(insertSeries);
  const perInsert = Math.ceil(rowsPerInsert / (seriesEach * points.pointsEach));
  const groups = groupsOf[points.series];
  for (let from = 0; from < groups; from += perInsert) {
    await engine.command(insertSamples(points, from, Math.min(perInsert, groups - from)));
  }
  for (const insert of insertDistributions) await engine.command(insert);
  await mergeAll(engine, 'wide');
  await printBytes(engine, 'a row');
  for (const trial of trials) await tryCodecs(engine, trial);
}
