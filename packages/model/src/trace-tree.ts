import { kindNumber, type SpanColumns } from './span-columns.ts';
import { findChildren, findParents, sortChildren, type SpanChildren, type TreeProblem } from './span-forest.ts';
import type { TraceSpan } from './trace.ts';

export type { TreeProblem } from './span-forest.ts';

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
  /** What it was built from, and the children, as columns. */
  readonly columns: SpanColumns;
  readonly childColumns: SpanChildren;
}

/** Builds the tree of one trace; what becomes of strange ids and parents: `findParents` in span-forest.ts. */
export function buildTraceTree(spans: readonly TraceSpan[]): TraceTree {
  return treeOfColumns(columnsOf(spans));
}

/** The same of the columns of one trace. */
export function treeOfColumns(columns: SpanColumns): TraceTree {
  const { parent, problems } = findParents(columns);
  const childColumns = findChildren(parent);
  sortChildren(childColumns, columns.startNs);
  const { offsets, list, topDown } = childColumns;
  const depth = new Int32Array(parent.length);
  const roots: number[] = [];
  for (const row of topDown) {
    const above = parent[row] as number;
    if (above < 0) roots.push(row);
    else depth[row] = (depth[above] as number) + 1;
  }
  // An array for each span: many ask for the columns only.
  let children: number[][] | undefined;
  const startOf = (row: number): number => columns.startNs[row] as number;
  return {
    parent,
    get children() {
      return (children ??= Array.from(parent, (_, row) => Array.from(list.subarray(offsets[row], offsets[row + 1]))));
    },
    roots: roots.toSorted((a, b) => startOf(a) - startOf(b) || a - b),
    depth,
    problems,
    columns,
    childColumns,
  };
}

function columnsOf(spans: readonly TraceSpan[]): SpanColumns {
  const numbers = new Map<string, number>([['', 0]]);
  const numberOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(text, number);
    return number;
  };
  const zeros = new Uint32Array(spans.length);
  return {
    traceOffsets: Uint32Array.of(0, spans.length),
    // Any text is an id here; the empty one is none only as a parent.
    idHigh: Uint32Array.from(spans, ({ spanId }) => (spanId === '' ? 1 : 0)),
    idLow: Uint32Array.from(spans, ({ spanId }) => numberOf(spanId)),
    parentHigh: zeros,
    parentLow: Uint32Array.from(spans, ({ parentSpanId }) => numberOf(parentSpanId)),
    kind: Uint8Array.from(spans, ({ kind }) => kindNumber[kind ?? 'unspecified']),
    service: Uint32Array.from(spans, ({ service }) => numberOf(service ?? '')),
    startNs: Float64Array.from(spans, ({ startNs }) => startNs),
    durationNs: Float64Array.from(spans, ({ durationNs }) => durationNs),
  };
}
