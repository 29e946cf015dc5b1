import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  DurationNs,
  noParams,
  operation,
  orUnknown,
  percentiles,
  strictObject,
  timeRange,
} from './common.ts';
import { traceFilters } from './traces.ts';

/** Of which spans. With no filter at all: of every entry span (SERVER and CONSUMER). With a name or a statement: of the spans so described. */
const filters = traceFilters;

export const LatencyBucket = strictObject({ fromNs: DurationNs, toNs: DurationNs, count: Count, errors: Count });

export const LatencyHistogram = strictObject({
  range: AnsweredRange,
  count: Count,
  errors: Count,
  ...percentiles,
  /** Unknown too where rollups answer for failed or unfailed spans alone. */
  maxNs: orUnknown(DurationNs),
  /** Base 2, eight to the octave, without gaps between the first and the last. */
  buckets: Type.Array(LatencyBucket),
});
export type LatencyHistogram = Static<typeof LatencyHistogram>;

export const getLatencyHistogram = operation({
  id: 'getLatencyHistogram',
  path: '/latency/histogram',
  summary: 'The distribution of durations.',
  params: noParams,
  query: strictObject({ ...timeRange, ...filters }),
  reply: LatencyHistogram,
});

export const LatencyHeatmap = strictObject({
  range: AnsweredRange,
  stepMs: Type.Integer({ minimum: 1 }),
  /** Start of each step. */
  timesMs: Type.Array(Type.Integer()),
  /** Lower bound of each bucket; base 2, two to the octave; the last entry is the upper bound of the last bucket. */
  bucketsNs: Type.Array(DurationNs),
  /** counts[time][bucket]. */
  counts: Type.Array(Type.Array(Count)),
  /** errors[time]: spans that failed, of every duration. */
  errors: Type.Array(Count),
});
export type LatencyHeatmap = Static<typeof LatencyHeatmap>;

export const getLatencyHeatmap = operation({
  id: 'getLatencyHeatmap',
  path: '/latency/heatmap',
  summary: 'Durations over time.',
  params: noParams,
  query: strictObject({ ...timeRange, ...filters }),
  reply: LatencyHeatmap,
});
