import type { TraceSpan } from './trace.ts';
import type { TraceTree } from './trace-tree.ts';

/**
 * Self time of each span in ns: its duration minus the part of it that is covered by at least one child.
 *
 *     parent  |==========|        self = the uncovered: 1 + 3
 *       a      |===|
 *       b        |====|           overlap counts once
 *       c             |======|    what lies beyond the parent does not count
 */
export function selfTimes(spans: readonly TraceSpan[], tree: TraceTree): Float64Array {
  return Float64Array.from(spans, (span, index) => {
    const endNs = span.startNs + span.durationNs;
    let coveredNs = 0;
    let coveredToNs = span.startNs;
    for (const childIndex of tree.children[index] as readonly number[]) {
      const child = spans[childIndex] as TraceSpan;
      const fromNs = Math.max(child.startNs, coveredToNs);
      const toNs = Math.min(child.startNs + child.durationNs, endNs);
      if (toNs <= fromNs) continue;
      coveredNs += toNs - fromNs;
      coveredToNs = toNs;
    }
    return span.durationNs - coveredNs;
  });
}
