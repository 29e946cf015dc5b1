/**
 * Percentiles from the histograms of rollups (`hist`, `error_hist`: buckets, and how many durations lie in each). Whatever shows one takes
 * the same value for all that a bucket holds: its geometric middle, which is within 4.5 % of each of them (ADR 13).
 */
import { bucketLowerNs, rollupBucketsPerOctave } from '@sonde/model';
import { percentileLevel } from './spans.ts';

/** What stands for every duration of a bucket, in ns. */
export function bucketMiddleNs(bucket: number): number {
  return bucketLowerNs(bucket + 0.5, rollupBucketsPerOctave);
}

/** The same in SQL: Float64. */
export function middleOfBucket(bucket: string): string {
  return `exp2((${bucket} + 0.5) / ${rollupBucketsPerOctave})`;
}

/**
 * Percentiles (nearest rank) over the rows that a question groups, as Array(Float64) in ns, in this order. Where nothing was counted they
 * are the middle of bucket 0: `calls` says so. `histogram`: a column of type Tuple(Array(UInt16), Array(UInt64)).
 */
export function histogramPercentiles(histogram: string, percentiles: readonly number[]): string {
  const levels = percentiles.map(percentileLevel).join(', ');
  return `arrayMap(bucket -> ${middleOfBucket('bucket')}, quantilesExactWeightedArray(${levels})(${histogram}.1, ${histogram}.2))`;
}
