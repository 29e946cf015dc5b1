export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** The usual deviation from the median, scaled so that of normally distributed values it is their standard deviation. */
export function scatterOf(values: readonly number[]): number {
  const centre = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}

/**
 * Theil-Sen: the median of the slopes between all pairs of points, and the median of what is left. Up to 29 % of the points may be anything
 * (Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63, 1968): a backup that keeps a processor busy at night, or a
 * scrape in the midst of a restart, would turn a line of least squares, and there is no threshold to choose as a guard against outliers
 * would need. Quadratic: for some hundred points.
 */
export function theilSen(points: readonly Point[]): Line | undefined {
  const slopes: number[] = [];
  for (const [i, a] of points.entries()) {
    for (let j = i + 1; j < points.length; j++) {
      const b = points[j] as Point;
      if (a.x !== b.x) slopes.push((b.y - a.y) / (b.x - a.x));
    }
  }
  if (slopes.length === 0) return undefined;
  const slope = median(slopes);
  return { slope, intercept: median(points.map(({ x, y }) => y - slope * x)) };
}
