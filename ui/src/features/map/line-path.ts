import type { Point } from './geometry.ts';

/** Curves from layer to layer, and straight through each: points come in pairs of where one leaves and the next begins. */
export function linePath(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return '';
  const parts = [`M${at(first)}`];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before === undefined) continue;
    parts.push(index % 2 === 1 && before.y !== point.y ? curve(before, point) : `L${at(point)}`);
  }
  return parts.join('');
}

/** Level at both ends. */
function curve(from: Point, to: Point): string {
  const middle = (from.x + to.x) / 2;
  return `C${at({ x: middle, y: from.y })} ${at({ x: middle, y: to.y })} ${at(to)}`;
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
