import type { Point } from './geometry.ts';

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** The node that an arrow key goes to: near, and rather straight ahead than aside. */
export function neighbour(places: Readonly<Record<string, Point>>, from: string, direction: Direction): string | undefined {
  const start = places[from];
  if (start === undefined) return undefined;
  let best: string | undefined;
  let least = Infinity;
  for (const [id, { x, y }] of Object.entries(places)) {
    const [ahead, aside] = {
      ArrowLeft: [start.x - x, y - start.y],
      ArrowRight: [x - start.x, y - start.y],
      ArrowUp: [start.y - y, x - start.x],
      ArrowDown: [y - start.y, x - start.x],
    }[direction] as [number, number];
    if (ahead <= 1) continue;
    const distance = ahead + Math.abs(aside) * 2.5;
    if (distance >= least) continue;
    least = distance;
    best = id;
  }
  return best;
}
