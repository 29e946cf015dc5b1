import type { Subject } from '../span-subject.ts';
import type { SpanNode } from '../trace-view.ts';

export interface GraphNode {
  readonly key: string;
  readonly subject: Subject;
  /** 1..8. */
  readonly color: number;
  readonly spans: number;
  readonly errors: number;
  readonly selfNs: number;
  /** The one that took longest: where a click leads. */
  readonly slowest: SpanNode;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  readonly errors: number;
  /** Of all calls; those at the same time count each. */
  readonly totalNs: number;
}

export interface TraceGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Who called what within one trace. A call is a span whose subject is another than its caller's: a server's span under its client's, or the
 * client's own span where what it called sends none. A message goes through its queue: producer to queue, queue to consumer.
 */
export function traceGraph(nodes: readonly SpanNode[]): TraceGraph {
  const byKey = new Map<string, Writable<GraphNode>>();
  const edges = new Map<string, Writable<GraphEdge>>();
  const touch = (node: SpanNode, subject: Subject) => {
    const key = keyOf(subject);
    const known = byKey.get(key);
    if (known) return known;
    const made = { key, subject, color: node.color, spans: 0, errors: 0, selfNs: 0, slowest: node };
    byKey.set(key, made);
    return made;
  };
  for (const node of nodes) {
    const { span, subject, durationNs } = node;
    const failed = span.status.code === 'error' ? 1 : 0;
    const own = touch(node, subject);
    own.spans += 1;
    own.errors += failed;
    own.selfNs += span.selfNs;
    if (durationNs > own.slowest.durationNs) own.slowest = node;
    const caller = callerOf(nodes, node);
    if (caller === undefined || keyOf(caller) === own.key) continue;
    const key = JSON.stringify([keyOf(caller), own.key]);
    const edge = edges.get(key) ?? { from: keyOf(caller), to: own.key, calls: 0, errors: 0, totalNs: 0 };
    edge.calls += 1;
    edge.errors += failed;
    edge.totalNs += durationNs;
    edges.set(key, edge);
  }
  // A service whose only spans are calls to others has none of its own, and still is who calls.
  for (const node of nodes) touch(node, { kind: 'service', label: node.span.service });
  return { nodes: [...byKey.values()], edges: [...edges.values()] };
}

function keyOf({ kind, label }: Subject): string {
  return `${kind} ${label}`;
}

/** A call that is shown as what was called is its service's call; what runs below a queue was called by the queue. */
function callerOf(nodes: readonly SpanNode[], { span, subject, parent }: SpanNode): Subject | undefined {
  if (subject.kind !== 'service') return { kind: 'service', label: span.service };
  const above = nodes[parent];
  if (!above) return undefined;
  return above.subject.kind === 'queue' ? above.subject : { kind: 'service', label: above.span.service };
}
