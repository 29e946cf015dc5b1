import { timerToleranceNs } from './clock-skew.ts';
import { sortRows, type SpanChildren } from './span-forest.ts';
import type { TraceTree } from './trace-tree.ts';

/** What a span is to the path of the span above it. */
export const onPathAs = {
  /** It may be waited for, and its time is part of that path. */
  part: 0,
  /** It may be waited for, but its time is told by a path of its own. */
  ownPath: 1,
  /** Nothing above waits for it, and it has a path of its own: a message's consumer. */
  message: 2,
} as const;

/** For each span, in ns. */
export interface CriticalTimes {
  /** How long the trace waited for the span itself. */
  readonly ownNs: Float64Array;
  /** How long it waited for the span and all that the span waited for. */
  readonly inclusiveNs: Float64Array;
}

/**
 * How long was waited for each span, walking back from the end of every span of `heads`. The `ownNs` along a path add up to the duration
 * of its head, less the time that it spent in spans with a path of their own.
 *
 * The child that ended last before the cursor is what was waited for; between its end and the cursor the span was on its own; then the
 * same within that child, and on from where the child began. A child that still ran at the cursor began before the next link of the
 * chain ended, so nothing waited for its end, and it is not on the path. A child that overruns its parent counts up to the parent's end;
 * one that lies wholly outside (an asynchronous consumer) not at all. An overlap within the timers' tolerance is none: many senders
 * round starts down to a millisecond, and a chain must not break there.
 *
 *     entry  |==a=====b==|     path: entry, b, entry, a, entry
 *       a     |====|
 *       c       |====|         not on it: b did not wait for c to end
 *       b           |===|
 *
 * `waited` is told of every stretch in which a span itself was waited for; those of one span latest first.
 *
 * Source: "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", Zhang et al., USENIX ATC 2022, section 4.
 */
export function criticalTimesOf(
  startNs: Float64Array,
  durationNs: Float64Array,
  children: SpanChildren,
  heads: Iterable<number>,
  as: Uint8Array,
  waited?: (row: number, fromNs: number, toNs: number) => void,
): CriticalTimes {
  const { offsets, list } = children;
  const rows = startNs.length;
  const ownNs = new Float64Array(rows);
  const inclusiveNs = new Float64Array(rows);
  // The part of each span that the path above it sees, or all of a head.
  const fromNs = new Float64Array(rows);
  const toNs = new Float64Array(rows);
  const byEnd = new Int32Array(rows);
  const lastFirst = (a: number, b: number): number =>
    (toNs[b] as number) - (toNs[a] as number) || (fromNs[a] as number) - (fromNs[b] as number);
  // An explicit stack, because a trace may be deeper than the call stack.
  const pending = new Int32Array(rows + 1);
  for (const head of heads) {
    fromNs[head] = startNs[head] as number;
    toNs[head] = (startNs[head] as number) + (durationNs[head] as number);
    pending[0] = head;
    for (let length = 1; length > 0;) {
      const row = pending[--length] as number;
      const beginNs = fromNs[row] as number;
      let cursorNs = toNs[row] as number;
      inclusiveNs[row] = cursorNs - beginNs;
      let count = 0;
      for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) {
        const child = list[i] as number;
        if (as[child] === onPathAs.message) continue;
        fromNs[child] = Math.max(startNs[child] as number, beginNs);
        toNs[child] = Math.min((startNs[child] as number) + (durationNs[child] as number), cursorNs);
        if (toNs[child] > fromNs[child]) byEnd[count++] = child;
      }
      sortRows(byEnd, 0, count, lastFirst);
      let own = 0;
      for (let i = 0; i < count; i++) {
        const child = byEnd[i] as number;
        const childToNs = Math.min(toNs[child] as number, cursorNs);
        if ((toNs[child] as number) > cursorNs + timerToleranceNs || childToNs <= (fromNs[child] as number)) continue;
        own += cursorNs - childToNs;
        if (waited && cursorNs > childToNs) waited(row, childToNs, cursorNs);
        cursorNs = fromNs[child] as number;
        if (as[child] !== onPathAs.part) continue;
        toNs[child] = childToNs;
        pending[length++] = child;
      }
      ownNs[row] = own + cursorNs - beginNs;
      if (waited && cursorNs > beginNs) waited(row, beginNs, cursorNs);
    }
  }
  return { ownNs, inclusiveNs };
}

/** The path of the first entry of one trace, to whatever depth. */
export function criticalTimes({ columns, childColumns, roots }: TraceTree): Float64Array {
  const { startNs, durationNs } = columns;
  return criticalTimesOf(startNs, durationNs, childColumns, roots.slice(0, 1), new Uint8Array(startNs.length)).ownNs;
}

/** The stretches of each span in which the trace waited for the span itself, `[from, to, from, to ...]` by time; undefined for none. */
export function criticalStretches({ columns, childColumns, roots }: TraceTree): readonly (readonly number[] | undefined)[] {
  const { startNs, durationNs } = columns;
  const found = Array.from<number[] | undefined>({ length: startNs.length });
  criticalTimesOf(startNs, durationNs, childColumns, roots.slice(0, 1), new Uint8Array(startNs.length), (row, from, to) => {
    (found[row] ??= []).push(to, from);
  });
  for (const latestFirst of found) latestFirst?.reverse();
  return found;
}
