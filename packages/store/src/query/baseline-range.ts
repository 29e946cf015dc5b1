import { before, type TimeRange } from './range.ts';
import { rollupGrainMs, type RollupRange, rollupRange } from './rollup-range.ts';

/**
 * What an answered range is compared with, as rollups have it; without a wish, the period of equal length just before. Its end moves inwards
 * where whole minutes or hours would reach into the range, though what was asked for ended before it.
 *
 *     asked   |--------)  [--------|       baseline, range
 *     whole   |-----------|  |--------|    each by itself
 *     answer  |-----------|-----------|    the range first
 */
export function baselineRange(asked: TimeRange, answered: TimeRange, wished?: TimeRange): RollupRange {
  const baseline = wished ?? before(answered);
  const whole = rollupRange(baseline);
  const overlaps = whole.range.toMs > answered.fromMs;
  const isBefore = wished === undefined || wished.toMs <= asked.fromMs;
  if (!overlaps || !isBefore) return whole;
  const grainMs = rollupGrainMs(baseline);
  const toMs = Math.floor(answered.fromMs / grainMs) * grainMs;
  return rollupRange({ fromMs: Math.min(whole.range.fromMs, toMs - grainMs), toMs });
}
