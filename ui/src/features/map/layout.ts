import { Graph, layout } from '@dagrejs/dagre';
import { crossings } from './crossings.ts';
import { routeEdges } from './route-edges.ts';
import { type MapLayout, nodeHeightPx, nodeWidthPx, type Point, type Topology } from './geometry.ts';

/** How many starting orders are tried: the more nodes, the longer each takes. */
function triesOf(nodes: number): number {
  return nodes <= 100 ? 8 : nodes <= 200 ? 4 : 2;
}

/**
 * Layers from left to right. Where a layered layout ends depends on the order in which it meets nodes and edges, so several are tried and the
 * one with the fewest crossings is kept (docs/adr/0014-map-layout.md). The same topology always gives the same layout.
 */
export function layoutMap(topology: Topology): MapLayout {
  const small = topology.nodes.length <= 100;
  let best = place(topology, small);
  let fewest = crossings(best.lines);
  const random = numbersFrom(topology.nodes.length * 1000 + topology.edges.length);
  for (let tried = 1; tried < triesOf(topology.nodes.length) && fewest > 0; tried += 1) {
    const other = place({ nodes: shuffled(topology.nodes, random), edges: shuffled(topology.edges, random) }, small);
    const count = crossings(other.lines);
    if (count >= fewest) continue;
    best = other;
    fewest = count;
  }
  return best.layout;
}

function place({ nodes, edges }: Topology, small: boolean) {
  const graph = new Graph();
  // Tight trees cross less where there are few nodes, the network simplex where there are many.
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 14,
    ranksep: 72,
    edgesep: 10,
    marginx: 24,
    marginy: 24,
    acyclicer: 'greedy',
    ranker: small ? 'tight-tree' : 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of nodes) graph.setNode(id, { width: nodeWidthPx, height: nodeHeightPx });
  // A call to oneself is a loop at the node, and takes part in no layer.
  for (const { from, to } of edges) if (from !== to) graph.setEdge(from, to, {});
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const points: Record<string, Point> = {};
  for (const id of nodes) {
    const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
    points[id] = { x, y };
  }
  const layers = new Set(Object.values(points).map(({ x }) => Math.round(x)));
  const bends = new Map(
    edges.map(({ id, from, to }) => {
      const way = from === to ? [] : ((graph.edge(from, to) as { points?: Point[] }).points ?? []);
      // Between layers a line is drawn as a curve; only where it passes through one does it need a place.
      return [id, way.slice(1, -1).filter(({ x }) => layers.has(Math.round(x)))] as const;
    }),
  );
  const lines = routeEdges(edges, points, bends);
  const routes = Object.fromEntries(lines.map((line) => [line.id, line.points]));
  return { lines, layout: { width, height, nodes: points, edges: routes } satisfies MapLayout };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const other = Math.floor(random() * (i + 1));
    [result[i], result[other]] = [result[other] as T, result[i] as T];
  }
  return result;
}

/** mulberry32: 0..1, the same sequence for a seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
