/** What a comparison needs of a span. Lists of these: parents before children, children by start. */
export interface DiffSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  /** Since the start of its trace. */
  readonly startNs: number;
  readonly durationNs: number;
  readonly selfNs: number;
  /** Of the trace's critical path; these add up to the duration of its entry. */
  readonly criticalNs: number;
  /** Index of the parent, -1 for a root. */
  readonly parent: number;
}

export const verdicts = ['onlyInA', 'onlyInB', 'slower', 'faster', 'same'] as const;
export type Verdict = (typeof verdicts)[number];

/** A span of A, of B, or one of each that are the same step of the same work. */
export interface DiffRow {
  /** Into the lists; -1 where it has none. */
  readonly a: number;
  readonly b: number;
  readonly depth: number;
  /** Into the rows; -1 for a root. */
  readonly parent: number;
  readonly verdict: Verdict;
  /** B's figure minus A's; one that is missing counts as 0, so that each column adds up to the difference of the two traces. */
  readonly durationNs: number;
  readonly selfNs: number;
  readonly criticalNs: number;
}

/** Durations that differ by less are the same: by this share of the longer one, or by that of the longer trace. */
export const sameWithin = { ofSpan: 0.1, ofTrace: 0.002 } as const;

/**
 * Two traces as one tree, rows parents before children. Spans match by their path: the parents match, service, name and kind are equal,
 * and both are the n-th of those under their parent, by start. What has no match is in one trace only, and so is all below it.
 *
 *     A  |GET /cart=====|        B  |GET /cart==========|
 *         |SELECT|                   |SELECT|                  1st SELECT of each: same
 *                                           |SELECT=|          2nd SELECT: only in B
 */
export function diffTraces(a: readonly DiffSpan[], b: readonly DiffSpan[]): DiffRow[] {
  const childrenA = childrenOf(a);
  const childrenB = childrenOf(b);
  const toleranceNs = sameWithin.ofTrace * Math.max(lengthOf(a), lengthOf(b));
  const rows: DiffRow[] = [];
  // Without recursion: a trace may be deeper than the call stack.
  const pending = pairs(childrenA.get(-1), childrenB.get(-1), a, b).map((pair) => ({ ...pair, depth: 0, parent: -1 }));
  pending.reverse();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { depth } = next;
    const at = rows.length;
    rows.push({ ...next, verdict: verdictOf(a[next.a], b[next.b], toleranceNs), ...differences(a[next.a], b[next.b]) });
    const below = pairs(next.a < 0 ? [] : childrenA.get(next.a), next.b < 0 ? [] : childrenB.get(next.b), a, b);
    for (const pair of below.toReversed()) pending.push({ ...pair, depth: depth + 1, parent: at });
  }
  return rows;
}

interface Pair {
  readonly a: number;
  readonly b: number;
}

/** The children of a matched pair, matched in turn; by start within their trace's parent. */
function pairs(
  ofA: readonly number[] = [],
  ofB: readonly number[] = [],
  a: readonly DiffSpan[],
  b: readonly DiffSpan[],
): Pair[] {
  const waiting = new Map<string, number[]>();
  for (const index of ofB) {
    const key = keyOf(b[index] as DiffSpan);
    const list = waiting.get(key) ?? [];
    list.push(index);
    waiting.set(key, list);
  }
  for (const list of waiting.values()) list.reverse();
  const matched = ofA.map((index): Pair => ({ a: index, b: waiting.get(keyOf(a[index] as DiffSpan))?.pop() ?? -1 }));
  const onlyInB = [...waiting.values()].flat().map((index): Pair => ({ a: -1, b: index }));
  const startOf = (pair: Pair) => startWithinParent(pair.a >= 0 ? a : b, pair.a >= 0 ? pair.a : pair.b);
  return [...matched, ...onlyInB].toSorted((one, other) => startOf(one) - startOf(other));
}

function startWithinParent(spans: readonly DiffSpan[], index: number): number {
  const span = spans[index] as DiffSpan;
  return span.startNs - (spans[span.parent]?.startNs ?? 0);
}

function keyOf({ service, name, kind }: DiffSpan): string {
  return JSON.stringify([service, name, kind]);
}

function verdictOf(a: DiffSpan | undefined, b: DiffSpan | undefined, toleranceNs: number): Verdict {
  if (!a) return 'onlyInB';
  if (!b) return 'onlyInA';
  const longer = Math.max(a.durationNs, b.durationNs);
  if (Math.abs(b.durationNs - a.durationNs) <= Math.max(sameWithin.ofSpan * longer, toleranceNs)) return 'same';
  return b.durationNs > a.durationNs ? 'slower' : 'faster';
}

function differences(a: DiffSpan | undefined, b: DiffSpan | undefined) {
  return {
    durationNs: (b?.durationNs ?? 0) - (a?.durationNs ?? 0),
    selfNs: (b?.selfNs ?? 0) - (a?.selfNs ?? 0),
    criticalNs: (b?.criticalNs ?? 0) - (a?.criticalNs ?? 0),
  };
}

function lengthOf(spans: readonly DiffSpan[]): number {
  return spans.reduce((end, { startNs, durationNs }) => Math.max(end, startNs + durationNs), 0);
}

function childrenOf(spans: readonly DiffSpan[]): Map<number, number[]> {
  const children = new Map<number, number[]>();
  spans.forEach(({ parent }, index) => {
    const list = children.get(parent) ?? [];
    list.push(index);
    children.set(parent, list);
  });
  return children;
}
