import type { SpanChildren } from './span-forest.ts';
import type { TraceTree } from './trace-tree.ts';

/**
 * Self time of each span in ns: its duration minus the part of it that is covered by at least one child. `children` by start.
 *
 *     parent  |==========|        self = the uncovered: 1 + 3
 *       a      |===|
 *       b        |====|           overlap counts once
 *       c             |======|    what lies beyond the parent does not count
 */
export function selfTimesOf(startNs: Float64Array, durationNs: Float64Array, children: SpanChildren): Float64Array {
  const { offsets, list } = children;
  const selfNs = new Float64Array(startNs.length);
  for (let row = 0; row < startNs.length; row++) {
    const endNs = (startNs[row] as number) + (durationNs[row] as number);
    let coveredNs = 0;
    let coveredToNs = startNs[row] as number;
    for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) {
      const child = list[i] as number;
      const fromNs = Math.max(startNs[child] as number, coveredToNs);
      const toNs = Math.min((startNs[child] as number) + (durationNs[child] as number), endNs);
      if (toNs <= fromNs) continue;
      coveredNs += toNs - fromNs;
      coveredToNs = toNs;
    }
    // Ends are rounded where a clock is off by more than 104 days.
    selfNs[row] = Math.max(0, (durationNs[row] as number) - coveredNs);
  }
  return selfNs;
}

/** The same for one trace. */
export function selfTimes({ columns, childColumns }: TraceTree): Float64Array {
  return selfTimesOf(columns.startNs, columns.durationNs, childColumns);
}
