import { sharedSides } from './shared-sides.ts';
import type { SpanColumns } from './span-columns.ts';
import { indexSpanIds, type SpanIdIndex } from './span-id-index.ts';

/** Why a span's place in the tree is a guess. */
export type TreeProblem = 'missing-parent' | 'duplicate-span-id' | 'parent-cycle';

/** Who is whose parent, for all traces of a batch. */
export interface SpanParents {
  /** Row of the parent, -1 for a root. */
  readonly parent: Int32Array;
  readonly problems: readonly { readonly problem: TreeProblem; readonly index: number }[];
  readonly ids: SpanIdIndex;
}

/** The children of row r: `list` from `offsets[r]` to before `offsets[r + 1]`. */
export interface SpanChildren {
  readonly offsets: Int32Array;
  readonly list: Int32Array;
  /** Every row, each after its parent. */
  readonly topDown: Int32Array;
}

/**
 * Every span gets a place, whatever was sent: a span whose parent is not there is a root; the two sides of a call may share an id
 * (shared-sides.ts), of other spans with one id the first is the parent of all its children; a cycle of parents is cut at the span of it
 * that starts first, of several the first row.
 */
export function findParents(columns: SpanColumns): SpanParents {
  const { traceOffsets, parentHigh, parentLow, service } = columns;
  const problems: { problem: TreeProblem; index: number }[] = [];
  const ids = indexSpanIds(columns);
  const shared = sharedSides(columns, ids);
  for (const index of shared.duplicates) problems.push({ problem: 'duplicate-span-id', index });

  const isShared = ids.repeated.length > 0;
  const parent = new Int32Array(parentLow.length).fill(-1);
  for (let trace = 0; trace < traceOffsets.length - 1; trace++) {
    for (let row = traceOffsets[trace] as number; row < (traceOffsets[trace + 1] as number); row++) {
      const caller = isShared ? shared.callerOf.get(row) : undefined;
      if (caller !== undefined) parent[row] = caller;
      else if (parentLow[row] !== 0 || parentHigh[row] !== 0) {
        const first = ids.find(trace, parentHigh[row] as number, parentLow[row] as number);
        if (first === -1) problems.push({ problem: 'missing-parent', index: row });
        parent[row] = (isShared ? shared.parentFor(first, service[row] as number) : undefined) ?? first;
      }
    }
  }
  for (const index of cutCycles(columns.startNs, parent)) problems.push({ problem: 'parent-cycle', index });
  return { parent, problems, ids };
}

/** Makes a root of the first-starting span of each cycle of parents; returns those spans. */
function cutCycles(startNs: Float64Array, parent: Int32Array): number[] {
  const cuts: number[] = [];
  eachCycle(parent, (cycle) => {
    let first = cycle[0] as number;
    for (const row of cycle) {
      const [a, b] = [startNs[row] as number, startNs[first] as number];
      if (a < b || (a === b && row < first)) first = row;
    }
    parent[first] = -1;
    cuts.push(first);
  });
  return cuts;
}

/** Calls back with the rows of each cycle of `next`, where each row has one next, or -1. Follows every row once. */
export function eachCycle(next: Int32Array, found: (cycle: readonly number[]) => void): void {
  const walk = new Int32Array(next.length);
  for (let start = 0; start < next.length; start++) {
    let at = start;
    while (at !== -1 && walk[at] === 0) {
      walk[at] = start + 1;
      at = next[at] as number;
    }
    if (at === -1 || walk[at] !== start + 1) continue;
    const cycle = [at];
    for (let row = next[at] as number; row !== at; row = next[row] as number) cycle.push(row);
    found(cycle);
  }
}

/** Children in the order of their rows. */
export function findChildren(parent: Int32Array): SpanChildren {
  const rows = parent.length;
  const offsets = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const above = parent[row] as number;
    if (above >= 0) offsets[above + 1]!++;
  }
  for (let row = 0; row < rows; row++) offsets[row + 1]! += offsets[row] as number;
  const list = new Int32Array(offsets[rows] as number);
  const filled = offsets.slice();
  const topDown = new Int32Array(rows);
  let length = 0;
  for (let row = 0; row < rows; row++) {
    const above = parent[row] as number;
    if (above >= 0) list[filled[above]!++] = row;
    else topDown[length++] = row;
  }
  for (let at = 0; at < length; at++) {
    const row = topDown[at] as number;
    for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) topDown[length++] = list[i] as number;
  }
  return { offsets, list, topDown };
}

/** Orders the children of each span by start, equal starts by row. `startNs` may differ from the senders' (clock-skew.ts). */
export function sortChildren({ offsets, list }: SpanChildren, startNs: Float64Array): void {
  const before = (a: number, b: number): number => (startNs[a] as number) - (startNs[b] as number) || a - b;
  for (let row = 0; row < offsets.length - 1; row++) sortRows(list, offsets[row] as number, offsets[row + 1] as number, before);
}

/** Sorts part of a list of rows, stably. Families are small and mostly in order, where an insertion is several times faster. */
export function sortRows(list: Int32Array, from: number, to: number, before: (a: number, b: number) => number): void {
  if (to - from > 24) {
    list.subarray(from, to).sort(before);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const row = list[i] as number;
    let at = i;
    while (at > from && before(list[at - 1] as number, row) > 0) {
      list[at] = list[at - 1] as number;
      at--;
    }
    list[at] = row;
  }
}
