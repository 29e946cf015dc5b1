/** When a partition's end was seen where. */
interface Sighting {
  readonly atMs: number;
  /** The offset that the next message gets. */
  readonly end: number;
}

/** Of one partition, the oldest first: times and ends both grow. */
export type OffsetHistory = readonly Sighting[];

/** Enough for minutes that are exact; what is farther back is coarser. */
const sightingsMax = 60;

/**
 * The history with one more sighting. A partition in which nothing is written keeps two: when it was seen so first, and last. One that is
 * full keeps its oldest and loses every second of the older half. A partition that was made anew, or cut back, begins anew.
 */
export function withSighting(history: OffsetHistory, atMs: number, end: number): OffsetHistory {
  const last = history.at(-1);
  if (last === undefined || end < last.end || atMs < last.atMs) return [{ atMs, end }];
  const kept = last.end === end && history.at(-2)?.end === end ? history.slice(0, -1) : history;
  const next = [...kept, { atMs, end }];
  if (next.length <= sightingsMax) return next;
  return next.filter((_, place) => place === 0 || place > sightingsMax / 2 || place % 2 === 0);
}

/**
 * How long ago the message at an offset was written, which is the first that a group has not read: between the two sightings before and
 * after it, as if writing had been even. 0 where it is not written yet. A message that was there when the partition was first seen counts
 * from then: it is older than that.
 */
export function lagMs(history: OffsetHistory, offset: number, nowMs: number): number | undefined {
  const [first] = history;
  const last = history.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (offset >= last.end) return 0;
  const after = history.findIndex(({ end }) => end > offset);
  const before = history[after - 1];
  const next = history[after] ?? last;
  if (before === undefined) return Math.max(0, nowMs - first.atMs);
  const share = (offset - before.end) / (next.end - before.end);
  return Math.max(0, nowMs - (before.atMs + share * (next.atMs - before.atMs)));
}
