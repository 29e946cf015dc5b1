import { timerToleranceNs } from './clock-skew.ts';
import type { TraceSpan } from './trace.ts';
import type { TraceTree } from './trace-tree.ts';

/**
 * How many ns of the entry span's duration the trace was waiting for each span itself. The figures add up to the entry's duration.
 *
 * Walks back from the end of the entry: the child that ended last before the cursor is what was waited for; between its end and the
 * cursor the span was on its own; then the same within that child, and on from where the child began. A child that still ran at the
 * cursor began before the next link of the chain ended, so nothing waited for its end, and it is not on the path. A child that
 * overruns its parent counts up to the parent's end; one that lies wholly outside (an asynchronous consumer) not at all. An overlap
 * within the timers' tolerance is none: many senders round starts down to a millisecond, and a chain must not break there.
 *
 *     entry  |==a=====b==|     path: entry, b, entry, a, entry
 *       a     |====|
 *       c       |====|         not on it: b did not wait for c to end
 *       b           |===|
 *
 * Source: "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", Zhang et al., USENIX ATC 2022, section 4.
 */
export function criticalTimes(spans: readonly TraceSpan[], tree: TraceTree): Float64Array {
  const critical = new Float64Array(spans.length);
  const entry = tree.roots[0];
  if (entry === undefined) return critical;
  // An explicit stack, because a trace may be deeper than the call stack. Each frame is one span between two moments.
  const entrySpan = spans[entry] as TraceSpan;
  const pending = [{ index: entry, fromNs: entrySpan.startNs, toNs: entrySpan.startNs + entrySpan.durationNs }];
  for (let frame = pending.pop(); frame !== undefined; frame = pending.pop()) {
    let cursorNs = frame.toNs;
    let ownNs = 0;
    for (const child of childrenByEnd(spans, tree, frame.index, frame.fromNs, frame.toNs)) {
      const toNs = Math.min(child.toNs, cursorNs);
      if (child.toNs > cursorNs + timerToleranceNs || toNs <= child.fromNs) continue;
      ownNs += cursorNs - toNs;
      pending.push({ ...child, toNs });
      cursorNs = child.fromNs;
    }
    critical[frame.index] = ownNs + cursorNs - frame.fromNs;
  }
  return critical;
}

/** The children as far as they lie within [fromNs, toNs], the last to end first; of equal ends the longest first. */
function childrenByEnd(spans: readonly TraceSpan[], tree: TraceTree, index: number, fromNs: number, toNs: number) {
  return (tree.children[index] as readonly number[])
    .map((childIndex) => {
      const child = spans[childIndex] as TraceSpan;
      return {
        index: childIndex,
        fromNs: Math.max(child.startNs, fromNs),
        toNs: Math.min(child.startNs + child.durationNs, toNs),
      };
    })
    .filter((child) => child.toNs > child.fromNs)
    .toSorted((a, b) => b.toNs - a.toNs || a.fromNs - b.fromNs);
}
