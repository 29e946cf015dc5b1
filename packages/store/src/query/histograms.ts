import { rollupBucketsPerOctave } from '@sonde/model';
import { percentileLevel, usualLevels } from './spans.ts';

/**
 * Percentiles of the rollups' histograms, by nearest rank: the geometric middle of the bucket, at most 4.4 % from the exact duration. A
 * row's `hist` is two arrays, buckets and how many lie in each.
 */

/** The duration that stands for a bucket. */
function bucketNs(bucket: string): string {
  return `if(${bucket} = 0, 1, exp2((${bucket} + 0.5) / ${rollupBucketsPerOctave}))`;
}

/** Buckets of the levels, over all rows of a group; empty where nothing lies in them. */
function bucketsAt(levels: string, hist = 'hist'): string {
  return `quantilesExactWeightedArray(${levels})(${hist}.1, ${hist}.2)`;
}

/** Durations of the levels, none above `maxNs`. Nothing where the group has no call. */
export function percentilesNs(levels: string, calls: string, hist = 'hist', maxNs = 'toFloat64(max(max_ns))'): string {
  return `if(${calls} = 0, [], arrayMap(b -> toFloat64(least(${bucketNs('b')}, ${maxNs})), ${bucketsAt(levels, hist)}))`;
}

/** 50, 95, 99. */
export function usualPercentilesNs(calls: string): string {
  return percentilesNs(usualLevels, calls);
}

export const p95Level = String(percentileLevel(95));
