import type { Case } from './case.ts';

/**
 * How sure a finding is, 0..1: 0.5 for the time (or the failures) being there at all, 0.25 when a measure of the cause itself rose with
 * it, 0.15 when there was a change of state beside it, 0.1 when each period has a hundred requests; a fifth less where it explains less than
 * half.
 */
export function confidenceOf({ baseline, now }: Case, share: number, isMeasured: boolean, isChange: boolean): number {
  const isMany = baseline.symptom.requests >= 100 && now.symptom.requests >= 100;
  const sum = 0.5 + (isMeasured ? 0.25 : 0) + (isChange ? 0.15 : 0) + (isMany ? 0.1 : 0);
  return Math.round(sum * (share >= 0.5 ? 1 : 0.8) * 100) / 100;
}
