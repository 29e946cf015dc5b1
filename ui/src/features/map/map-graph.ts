import type { DependencyEdge, DependencyNode } from '@sonde/api';
import { edgeKey } from './url.ts';

export interface MapNode extends Omit<DependencyNode, 'kind'> {
  readonly kind: DependencyNode['kind'] | 'group';
  /** Of a group: what it stands for. */
  readonly members?: readonly string[];
}

export interface MapEdge extends DependencyEdge {
  readonly id: string;
}

export interface MapGraph {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

export interface Answer {
  readonly nodes: readonly DependencyNode[];
  readonly edges: readonly DependencyEdge[];
}

/** In an order that does not depend on the figures, so that a refresh moves nothing. */
export function graphOf({ nodes, edges }: Answer): MapGraph {
  return {
    nodes: nodes.toSorted(byId),
    edges: edges.map((edge) => ({ ...edge, id: edgeKey(edge.from, edge.to) })).toSorted(byId),
  };
}

/** What the layout depends on: who is there and who calls whom. */
export function topologyKey({ nodes, edges }: MapGraph): string {
  return [...nodes.map(({ id }) => id), '', ...edges.map(({ id }) => id)].join('\n');
}

export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

type Figures = NonNullable<DependencyEdge['client']>;

/** Counts add up; percentiles do not: of several they are unknown. */
function addFigures(list: readonly Figures[]): Figures | null {
  const [first, ...more] = list;
  if (first === undefined) return null;
  if (more.length === 0) return first;
  const sum = (of: (figures: Figures) => number) => list.reduce((total, one) => total + of(one), 0);
  return {
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    totalNs: sum(({ totalNs }) => totalNs),
    p50Ns: null,
    p95Ns: null,
    p99Ns: null,
    maxNs: Math.max(...list.map(({ maxNs }) => maxNs)),
  };
}

/** Several edges as one between `from` and `to`. */
export function mergeEdges(from: string, to: string, edges: readonly DependencyEdge[]): MapEdge {
  const [only] = edges;
  if (only !== undefined && edges.length === 1) return { ...only, from, to, id: edgeKey(from, to) };
  const sides = (side: 'client' | 'server') => edges.flatMap((edge) => edge[side] ?? []);
  const timeNs = (edge: DependencyEdge) => (edge.client ?? edge.server)?.totalNs ?? 0;
  const totalNs = edges.reduce((sum, edge) => sum + timeNs(edge), 0);
  const criticalNs = edges.reduce((sum, edge) => sum + timeNs(edge) * edge.criticalShare, 0);
  const failed = edges.filter(({ callerFailureShare }) => callerFailureShare !== null);
  const failures = (edge: DependencyEdge) => (edge.client ?? edge.server)?.errors ?? 0;
  const failuresTotal = failed.reduce((sum, edge) => sum + failures(edge), 0);
  const callerFailures = failed.reduce((sum, edge) => sum + failures(edge) * (edge.callerFailureShare ?? 0), 0);
  const callerFailureShare = failuresTotal === 0 ? null : callerFailures / failuresTotal;
  return {
    id: edgeKey(from, to),
    from,
    to,
    client: addFigures(sides('client')),
    server: addFigures(sides('server')),
    criticalShare: totalNs === 0 ? 0 : criticalNs / totalNs,
    callerFailureShare,
    strength:
      callerFailureShare === null || failuresTotal < strengthFailuresMin ? null : callerFailureShare >= 0.5 ? 'strong' : 'weak',
    waitNs: edges.reduce((sum, { waitNs }) => sum + waitNs, 0),
  };
}

/** As the collector says: fewer failures say nothing. */
const strengthFailuresMin = 5;

/** The edges with each end under another name, those that then have the same ends as one; none from a node to itself that was not there. */
export function renameEnds(edges: readonly MapEdge[], nameOf: (id: string) => string): MapEdge[] {
  const merged = new Map<string, MapEdge[]>();
  for (const edge of edges) {
    const from = nameOf(edge.from);
    const to = nameOf(edge.to);
    if (from === to && edge.from !== edge.to) continue;
    const id = edgeKey(from, to);
    const list = merged.get(id);
    if (list === undefined) merged.set(id, [edge]);
    else list.push(edge);
  }
  return [...merged.values()].map((list) => {
    const { from, to } = list[0] as MapEdge;
    return mergeEdges(nameOf(from), nameOf(to), list);
  });
}
