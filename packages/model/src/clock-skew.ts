import type { TraceSpan } from './trace.ts';
import type { TraceTree } from './trace-tree.ts';

/** Times of one machine may disagree by this much without a clock being wrong: OpenTelemetry JS starts spans at whole milliseconds. */
export const timerToleranceNs = 1_000_000;

/** Spans that claim to have begun before their parent did: the clocks of two machines disagree. */
export function skewedSpans(spans: readonly TraceSpan[], tree: TraceTree): number[] {
  const skewed: number[] = [];
  spans.forEach((span, index) => {
    const parent = spans[tree.parent[index] as number];
    if (parent !== undefined && span.startNs < parent.startNs - timerToleranceNs) skewed.push(index);
  });
  return skewed;
}
