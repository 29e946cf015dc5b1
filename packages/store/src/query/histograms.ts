/**
 * Percentiles from the histograms of rollups (`hist`, `error_hist`: buckets, and how many durations lie in each), by nearest rank. Whatever
 * shows one takes the same value for all that a bucket holds: its geometric middle, which is within 4.5 % of each of them (ADR 13).
 */
import { rollupBucketsPerOctave } from '@sonde/model';
import { percentileLevel, usualLevels } from './spans.ts';

/** What stands for every duration of a bucket, in ns, as Float64. */
function middleOfBucket(bucket: string): string {
  return `exp2((${bucket} + 0.5) / ${rollupBucketsPerOctave})`;
}

/**
 * Over the rows that a question groups, as Array(Float64) in ns, in the order of the levels (`percentileLevel`), none above `maxNs`;
 * nothing where `calls`, what lies in the histograms, is 0. `hist`: of type Tuple(Array(UInt16), Array(UInt64)).
 */
export function percentilesNs(levels: string, calls: string, hist = 'hist', maxNs = 'toFloat64(max(max_ns))'): string {
  const buckets = `quantilesExactWeightedArray(${levels})(${hist}.1, ${hist}.2)`;
  return `if(${calls} = 0, [], arrayMap(b -> toFloat64(least(${middleOfBucket('b')}, ${maxNs})), ${buckets}))`;
}

/** 50, 95, 99. */
export function usualPercentilesNs(calls: string): string {
  return percentilesNs(usualLevels, calls);
}

export const p95Level = String(percentileLevel(95));
