import { FreeRows } from './free-rows.ts';

/** The spans of a trace as columns, parents before children, children by start: what a worker is sent. */
export interface SpanTimes {
  /** Index of the parent, -1 for a root. */
  readonly parent: Int32Array;
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
}

/**
 * The row of each span in the flame graph, 0 on top. Spans stand over time and are never merged; the rule:
 *
 *  - A span stands above everything that it caused. It and all below it are one block, from the first start to the last end among them.
 *  - Blocks of siblings that follow one another share rows; a block that begins while another runs goes to the first rows below that
 *    are free. So no two spans overlap, and what is directly under a span within its block is its own.
 *
 *     |root================|
 *     |a=====||b===========|      b began after a ended: the same row
 *      |a1===| |b1===||b3==|
 *                 |b2======|      b2 began while b1 ran: the next free row
 */
export function spanRows({ parent, startNs, durationNs }: SpanTimes): Int32Array {
  const count = parent.length;
  const height = new Int32Array(count).fill(1);
  const fromNs = startNs.slice();
  const toNs = Float64Array.from(startNs, (start, at) => start + (durationNs[at] as number));
  const children = childrenOf(parent);
  // Below the span's own row; -1 is the row above all roots.
  const offset = new Int32Array(count);
  for (let at = count - 1; at >= 0; at--) {
    const own = children[at];
    if (!own) continue;
    height[at] = 1 + stack(own, { fromNs, toNs, height, offset });
    for (const child of own) {
      fromNs[at] = Math.min(fromNs[at] as number, fromNs[child] as number);
      toNs[at] = Math.max(toNs[at] as number, toNs[child] as number);
    }
  }
  const roots = Array.from(parent.keys()).filter((at) => (parent[at] as number) < 0);
  stack(roots, { fromNs, toNs, height, offset });
  const rows = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const above = parent[at] as number;
    rows[at] = above < 0 ? (offset[at] as number) : (rows[above] as number) + 1 + (offset[at] as number);
  }
  return rows;
}

interface Blocks {
  readonly fromNs: Float64Array;
  readonly toNs: Float64Array;
  readonly height: Int32Array;
  readonly offset: Int32Array;
}

/** Places blocks beside or below one another; gives the rows that they take together. */
function stack(blocks: number[], { fromNs, toNs, height, offset }: Blocks): number {
  const rows = new FreeRows();
  let used = 0;
  blocks.sort((a, b) => (fromNs[a] as number) - (fromNs[b] as number) || a - b);
  for (const block of blocks) {
    const moment = fromNs[block] as number;
    const needed = height[block] as number;
    let first = rows.firstFree(moment, 0);
    for (let row = first + 1; row < first + needed && row < used; row++) {
      if (rows.firstFree(moment, row) === row) continue;
      first = rows.firstFree(moment, row);
      row = first;
    }
    offset[block] = first;
    for (let row = first; row < first + needed; row++) rows.occupy(row, toNs[block] as number);
    used = Math.max(used, first + needed);
  }
  return used;
}

function childrenOf(parent: Int32Array): (number[] | undefined)[] {
  const children: (number[] | undefined)[] = Array.from({ length: parent.length });
  parent.forEach((above, at) => {
    if (above >= 0) (children[above] ??= []).push(at);
  });
  return children;
}
