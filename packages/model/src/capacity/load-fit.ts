import { median, scatterOf, theilSen } from './theil-sen.ts';

/** One step of a range: how fast requests came, and how much of the resource they and all else took (0..1). */
export interface LoadPoint {
  readonly rate: number;
  readonly utilization: number;
}

/** utilization = idle + costPerRequest · rate. */
export interface LoadFit {
  /** What is used without any request. A little below 0 where the true curve bends. */
  readonly idle: number;
  /** Utilisation for each request a second: seconds of the whole resource for one request. */
  readonly costPerRequest: number;
  /** The share of the variation that the line explains, of the points that are no outliers; at most 1. */
  readonly r2: number;
  readonly points: number;
  readonly outliers: number;
  /** The rates that were seen: beyond, the line is a guess. */
  readonly rateMin: number;
  readonly rateMax: number;
}

export const fitProblems = ['few points', 'steady rate', 'no relation', 'poor fit'] as const;
export type FitProblem = (typeof fitProblems)[number];
export type LoadFitOutcome =
  | { readonly kind: 'fit'; readonly fit: LoadFit }
  | { readonly kind: 'unknown'; readonly why: FitProblem };

/** Fewer points make a line of nearly anything. */
export const fitPointsMin = 8;

/** The rate has to differ by a fifth of its highest (between its 5th and its 95th percentile), or a slope would be read out of noise. */
export const rateSpreadMin = 0.2;

/** The line has to explain half of the variation: below, other things than the requests decide how busy the resource is. */
export const r2Min = 0.5;

/** Beyond three standard deviations a point is an outlier; two percent of utilisation never make one, however straight the rest lies. */
const outlierDeviations = 3;
const neverOutlier = 0.02;
/** More than Theil-Sen bears (theil-sen.ts). */
const outlierShareMax = 0.29;

export function fitLoad(points: readonly LoadPoint[]): LoadFitOutcome {
  const unknown = (why: FitProblem): LoadFitOutcome => ({ kind: 'unknown', why });
  if (points.length < fitPointsMin) return unknown('few points');
  const rates = points.map(({ rate }) => rate).toSorted((a, b) => a - b);
  const at = (share: number) => rates[Math.round(share * (rates.length - 1))] as number;
  if (at(0.95) <= 0 || at(0.95) - at(0.05) < rateSpreadMin * at(0.95)) return unknown('steady rate');

  const line = theilSen(points.map(({ rate, utilization }) => ({ x: rate, y: utilization })));
  if (!line || line.slope <= 0) return unknown('no relation');
  const residualOf = ({ rate, utilization }: LoadPoint) => utilization - line.intercept - line.slope * rate;
  const bound = Math.max(neverOutlier, outlierDeviations * scatterOf(points.map(residualOf)));
  const kept = points.filter((point) => Math.abs(residualOf(point)) <= bound);
  const r2 = explained(kept, residualOf);
  const outliers = points.length - kept.length;
  if (r2 < r2Min || outliers > outlierShareMax * points.length) return unknown('poor fit');
  return {
    kind: 'fit',
    fit: {
      idle: line.intercept,
      costPerRequest: line.slope,
      r2,
      points: points.length,
      outliers,
      rateMin: at(0),
      rateMax: at(1),
    },
  };
}

function explained(points: readonly LoadPoint[], residualOf: (point: LoadPoint) => number): number {
  const mean = points.reduce((sum, { utilization }) => sum + utilization, 0) / points.length;
  const all = points.reduce((sum, { utilization }) => sum + (utilization - mean) ** 2, 0);
  const left = points.reduce((sum, point) => sum + residualOf(point) ** 2, 0);
  return all === 0 ? 0 : 1 - left / all;
}

/**
 * Where a resource counts as saturated. In an open queue (M/M/c; Kleinrock, "Queueing Systems" 1, 1975) a request takes 1/(1-u) times its
 * service with one server: twice as long at 0.5, five times at 0.8, ten times at 0.9. 0.8 is the knee: beyond it each further percent of load
 * costs more than it brings, and there is no room for the peaks within a step. With several servers the knee lies higher; that is kept as a reserve.
 */
export const saturationBounds = {
  cpu: 0.8,
  /** One Node process runs JavaScript on one processor: one server of the queue. */
  'event loop': 0.8,
  /** No queue, but a wall: beyond it the kernel gives back its cache, then kills. */
  memory: 0.9,
  disk: 0.9,
  /** A pool that is full refuses; operators alert at this. */
  connections: 0.8,
} as const;
export type CapacityResource = keyof typeof saturationBounds;

/** The rate at which the resource gets to the bound; 0 where it is there without any request. */
export function saturatingRate({ idle, costPerRequest }: Pick<LoadFit, 'idle' | 'costPerRequest'>, bound: number): number {
  return Math.max(0, (bound - idle) / costPerRequest);
}

/** `now`: the median of the newest eighth of the steps. One is too noisy, all are the past. */
export function newestOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values.slice(-Math.max(1, Math.round(values.length / 8))));
}
