import type { FlameFrame } from './flame-frame.ts';

/** Frames by row and place, so that what is in sight is found without looking at the rest. */
export interface FlameIndex {
  /** Of each row, by `from`. */
  readonly rows: readonly (readonly FlameFrame[])[];
  /** Only those that are marked. */
  readonly markedRows: readonly (readonly FlameFrame[])[];
  readonly byKey: ReadonlyMap<string, FlameFrame>;
}

export function flameIndex(frames: readonly FlameFrame[]): FlameIndex {
  const rowCount = frames.reduce((most, { depth }) => Math.max(most, depth + 1), 0);
  const rows: FlameFrame[][] = Array.from({ length: rowCount }, () => []);
  for (const frame of frames) rows[frame.depth]?.push(frame);
  for (const row of rows) row.sort((a, b) => a.from - b.from || a.to - b.to);
  return {
    rows,
    markedRows: rows.map((row) => row.filter(({ marked }) => marked)),
    byKey: new Map(frames.map((frame) => [frame.key, frame])),
  };
}

/** The first frame of a row that ends after this place; the row's length where none does. */
export function firstAfter(row: readonly FlameFrame[], place: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((row[middle] as FlameFrame).to > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * What is drawn of a row between two places: each frame that is at least `smallest` wide, and of those that are not, one for every
 * `smallest` of the width, which stands for all that lie there. So a row costs as much as it is wide, however many frames it holds.
 */
export function framesBetween(
  row: readonly FlameFrame[],
  from: number,
  to: number,
  smallest: number,
  visit: (frame: FlameFrame, from: number, to: number) => void,
): void {
  for (let at = firstAfter(row, from); at < row.length;) {
    const frame = row[at] as FlameFrame;
    if (frame.from >= to) return;
    if (frame.to - frame.from >= smallest) {
      visit(frame, frame.from, frame.to);
      at += 1;
      continue;
    }
    const end = frame.from + smallest;
    visit(frame, frame.from, end);
    at = Math.max(at + 1, firstAfter(row, end));
  }
}

/** The frame at a place, or the nearest within `reach` of it: a frame narrower than a pixel can be pointed at, too. */
export function frameAt(row: readonly FlameFrame[] | undefined, place: number, reach: number): FlameFrame | undefined {
  if (!row) return undefined;
  const at = firstAfter(row, place);
  const next = row[at];
  if (next && next.from <= place) return next;
  const before = row[at - 1];
  const gapBefore = before ? place - before.to : Infinity;
  const gapNext = next ? next.from - place : Infinity;
  const nearest = gapBefore <= gapNext ? before : next;
  return Math.min(gapBefore, gapNext) <= reach ? nearest : undefined;
}

export type FlameStep = 'left' | 'right' | 'up' | 'down';

/** Where an arrow key leads: along the row, or to the frame of the next row above or below that shares most with this one. */
export function frameBeside({ rows }: FlameIndex, frame: FlameFrame, step: FlameStep): FlameFrame | undefined {
  if (step === 'left' || step === 'right') {
    const row = rows[frame.depth] ?? [];
    return row[row.indexOf(frame) + (step === 'left' ? -1 : 1)];
  }
  const by = step === 'up' ? -1 : 1;
  for (let depth = frame.depth + by; depth >= 0 && depth < rows.length; depth += by) {
    const found = widestShared(rows[depth] ?? [], frame);
    if (found) return found;
  }
  return undefined;
}

function widestShared(row: readonly FlameFrame[], { from, to }: FlameFrame): FlameFrame | undefined {
  let best: FlameFrame | undefined;
  let bestShared = -1;
  for (let at = firstAfter(row, from); at < row.length; at++) {
    const frame = row[at] as FlameFrame;
    if (frame.from > to) break;
    const shared = Math.min(frame.to, to) - Math.max(frame.from, from);
    if (shared > bestShared) [best, bestShared] = [frame, shared];
  }
  return best;
}
