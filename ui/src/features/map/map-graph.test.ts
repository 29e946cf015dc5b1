import { expect, test } from 'vitest';
import { expandService } from './expand-service.ts';
import { graphOf, mergeEdges, topologyKey } from './map-graph.ts';
import { nodeLabel, nodeTitle } from './node-names.ts';
import { drawnMap, edge, node, side } from './testing/drawn-map.ts';

test('other figures in another order are the same topology', () => {
  const { edges, nodes } = drawnMap('a>b', 'b>c');
  const again = { nodes: nodes.toReversed().map((one) => ({ ...one, requests: 9 })), edges: edges.toReversed() };
  expect(topologyKey(graphOf(again as never))).toBe(topologyKey(drawnMap('a>b', 'b>c')));
  expect(topologyKey(drawnMap('a>b'))).not.toBe(topologyKey(drawnMap('b>a')));
});

test('counts of several edges add up, percentiles of several are unknown, of one they stay', () => {
  const one = edge('a', 'b', {
    client: side({ requests: 10, errors: 4, totalNs: 100, p95Ns: 9, maxNs: 9 }),
    criticalShare: 1,
    callerFailureShare: 1,
  });
  const other = edge('a', 'c', {
    client: side({ requests: 30, errors: 4, totalNs: 300, p95Ns: 5, maxNs: 20 }),
    server: side({ requests: 30 }),
    callerFailureShare: 0.5,
  });
  expect(mergeEdges('a', 'x', [one])).toEqual({ ...one, id: 'a x', to: 'x' });
  expect(mergeEdges('a', 'x', [one, other])).toMatchObject({
    id: 'a x',
    client: { requests: 40, errors: 8, totalNs: 400, p95Ns: null, maxNs: 20 },
    server: { requests: 30 },
    criticalShare: 0.25,
    callerFailureShare: 0.75,
    strength: 'strong',
  });
});

test('one service is drawn as its endpoints, with its neighbours as they were', () => {
  const services = drawnMap('web>cart', 'cart>stock', 'cart>database:redis/h', 'stock>database:redis/h');
  const endpoints = drawnMap(
    'endpoint:web/home>endpoint:cart/list',
    'endpoint:web/shop>endpoint:cart/list',
    'endpoint:web/shop>endpoint:cart/add',
    'endpoint:cart/add>endpoint:stock/take',
    'endpoint:cart/add>database:redis/h',
    'endpoint:stock/take>database:redis/h',
  );
  const { edges, nodes } = expandService(services, 'cart', endpoints as never);
  expect(nodes.map(({ id }) => id)).toEqual([
    'database:redis/h',
    'endpoint:cart/add',
    'endpoint:cart/list',
    'service:stock',
    'service:web',
  ]);
  expect(edges.map(({ id, client }) => [id, client?.requests])).toEqual([
    ['endpoint:cart/add database:redis/h', 1],
    ['endpoint:cart/add service:stock', 1],
    ['service:stock database:redis/h', 1],
    ['service:web endpoint:cart/add', 1],
    ['service:web endpoint:cart/list', 2],
  ]);
  expect(expandService(services, 'nobody', endpoints as never)).toBe(services);
});

test('names', () => {
  expect(nodeTitle(node('database:redis/h'))).toBe('redis h');
  expect(nodeLabel(node('database:redis/h'))).toBe('redis h');
  expect(nodeLabel(node('endpoint:cart/add'))).toBe('cart add');
  expect(nodeLabel(node('queue:kafka/orders'))).toBe('orders (kafka)');
});
