import type { Interval } from '../../base/time-range.ts';

export const comparedPeriods = ['before', 'day', 'week'] as const;
export type ComparedPeriod = (typeof comparedPeriods)[number];

const dayMs = 86_400_000;

/** Which time a period is compared with: of the same length, just before, or the same hours a day or a week earlier. */
export function comparedPeriod({ fromMs, toMs }: Interval, period: ComparedPeriod): Interval {
  const backMs = { before: toMs - fromMs, day: dayMs, week: 7 * dayMs }[period];
  return { fromMs: fromMs - backMs, toMs: toMs - backMs };
}

const percentiles = ['p50', 'p95', 'p99'] as const;
type Figures = { readonly [percentile in (typeof percentiles)[number] as `${percentile}Ns`]: number | null };

export interface PercentileChange {
  readonly name: (typeof percentiles)[number];
  readonly nowNs: number | null;
  readonly beforeNs: number | null;
  /** Slower by a quarter and more is bad, faster by a fifth good. */
  readonly tone: 'bad' | 'ok' | 'quiet';
}

export function percentileChanges(now: Figures, before: Figures | undefined): PercentileChange[] {
  return percentiles.map((name) => {
    const [nowNs, beforeNs] = [now[`${name}Ns`], before?.[`${name}Ns`] ?? null];
    const factor = nowNs === null || beforeNs === null || beforeNs === 0 ? 1 : nowNs / beforeNs;
    return { name, nowNs, beforeNs, tone: factor > 1.25 ? 'bad' : factor < 0.8 ? 'ok' : 'quiet' };
  });
}
