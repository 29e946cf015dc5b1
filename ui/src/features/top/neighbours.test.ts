import type { DependencyEdge, DependencyNode } from '@sonde/api';
import { expect, test } from 'vitest';
import { neighbours, nodeIdOf } from './neighbours.ts';

const node = (id: string, more: Partial<DependencyNode>) => ({ id, kind: 'endpoint', ...more }) as DependencyNode;
const edge = (from: string, to: string, requests: number) =>
  ({ from, to, client: null, server: { requests, errors: 0, p95Ns: 7 } }) as unknown as DependencyEdge;
const nodes = [
  node('a', { service: 'gateway', name: 'GET /' }),
  node('b', { service: 'orders', name: 'POST /orders' }),
  node('c', { kind: 'database', system: 'mysql', address: 'db' }),
  node('d', { kind: 'queue', system: 'kafka', destination: 'mails' }),
];
const edges = [edge('a', 'b', 5), edge('b', 'c', 3), edge('b', 'd', 9), edge('b', 'b', 1)];

test('callers and callees, the busiest first; what calls itself is neither', () => {
  expect(neighbours({ nodes, edges }, 'b', 'callers').map(({ label, calls }) => [label, calls])).toEqual([['GET /', 5]]);
  expect(neighbours({ nodes, edges }, 'b', 'callees').map(({ label, p95Ns }) => [label, p95Ns])).toEqual([
    ['kafka mails', 7],
    ['mysql db', 7],
  ]);
});

test('ids are those of the map', () => {
  expect(nodeIdOf({ kind: 'endpoint', service: 'a b', name: 'GET /x' })).toEqual({
    level: 'endpoint',
    id: 'endpoint:a%20b/GET%20%2Fx',
  });
  expect(nodeIdOf({ kind: 'queue', system: 'kafka', destination: 'mails' })?.id).toBe('queue:kafka/mails');
  expect(nodeIdOf({ kind: 'statement', statementHash: '0' })).toBeUndefined();
});
