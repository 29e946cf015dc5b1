import type { LatencyHistogram } from '@sonde/api';

/** Durations around the median: between which a typical one lies, in ms; nothing where nothing was measured. */
export function typicalDurationsMs({ buckets, p50Ns }: Pick<LatencyHistogram, 'buckets' | 'p50Ns'>) {
  if (p50Ns === null) return undefined;
  const index = buckets.findIndex(({ fromNs, toNs, count }) => count > 0 && p50Ns >= fromNs && p50Ns <= toNs);
  const bucket = buckets[index];
  if (!bucket) return undefined;
  // Rounded outwards: a bucket that holds the median must not be left empty by three digits.
  return { minMs: Math.floor(bucket.fromNs / 1e3) / 1e3, maxMs: Math.ceil(bucket.toNs / 1e3) / 1e3 };
}
