/** How often something is in two samples. */
export interface PairCount {
  readonly selection: number;
  readonly rest: number;
}

export interface Difference {
  /** Share in the selection minus share in the rest, -1..1, of what differs most. */
  readonly difference: number;
  /** How much of it chance does not explain, 0..1: what keys are ordered by. */
  readonly score: number;
}

const none: Difference = { difference: 0, score: 0 };

/** How many standard errors chance is given. */
const standardErrors = 2;

/**
 * How far the two samples differ in the share of one thing. The score is the difference less two standard errors of it, as they are where
 * both samples are drawn from one population: sqrt(p (1 - p) (1 / selection + 1 / rest)), p the share in both together.
 */
export function shareDifference(count: PairCount, sizes: PairCount): Difference {
  if (sizes.selection === 0 || sizes.rest === 0) return none;
  const difference = shareOf(count.selection, sizes.selection) - shareOf(count.rest, sizes.rest);
  const both = shareOf(count.selection + count.rest, sizes.selection + sizes.rest);
  const error = Math.sqrt(both * (1 - both) * (1 / sizes.selection + 1 / sizes.rest));
  return { difference, score: Math.max(0, Math.abs(difference) - standardErrors * error) };
}

/**
 * Of a key that these many have, with these values: the value, or the absence of any, whose shares differ most. Values that are left out can
 * only make it smaller, and a value that only few have can differ little.
 */
export function valuesDifference(values: readonly PairCount[], having: PairCount, sizes: PairCount): Difference {
  return furthest([...values, absent(having, sizes)], sizes);
}

/**
 * Of a key with numbers, counted in buckets that are given in the order of the numbers: the bound below which the shares differ most
 * (Kolmogorov and Smirnov's distance), or the absence of any.
 */
export function numbersDifference(buckets: readonly PairCount[], having: PairCount, sizes: PairCount): Difference {
  const below: PairCount[] = [];
  let sum: PairCount = { selection: 0, rest: 0 };
  for (const { selection, rest } of buckets) {
    sum = { selection: sum.selection + selection, rest: sum.rest + rest };
    below.push(sum);
  }
  return furthest([...below, absent(having, sizes)], sizes);
}

/** A key that stands twice in one span counts twice, so that more may have it than there are. */
function shareOf(count: number, size: number): number {
  return Math.min(1, count / size);
}

function absent(having: PairCount, sizes: PairCount): PairCount {
  return {
    selection: Math.max(0, sizes.selection - having.selection),
    rest: Math.max(0, sizes.rest - having.rest),
  };
}

function furthest(counts: readonly PairCount[], sizes: PairCount): Difference {
  const differences = counts.map((count) => shareDifference(count, sizes));
  return differences.reduce((best, one) => (isFurther(one, best) ? one : best), none);
}

/** By score, and where chance explains both, by difference. */
export function isFurther(one: Difference, other: Difference): boolean {
  if (one.score !== other.score) return one.score > other.score;
  return Math.abs(one.difference) > Math.abs(other.difference);
}
