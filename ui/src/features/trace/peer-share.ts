import type { LatencyHistogram } from '@sonde/api';

/** Fewer peers than this say nothing. */
const peersMin = 20;

/** The share of its peers, 0..1, that were faster; within a bucket they are taken to be spread evenly. Null where there are too few. */
export function fasterShare(
  durationNs: number,
  { buckets, count }: Pick<LatencyHistogram, 'buckets' | 'count'>,
): number | null {
  if (count < peersMin) return null;
  let faster = 0;
  for (const bucket of buckets) {
    const within = (durationNs - bucket.fromNs) / (bucket.toNs - bucket.fromNs);
    faster += bucket.count * Math.min(1, Math.max(0, within));
  }
  return Math.min(1, faster / count);
}

/** 97 of a hundred; 99.4 where whole percents would claim all of them. Never 100: it is one of its peers. */
export function percentText(share: number): string {
  const percent = share * 100;
  return percent >= 99
    ? Math.min(99.9, Math.floor(percent * 10) / 10)
        .toFixed(1)
        .replace(/\.0$/, '')
    : String(Math.floor(percent));
}
