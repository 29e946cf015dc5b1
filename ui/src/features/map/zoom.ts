import type { Point } from './geometry.ts';

/** What lies at (x, y) of the map is drawn at x * scale + dx, y * scale + dy. */
export interface Zoom {
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export const scaleMin = 0.08;
export const scaleMax = 2.5;

/** All of it in the middle, no larger than life. */
export function fit(map: Size, view: Size): Zoom {
  if (map.width <= 0 || map.height <= 0 || view.width <= 0 || view.height <= 0) return { scale: 1, dx: 0, dy: 0 };
  const scale = clamp(Math.min(1, view.width / map.width, view.height / map.height));
  return { scale, dx: (view.width - map.width * scale) / 2, dy: (view.height - map.height * scale) / 2 };
}

/** All of it, as long as names can be read then; else from the left on, where requests come in. */
export function start(map: Size, view: Size): Zoom {
  const whole = fit(map, view);
  if (whole.scale >= readableScale) return whole;
  const rest = view.height - map.height * readableScale;
  return { scale: readableScale, dx: Math.max(0, (view.width - map.width * readableScale) / 2), dy: rest / 2 };
}

const readableScale = 0.5;

/** What lies under `at` stays there. */
export function zoomAt({ scale, dx, dy }: Zoom, factor: number, at: Point): Zoom {
  const next = clamp(scale * factor);
  const ratio = next / scale;
  return { scale: next, dx: at.x - (at.x - dx) * ratio, dy: at.y - (at.y - dy) * ratio };
}

export function pan({ scale, dx, dy }: Zoom, by: Point): Zoom {
  return { scale, dx: dx + by.x, dy: dy + by.y };
}

/** Moves as little as is needed for a node to be in sight. */
export function reveal(zoom: Zoom, at: Point, half: Size, view: Size): Zoom {
  const shift = (middle: number, halfSize: number, size: number) =>
    middle - halfSize < edgePx
      ? edgePx - middle + halfSize
      : middle + halfSize > size - edgePx
        ? size - edgePx - middle - halfSize
        : 0;
  return pan(zoom, {
    x: shift(at.x * zoom.scale + zoom.dx, half.width * zoom.scale, view.width),
    y: shift(at.y * zoom.scale + zoom.dy, half.height * zoom.scale, view.height),
  });
}

const edgePx = 8;

function clamp(scale: number): number {
  return Math.min(scaleMax, Math.max(scaleMin, scale));
}
