import type { Interval } from '../../base/time-range.ts';
import { formatClock, formatDate } from '../../base/time.ts';

export const baselinePresets = ['before', 'day', 'week'] as const;
export type BaselinePreset = (typeof baselinePresets)[number];

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

/** Of the same length: just before, or the same hours a day or a week earlier. */
export function baselineOf({ fromMs, toMs }: Interval, preset: BaselinePreset): Interval {
  const backMs = { before: toMs - fromMs, day: dayMs, week: 7 * dayMs }[preset];
  return { fromMs: fromMs - backMs, toMs: toMs - backMs };
}

/** Which of them it is; undefined: another. A range that ends now has moved a little since the link was made. */
export function presetOf(range: Interval, baseline: Interval): BaselinePreset | undefined {
  return baselinePresets.find((preset) => {
    const { fromMs, toMs } = baselineOf(range, preset);
    return Math.abs(fromMs - baseline.fromMs) <= 2 * minuteMs && Math.abs(toMs - baseline.toMs) <= 2 * minuteMs;
  });
}

/** 13:32–14:32; with the day where it is another than today. */
export function periodText({ fromMs, toMs }: Interval, nowMs = Date.now()): string {
  const today = formatDate(nowMs);
  const [from, to] = [formatDate(fromMs), formatDate(toMs)];
  const clock = (ms: number) => formatClock(ms).slice(0, 5);
  const start = `${from === today && to === today ? '' : `${from.slice(5)} `}${clock(fromMs)}`;
  return `${start}–${from === to ? '' : `${to.slice(5)} `}${clock(toMs)}`;
}
