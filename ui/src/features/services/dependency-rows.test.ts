import type { DependencyEdge, DependencyNode, TopItem } from '@sonde/api';
import { expect, test } from 'vitest';
import { dependencyRows } from './dependency-rows.ts';

const node = (id: string, more: Partial<DependencyNode>): DependencyNode =>
  ({ id, kind: 'service', requests: 1, errors: 0, ...more }) as DependencyNode;
const edge = (from: string, to: string, totalNs: number): DependencyEdge => ({
  from,
  to,
  client: { requests: 10, errors: 1, totalNs, p50Ns: 1, p95Ns: 2, p99Ns: 3, maxNs: 4 },
  server: null,
  criticalShare: 0,
  callerFailureShare: null,
  strength: null,
  waitNs: 0,
});
const nodes = [
  node('s', { service: 'orders' }),
  node('d', { kind: 'database', system: 'postgresql', address: 'db:5432', database: 'shop' }),
  node('r', { kind: 'remote', address: 'bank.example' }),
  node('g', { service: 'gateway' }),
];
const edges = [edge('s', 'd', 6e9), edge('s', 'r', 1e9), edge('g', 's', 9e9)];

test('what it waits for and its own code, the most time first; who calls it is none of it', () => {
  const rows = dependencyRows({ nodes, edges }, 'orders', { selfNs: 3e9 } as TopItem);
  expect(rows.map(({ kind, label, share, errorShare }) => [kind, label, share, errorShare])).toEqual([
    ['database', 'postgresql shop', 0.6, 0.1],
    ['own', '', 0.3, null],
    ['remote', 'bank.example', 0.1, 0.1],
  ]);
});

test('nothing is known of a service that is not on the map', () => {
  expect(dependencyRows({ nodes, edges }, 'nobody', undefined)).toEqual([]);
});
