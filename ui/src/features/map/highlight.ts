import type { MapGraph } from './map-graph.ts';
import { edgeEnds } from './url.ts';

/** What is lit while the rest is dim: ids of nodes and of edges. */
export type Lit = ReadonlySet<string>;

/** All ways that lead to and from a node, or through an edge, without turning. */
export function pathsThrough(graph: MapGraph, id: string): Lit {
  const ends = edgeEnds(id);
  const [last, first] = ends ?? [id, id];
  const lit = new Set([id]);
  walk(graph, first, 'from', 'to', lit);
  walk(graph, last, 'to', 'from', lit);
  return lit;
}

function walk({ edges }: MapGraph, start: string, near: 'from' | 'to', far: 'from' | 'to', lit: Set<string>): void {
  const byNear = new Map<string, (typeof edges)[number][]>();
  for (const edge of edges) {
    const list = byNear.get(edge[near]);
    if (list === undefined) byNear.set(edge[near], [edge]);
    else list.push(edge);
  }
  const seen = new Set([start]);
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    lit.add(at);
    for (const edge of byNear.get(at) ?? []) {
      lit.add(edge.id);
      if (seen.has(edge[far])) continue;
      seen.add(edge[far]);
      open.push(edge[far]);
    }
  }
}
