/**
 * Durations in buckets of equal ratio: `perOctave` to a doubling. Bucket i holds [2^(i/perOctave), 2^((i+1)/perOctave)) ns, and
 * everything below 1 ns lies in bucket 0. With eight to the octave a bucket is 9 % wide, so that a value taken from its geometric
 * middle is within 4.4 % of the exact one. Histograms of equal `perOctave` merge by adding counts.
 */
export function bucketIndex(durationNs: number, perOctave: number): number {
  if (durationNs < 1) return 0;
  const guess = Math.floor(Math.log2(durationNs) * perOctave);
  // The logarithm may be off by one in the last place; the bounds decide.
  if (durationNs < bucketLowerNs(guess, perOctave)) return guess - 1;
  return durationNs >= bucketLowerNs(guess + 1, perOctave) ? guess + 1 : guess;
}

/** Inclusive lower bound of a bucket, which is the exclusive upper bound of the one before. */
export function bucketLowerNs(index: number, perOctave: number): number {
  return 2 ** (index / perOctave);
}

/** Counts by bucket index. */
export type Log2Histogram = ReadonlyMap<number, number>;

/** The value at a percentile (0..100, nearest rank) as the geometric middle of its bucket; undefined where nothing was counted. */
export function histogramPercentile(histogram: Log2Histogram, perOctave: number, percentile: number): number | undefined {
  const total = [...histogram.values()].reduce((sum, count) => sum + count, 0);
  const rank = Math.max(1, Math.ceil((percentile / 100) * total));
  let seen = 0;
  for (const index of [...histogram.keys()].toSorted((a, b) => a - b)) {
    seen += histogram.get(index) as number;
    if (seen >= rank) return bucketLowerNs(index + 0.5, perOctave);
  }
  return undefined;
}
