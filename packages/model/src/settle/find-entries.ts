import { timerToleranceNs } from '../clock-skew.ts';
import { kindNumber } from '../span-columns.ts';
import type { SpanParents } from '../span-forest.ts';
import type { Messages } from './join-messages.ts';
import type { SpanBatch } from './span-batch.ts';

/** For each row. */
export interface Entries {
  /** The span through which came what the span was done for; an entry's own row for itself. Its name is the API. */
  readonly entry: Int32Array;
  /** 1: done after a message, so that the entry did not wait for it. */
  readonly asynchronous: Uint8Array;
  /** 1: a fragment whose way to its entry is not recorded. */
  readonly detached: Uint8Array;
}

/**
 * The entry of a span is the outermost SERVER span, or CONSUMER span whose publisher is not known, among itself and what it was done for.
 *
 *     web   INTERNAL click      entry: itself, for want of better      (no API)
 *       web  CLIENT             entry: click
 *         shop SERVER POST      entry: itself                          API: shop POST
 *           pay  SERVER         entry: shop POST
 *           shop PRODUCER       entry: shop POST
 *             mail CONSUMER     entry: shop POST, asynchronous
 *
 * A fragment, whose parent should be there and is not, has an entry of its own if it begins with a SERVER or CONSUMER span. Else it is
 * charged to the first root of its trace that is one and that began no later; where there is none, its root is its entry.
 */
export function findEntries(
  batch: SpanBatch,
  alignedNs: Float64Array,
  { parent }: SpanParents,
  { publisher, above }: Messages,
): Entries {
  const { kind, traceOffsets, parentHigh, parentLow } = batch;
  const rows = kind.length;
  const entry = new Int32Array(rows).fill(-1);
  const asynchronous = new Uint8Array(rows);
  const detached = new Uint8Array(rows);
  const enters = (row: number): boolean =>
    kind[row] === kindNumber.server || (kind[row] === kindNumber.consumer && publisher[row] === -1);

  for (let trace = 0; trace < traceOffsets.length - 1; trace++) {
    const from = traceOffsets[trace] as number;
    const to = traceOffsets[trace + 1] as number;
    let first = -1;
    for (let row = from; row < to; row++) {
      if (above[row] !== -1) continue;
      entry[row] = row;
      if (enters(row) && (first === -1 || (alignedNs[row] as number) < (alignedNs[first] as number))) first = row;
    }
    if (first === -1) continue;
    const earliestNs = (alignedNs[first] as number) - timerToleranceNs;
    for (let row = from; row < to; row++) {
      const lostParent = parent[row] === -1 && (parentHigh[row] !== 0 || parentLow[row] !== 0);
      if (entry[row] !== row || !lostParent || enters(row) || (alignedNs[row] as number) < earliestNs) continue;
      entry[row] = first;
      detached[row] = 1;
    }
  }

  // What is above may lie in another trace, further on in the batch: go up to what is known, then down again.
  const way = new Int32Array(rows);
  for (let start = 0; start < rows; start++) {
    let length = 0;
    for (let row = start; entry[row] === -1; row = above[row] as number) way[length++] = row;
    while (length > 0) {
      const row = way[--length] as number;
      const over = above[row] as number;
      const outer = entry[over] as number;
      if (enters(row) && !enters(outer)) {
        entry[row] = row;
        continue;
      }
      entry[row] = outer;
      asynchronous[row] = publisher[row] === -1 ? (asynchronous[over] as number) : 1;
      detached[row] = publisher[row] === -1 ? (detached[over] as number) : 0;
    }
  }
  return { entry, asynchronous, detached };
}
