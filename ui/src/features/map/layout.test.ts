import { expect, test } from 'vitest';
import { crossings } from './crossings.ts';
import { nodeHeightPx, nodeWidthPx, type Topology } from './geometry.ts';
import { layoutMap } from './layout.ts';
import type { MapGraph } from './map-graph.ts';
import { drawnMap, largeMap } from './testing/drawn-map.ts';

const topology = ({ edges, nodes }: MapGraph): Topology => ({ nodes: nodes.map(({ id }) => id), edges });

test('callers stand left of what they call; a cycle and a call to oneself are drawn all the same', () => {
  const { nodes, edges } = layoutMap(topology(drawnMap('web>cart', 'cart>stock', 'web>stock', 'stock>cart', 'cart>cart')));
  expect(nodes['service:web']!.x).toBeLessThan(nodes['service:cart']!.x);
  expect(nodes['service:web']!.x).toBeLessThan(nodes['service:stock']!.x);
  expect(Object.keys(edges)).toHaveLength(5);
  for (const points of Object.values(edges)) expect(points.length % 2).toBe(0);
});

test('lines that need not cross do not', () => {
  const graph = topology(drawnMap('a>x', 'b>y', 'c>z', 'x>1', 'y>2', 'z>3', 'x>4'));
  const { edges } = layoutMap({ nodes: graph.nodes.toReversed(), edges: graph.edges });
  expect(crossings(graph.edges.map((edge) => ({ ...edge, points: edges[edge.id]! })))).toBe(0);
});

test('sixty nodes: nothing overlaps, the same again gives the same, and few lines cross', () => {
  const graph = topology(largeMap(60, 3));
  const { height, nodes, edges, width } = layoutMap(graph);
  const places = Object.values(nodes);
  expect(places).toHaveLength(graph.nodes.length);
  for (const [index, a] of places.entries()) {
    expect(a.x + nodeWidthPx / 2).toBeLessThanOrEqual(width);
    expect(a.y + nodeHeightPx / 2).toBeLessThanOrEqual(height);
    for (const b of places.slice(index + 1))
      expect(Math.abs(a.x - b.x) >= nodeWidthPx || Math.abs(a.y - b.y) >= nodeHeightPx).toBe(true);
  }
  // No line runs behind a node that it neither leaves nor reaches.
  for (const { from, id, to } of graph.edges) {
    for (const [index, { x, y }] of edges[id]!.entries()) {
      const inside = Object.entries(nodes).filter(
        ([node, at]) =>
          node !== from && node !== to && Math.abs(at.x - x) < nodeWidthPx / 2 + 1 && Math.abs(at.y - y) < nodeHeightPx / 2,
      );
      expect(inside, `${id} ${index}`).toEqual([]);
    }
  }
  expect(layoutMap(graph)).toEqual({ height, nodes, edges, width });
  expect(crossings(graph.edges.map((edge) => ({ ...edge, points: edges[edge.id]! })))).toBeLessThan(graph.edges.length / 2);
});

test('crossings are counted between lines without a common end', () => {
  const line = (from: string, to: string, ...points: [number, number][]) => ({
    from,
    to,
    points: points.map(([x, y]) => ({ x, y })),
  });
  expect(crossings([line('a', 'b', [0, 0], [2, 2]), line('c', 'd', [0, 2], [2, 0])])).toBe(1);
  expect(crossings([line('a', 'b', [0, 0], [2, 2]), line('a', 'd', [0, 2], [2, 0])])).toBe(0);
  expect(crossings([line('a', 'b', [0, 0], [1, 1]), line('c', 'd', [0, 2], [2, 3])])).toBe(0);
});
