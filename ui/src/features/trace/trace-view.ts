import type { Span, Trace } from '@sonde/api';
import { assignColors } from '../../base/service-color.ts';
import type { Subject } from './span-subject.ts';
import { mayHaveLinks } from './stored-span.ts';
import { traceShape } from './trace-shape.ts';

/** A span at its place in the waterfall. */
export interface SpanNode {
  /** What a link names it by: the span id; where several spans have that id, the later ones as `<span id>.<n>`, n from 2. */
  readonly id: string;
  readonly span: Span;
  readonly index: number;
  readonly subject: Subject;
  /** 1..8, of its subject. */
  readonly color: number;
  /** Since the start of the trace. */
  readonly startNs: number;
  readonly durationNs: number;
  readonly depth: number;
  /** Into `nodes`; -1 for a root. */
  readonly parent: number;
  readonly childCount: number;
  /** Itself and everything below it: the next sibling is that many nodes on. */
  readonly subtreeSize: number;
  /** Failed spans below it. */
  readonly errorsBelow: number;
  /** When the trace waited for the span itself: `[from, to, from, to ...]` since the start of the trace. */
  readonly critical: readonly number[];
}

export interface TraceView {
  readonly trace: Trace;
  /** Parents before children, children by start. */
  readonly nodes: readonly SpanNode[];
  /** What names the trace, as in the list of traces: the first span that has no parent, else the first whose parent is not recorded. */
  readonly root: SpanNode | undefined;
  readonly byId: ReadonlyMap<string, SpanNode>;
  readonly durationNs: number;
  /** Levels. */
  readonly depth: number;
  readonly services: readonly string[];
  readonly errorCount: number;
  readonly eventCount: number;
  /** By span id: the spans of this trace that link to it. */
  readonly linkedFrom: ReadonlyMap<string, readonly SpanNode[]>;
}

const notCritical: readonly number[] = [];

/** `colorOf`: the colours that services have on other pages; what is not among them gets one that is free. */
export function traceView(trace: Trace, colorOf?: (service: string) => number): TraceView {
  const { spans } = trace;
  const { errorCount, errorsBelow, eventCount, order, position, services, sizes, startNs, stretches, subjects, tree } =
    traceShape(trace);
  const { offsets } = tree.childColumns;
  const given = colorOf && new Map(services.map((service) => [service, colorOf(service)]));
  const colors = assignColors(new Set(subjects.map(({ label }) => label)), given);
  /** Of the ids that several have. */
  const counts = new Map<string, number>();
  const byId = new Map<string, SpanNode>();
  const nodes = order.map((index, at): SpanNode => {
    const parent = tree.parent[index] ?? -1;
    const subject = subjects[index] as Subject;
    const span = spans[index] as Span;
    const count = byId.has(span.spanId) ? (counts.get(span.spanId) ?? 1) + 1 : 1;
    if (count > 1) counts.set(span.spanId, count);
    const node = {
      id: count === 1 ? span.spanId : `${span.spanId}.${count}`,
      span,
      index: at,
      subject,
      color: colors.get(subject.label) ?? 1,
      startNs: startNs[index] ?? 0,
      durationNs: span.durationNs,
      depth: tree.depth[index] ?? 0,
      parent: parent < 0 ? -1 : (position[parent] ?? -1),
      childCount: (offsets[index + 1] ?? 0) - (offsets[index] ?? 0),
      subtreeSize: sizes[index] ?? 1,
      errorsBelow: errorsBelow[index] ?? 0,
      critical: stretches[index] ?? notCritical,
    };
    byId.set(node.id, node);
    return node;
  });
  return {
    trace,
    nodes,
    root: nodes.find(({ span }) => span.parentSpanId === '') ?? nodes[0],
    byId,
    durationNs: Math.max(1, trace.durationNs),
    depth: nodes.reduce((deepest, { depth }) => Math.max(deepest, depth + 1), 0),
    services,
    errorCount,
    eventCount,
    linkedFrom: linkedFrom(nodes, trace.traceId),
  };
}

function linkedFrom(nodes: readonly SpanNode[], traceId: string): Map<string, SpanNode[]> {
  const from = new Map<string, SpanNode[]>();
  for (const node of nodes) {
    if (!mayHaveLinks(node.span)) continue;
    for (const link of node.span.links) {
      if (link.traceId !== traceId) continue;
      const list = from.get(link.spanId) ?? [];
      if (!list.includes(node)) list.push(node);
      from.set(link.spanId, list);
    }
  }
  return from;
}

/** The rows that are in sight: everything but what lies below a collapsed span. `collapsed` holds indices into `nodes`. */
export function visibleNodes(nodes: readonly SpanNode[], collapsed: ReadonlySet<number>): SpanNode[] {
  const visible: SpanNode[] = [];
  for (let at = 0; at < nodes.length;) {
    const node = nodes[at] as SpanNode;
    visible.push(node);
    at += collapsed.has(at) ? node.subtreeSize : 1;
  }
  return visible;
}

/** The spans above this one, nearest first. */
export function ancestors(nodes: readonly SpanNode[], node: SpanNode): SpanNode[] {
  const above: SpanNode[] = [];
  for (let at = nodes[node.parent]; at; at = nodes[at.parent]) above.push(at);
  return above;
}
