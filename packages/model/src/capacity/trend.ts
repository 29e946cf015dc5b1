import { scatterOf, theilSen } from './theil-sen.ts';

export interface LevelPoint {
  readonly timeMs: number;
  readonly level: number;
}

export const trendProblems = ['few points', 'not growing', 'noisy'] as const;
export type TrendProblem = (typeof trendProblems)[number];
export type LevelTrend =
  | { readonly kind: 'growing'; readonly perHour: number; readonly fullAtMs: number; readonly msLeft: number }
  | { readonly kind: 'unknown'; readonly why: TrendProblem };

export const trendPointsMin = 8;

/** Mann-Kendall: with a score above this, a level without a trend would look so in one of forty ranges (Kendall, "Rank Correlation Methods", 1975). */
const kendallScoreMin = 1.96;
const hourMs = 3_600_000;
/** What takes longer is no plan. */
const horizonMs = 5 * 365 * 24 * hourMs;

/**
 * When a level that grows gets to its limit, by its Theil-Sen slope. It grows when nearly all later points lie above the earlier ones
 * (Mann-Kendall) **and** it rose over the range by more than it goes up and down by itself: a heap that is collected every minute has a
 * slope too, of the saw's teeth.
 */
export function levelTrend(points: readonly LevelPoint[], limit: number): LevelTrend {
  const unknown = (why: TrendProblem): LevelTrend => ({ kind: 'unknown', why });
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < trendPointsMin || !first || !last) return unknown('few points');
  const line = theilSen(points.map(({ timeMs, level }) => ({ x: (timeMs - first.timeMs) / hourMs, y: level })));
  if (!line || line.slope <= 0) return unknown('not growing');
  const levelAt = (timeMs: number) => line.intercept + (line.slope * (timeMs - first.timeMs)) / hourMs;
  if (kendallScore(points) < kendallScoreMin) return unknown('noisy');
  const scatter = scatterOf(points.map(({ timeMs, level }) => level - levelAt(timeMs)));
  if (levelAt(last.timeMs) - levelAt(first.timeMs) <= scatter) return unknown('noisy');
  const msLeft = Math.max(0, ((limit - levelAt(last.timeMs)) / line.slope) * hourMs);
  if (msLeft > horizonMs) return unknown('not growing');
  return { kind: 'growing', perHour: line.slope, fullAtMs: Math.round(last.timeMs + msLeft), msLeft };
}

function kendallScore(points: readonly LevelPoint[]): number {
  const count = points.length;
  let ups = 0;
  for (const [i, earlier] of points.entries()) {
    for (let j = i + 1; j < count; j++) ups += Math.sign((points[j] as LevelPoint).level - earlier.level);
  }
  return (ups - Math.sign(ups)) / Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
}
