/** The part of the graph in sight. */
export interface FlameWindow {
  readonly from: number;
  readonly to: number;
}

/** Finer than this share of the whole there is nothing left to see. */
const narrowest = 1e-7;

/** By `factor` (below 1: nearer) around a place that stays where it is; never beyond the whole. */
export function zoomed(now: FlameWindow, whole: FlameWindow, place: number, factor: number): FlameWindow {
  const all = whole.to - whole.from;
  const width = Math.min(all, Math.max(all * narrowest, (now.to - now.from) * factor));
  const share = (place - now.from) / (now.to - now.from);
  return within({ from: place - share * width, to: place + (1 - share) * width }, whole);
}

export function moved(now: FlameWindow, whole: FlameWindow, by: number): FlameWindow {
  return within({ from: now.from + by, to: now.to + by }, whole);
}

/** Moves just as far as is needed to have this in sight; widens where it is longer than the window. */
export function shown(now: FlameWindow, whole: FlameWindow, from: number, to: number): FlameWindow {
  if (to <= now.from || from >= now.to) {
    const width = Math.max(now.to - now.from, to - from);
    const middle = (from + to) / 2;
    return within({ from: middle - width / 2, to: middle + width / 2 }, whole);
  }
  return now;
}

function within({ from, to }: FlameWindow, whole: FlameWindow): FlameWindow {
  const width = Math.min(to - from, whole.to - whole.from);
  const start = Math.min(Math.max(from, whole.from), whole.to - width);
  return { from: start, to: start + width };
}

/** Round places within the window, at most so many. */
export function ticksOf({ from, to }: FlameWindow, most: number): number[] {
  const raw = (to - from) / Math.max(1, most);
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((by) => by * size).find((one) => one >= raw) ?? size * 10;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to; at++) ticks.push(at * step);
  return ticks;
}
