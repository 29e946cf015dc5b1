import type { TraceSpan } from './trace.ts';
import type { TraceTree } from './trace-tree.ts';

/** Timers of one process may disagree by this much without a clock being wrong. */
export const skewToleranceNs = 1_000_000;

/** Spans that claim to have begun before their parent did: the clocks of two machines disagree. */
export function skewedSpans(spans: readonly TraceSpan[], tree: TraceTree): number[] {
  const skewed: number[] = [];
  spans.forEach((span, index) => {
    const parent = spans[tree.parent[index] as number];
    if (parent !== undefined && span.startNs < parent.startNs - skewToleranceNs) skewed.push(index);
  });
  return skewed;
}
