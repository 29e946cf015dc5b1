import type { Point } from './layout.ts';

/** A smooth line: straight to the ends, rounded at every bend. */
export function linePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  const bends = rest.slice(0, -1);
  const curves = bends.map((bend, index) => {
    const next = bends[index + 1];
    return next === undefined
      ? `Q${at(bend)} ${at(last)}`
      : `Q${at(bend)} ${at({ x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 })}`;
  });
  return `M${at(first)}${curves.length === 0 ? `L${at(last)}` : curves.join('')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
