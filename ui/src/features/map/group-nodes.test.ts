import { expect, test } from 'vitest';
import { groupNodes, ungroupedMax } from './group-nodes.ts';
import { drawnMap, node } from './testing/drawn-map.ts';

const names = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, index) => of(index));

test('three hundred nodes stay themselves', () => {
  const graph = { nodes: names(ungroupedMax, (i) => `service:shop-a-${i}`).map((id) => node(id)), edges: [] };
  expect(groupNodes(graph)).toEqual({ graph });
});

test('more are grouped by the beginning of their names and by kind, and their calls add up', () => {
  const edges = names(320, (i) => `web>${i % 2 === 0 ? 'shop' : 'bank'}-unit-${i}`);
  const { graph, nodesBefore } = groupNodes(drawnMap(...edges, 'web>database:redis/one'));
  expect(nodesBefore).toBe(322);
  expect(graph.nodes.map(({ name, service, kind, members }) => [kind, name ?? service, members?.length])).toEqual([
    ['database', undefined, undefined],
    ['group', 'bank-unit*', 160],
    ['group', 'shop-unit*', 160],
    ['service', 'web', undefined],
  ]);
  expect(graph.nodes.find(({ name }) => name === 'shop-unit*')).toMatchObject({ requests: 160, instances: 160, p95Ns: null });
  expect(graph.edges.map(({ client, from }) => [from, client?.requests])).toEqual([
    ['service:web', 1],
    ['service:web', 160],
    ['service:web', 160],
  ]);
});

test('what is looked at stays itself', () => {
  const edges = names(400, (i) => `web>shop-unit-${i}`);
  const { graph } = groupNodes(drawnMap(...edges), new Set(['service:shop-unit-7']));
  expect(graph.nodes.map(({ id }) => id)).toContain('service:shop-unit-7');
  expect(graph.edges.map(({ client }) => client?.requests).toSorted((a, b) => a! - b!)).toEqual([1, 399]);
});

test('names without a common beginning end up by kind, and calls within a group are not drawn', () => {
  const edges = names(310, (i) => `u${i}x>u${(i + 1) % 310}x`);
  const { graph } = groupNodes(drawnMap(...edges));
  expect(graph.nodes).toMatchObject([{ kind: 'group', name: 'service', members: { length: 310 } }]);
  expect(graph.edges).toEqual([]);
});
