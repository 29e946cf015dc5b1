import { sharedIds } from './shared-ids.ts';
import type { TraceSpan } from './trace.ts';

/** Why a span's place in the tree is a guess. */
export type TreeProblem = 'missing-parent' | 'duplicate-span-id' | 'parent-cycle';

/** The spans of one trace as a tree, by index into the array that it was built from. */
export interface TraceTree {
  /** Index of the parent, -1 for a root. */
  readonly parent: Int32Array;
  /** Children of each span, by start time. */
  readonly children: readonly (readonly number[])[];
  /** Spans without a recorded parent, by start time; the first is the entry. */
  readonly roots: readonly number[];
  /** 0 for a root. */
  readonly depth: Int32Array;
  readonly problems: readonly { readonly problem: TreeProblem; readonly index: number }[];
}

/**
 * Builds the tree. Every span gets a place, whatever was sent: a span whose parent is not there is a root; the two sides of a call may
 * share an id (shared-ids.ts), of other spans with one id the first is the parent of all its children; a cycle of parents is cut at the
 * span of it that starts first.
 */
export function buildTraceTree(spans: readonly TraceSpan[]): TraceTree {
  const problems: { problem: TreeProblem; index: number }[] = [];
  const byId = new Map<string, number>();
  const repeated = new Map<string, number[]>();
  spans.forEach(({ spanId }, index) => {
    const first = byId.get(spanId);
    if (first === undefined) byId.set(spanId, index);
    else repeated.set(spanId, [...(repeated.get(spanId) ?? [first]), index]);
  });
  const shared = sharedIds(spans, repeated);
  for (const index of shared.duplicates) problems.push({ problem: 'duplicate-span-id', index });

  const parent = Int32Array.from(spans, (span, index) => {
    const caller = shared.callerOf.get(index);
    if (caller !== undefined) return caller;
    if (span.parentSpanId === '') return -1;
    const found = shared.parentFor(span) ?? byId.get(span.parentSpanId);
    if (found === undefined) problems.push({ problem: 'missing-parent', index });
    return found ?? -1;
  });
  for (const index of cutCycles(spans, parent)) problems.push({ problem: 'parent-cycle', index });

  const byStart = Array.from(spans.keys()).toSorted((a, b) => startOf(spans, a) - startOf(spans, b) || a - b);
  const children: number[][] = spans.map(() => []);
  const roots: number[] = [];
  for (const index of byStart) (children[parent[index] as number] ?? roots).push(index);

  const depth = new Int32Array(spans.length);
  const pending = [...roots];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    for (const child of children[index] as number[]) {
      depth[child] = (depth[index] as number) + 1;
      pending.push(child);
    }
  }
  return { parent, children, roots, depth, problems };
}

function startOf(spans: readonly TraceSpan[], index: number): number {
  return (spans[index] as TraceSpan).startNs;
}

/** Makes a root of the first-starting span of each cycle of parents; returns those spans. */
function cutCycles(spans: readonly TraceSpan[], parent: Int32Array): number[] {
  const cuts: number[] = [];
  const walk = new Int32Array(parent.length);
  for (let start = 0; start < parent.length; start++) {
    const current = start + 1;
    let at = start;
    while (at !== -1 && walk[at] === 0) {
      walk[at] = current;
      at = parent[at] as number;
    }
    if (at === -1 || walk[at] !== current) continue;
    let first = at;
    for (let i = parent[at] as number; i !== at; i = parent[i] as number) {
      if (startOf(spans, i) < startOf(spans, first)) first = i;
    }
    parent[first] = -1;
    cuts.push(first);
  }
  return cuts;
}
