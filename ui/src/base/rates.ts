import type { Interval } from './time-range.ts';

export function perSecond(count: number, { fromMs, toMs }: Interval): number {
  return count / Math.max(1e-3, (toMs - fromMs) / 1000);
}

/** 0..1; unknown where there was no request. */
export function errorShare({ errors, requests }: { readonly errors: number; readonly requests: number }): number | null {
  return requests === 0 ? null : errors / requests;
}
