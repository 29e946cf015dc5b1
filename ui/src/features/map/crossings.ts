import type { Point } from './geometry.ts';

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

/** How often lines cross that have no end in common. */
export function crossings(lines: readonly Line[]): number {
  let count = 0;
  for (const [index, a] of lines.entries()) {
    for (const b of lines.slice(index + 1)) {
      if (a.from === b.from || a.to === b.to || a.from === b.to || a.to === b.from) continue;
      count += crossingsOf(a.points, b.points);
    }
  }
  return count;
}

function crossingsOf(a: readonly Point[], b: readonly Point[]): number {
  let count = 0;
  for (let i = 1; i < a.length; i += 1) {
    for (let j = 1; j < b.length; j += 1) {
      if (doCross(a[i - 1] as Point, a[i] as Point, b[j - 1] as Point, b[j] as Point)) count += 1;
    }
  }
  return count;
}

function doCross(a: Point, b: Point, c: Point, d: Point): boolean {
  if (Math.max(a.x, b.x) < Math.min(c.x, d.x) || Math.max(c.x, d.x) < Math.min(a.x, b.x)) return false;
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function side(a: Point, b: Point, of: Point): number {
  return Math.sign((b.x - a.x) * (of.y - a.y) - (b.y - a.y) * (of.x - a.x));
}
