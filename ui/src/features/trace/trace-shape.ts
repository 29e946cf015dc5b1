import type { Trace } from '@sonde/api';
import { buildTraceTree, criticalStretches, type TraceTree } from '@sonde/model';
import { nanosBetween } from '../../base/time.ts';
import { subjectOf, type Subject } from './span-subject.ts';
import { countEvents } from './stored-span.ts';

/** What does not depend on colours. Columns by index into the spans of the trace, unless they say otherwise. */
interface TraceShape {
  readonly tree: TraceTree;
  readonly startNs: readonly number[];
  readonly subjects: readonly Subject[];
  readonly services: readonly string[];
  /** The spans, parents before children. */
  readonly order: readonly number[];
  /** Where each is in `order`. */
  readonly position: Int32Array;
  readonly sizes: Int32Array;
  readonly errorsBelow: Int32Array;
  readonly stretches: readonly (readonly number[] | undefined)[];
  readonly errorCount: number;
  readonly eventCount: number;
}

/** Colours come later than the trace, and change with the time range: of a large trace its shape is most of the work. */
const shapes = new WeakMap<Trace, TraceShape>();

export function traceShape(trace: Trace): TraceShape {
  const known = shapes.get(trace);
  if (known) return known;
  const shape = reckoned(trace);
  shapes.set(trace, shape);
  return shape;
}

function reckoned(trace: Trace): TraceShape {
  const { spans } = trace;
  const timed = spans.map(({ spanId, parentSpanId, startTimeUnixNano, durationNs, kind, service }) => ({
    spanId,
    parentSpanId,
    kind,
    service,
    startNs: nanosBetween(trace.startTimeUnixNano, startTimeUnixNano),
    durationNs,
  }));
  const tree = buildTraceTree(timed);
  const { offsets, list } = tree.childColumns;
  const callsAnother = (index: number) =>
    list.subarray(offsets[index], offsets[index + 1]).some((child) => spans[child]?.service !== spans[index]?.service);
  const order = preorder(tree);
  const position = new Int32Array(spans.length);
  order.forEach((index, at) => {
    position[index] = at;
  });
  const sizes = new Int32Array(spans.length).fill(1);
  const errorsBelow = new Int32Array(spans.length);
  for (let at = order.length - 1; at >= 0; at--) {
    const index = order[at] as number;
    const parent = tree.parent[index] ?? -1;
    if (parent < 0) continue;
    sizes[parent] = (sizes[parent] ?? 1) + (sizes[index] ?? 1);
    const failed = spans[index]?.status.code === 'error' ? 1 : 0;
    errorsBelow[parent] = (errorsBelow[parent] ?? 0) + (errorsBelow[index] ?? 0) + failed;
  }
  return {
    tree,
    startNs: timed.map(({ startNs }) => startNs),
    subjects: spans.map((span, index) => subjectOf(span, span.kind === 'client' && callsAnother(index))),
    services: [...new Set(spans.map(({ service }) => service))].toSorted(),
    order,
    position,
    sizes,
    errorsBelow,
    stretches: criticalStretches(tree),
    errorCount: spans.filter(({ status }) => status.code === 'error').length,
    eventCount: countEvents(spans),
  };
}

/** Without recursion: a trace may be deeper than the call stack. */
function preorder({ roots, childColumns: { offsets, list } }: TraceTree): number[] {
  const order: number[] = [];
  const pending = roots.toReversed();
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    order.push(index);
    for (let i = (offsets[index + 1] ?? 0) - 1; i >= (offsets[index] ?? 0); i--) pending.push(list[i] as number);
  }
  return order;
}
