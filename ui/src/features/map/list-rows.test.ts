import { expect, test } from 'vitest';
import { findNodes } from './find-nodes.ts';
import { linePath } from './line-path.ts';
import { calleesOf, callersOf, criticalRows, cycleRows, strengthRows } from './list-rows.ts';
import { titleOfId } from './node-names.ts';
import { drawnMap, edge, node, side } from './testing/drawn-map.ts';

test('a cycle is named round to its start; what a trace went round comes first', () => {
  const rows = cycleRows([
    { nodes: ['service:a', 'service:b%20c'], kind: 'static', exampleTraceId: null },
    { nodes: ['endpoint:x/GET%20%2F', 'queue:kafka/q'], kind: 'loop', exampleTraceId: 'f'.repeat(32) },
  ]);
  expect(rows.map(({ label }) => label)).toEqual(['x GET / → q → x GET /', 'a → b c → a']);
  expect(titleOfId('database:redis/h%3A1/')).toBe('h:1');
  expect(titleOfId('remote:%zz')).toBe('%zz');
});

test('single points of failure come before what is more critical but has others beside it', () => {
  const rows = criticalRows({
    nodes: [
      node('service:spare', { criticality: 4, requestShare: 1, instances: 2 }),
      node('service:single', { criticality: 1, requestShare: 0.5 }),
      node('service:idle', {}),
      node('database:pg/h', { criticality: 2, requestShare: 1 }),
    ],
    edges: [],
  });
  expect(rows.map(({ node: { id }, share }) => [id, share])).toEqual([
    ['database:pg/h', 0.5],
    ['service:single', 0.25],
    ['service:spare', 1],
  ]);
});

test('strong dependencies come first, undecided ones not at all', () => {
  const rows = strengthRows({
    nodes: [],
    edges: [
      edge('a', 'b', { strength: 'weak', callerFailureShare: 0.1 }),
      edge('a', 'c', { strength: 'strong', callerFailureShare: 0.9 }),
      edge('a', 'd', { callerFailureShare: 1 }),
    ],
  });
  expect(rows.map(({ to }) => to)).toEqual(['c', 'b']);
});

test('callers and callees, the busiest first', () => {
  const graph = drawnMap('a>x', 'b>x', 'x>c');
  const busy = graph.edges.map((one) => (one.from === 'service:b' ? { ...one, client: side({ requests: 9 }) } : one));
  expect(callersOf({ ...graph, edges: busy }, 'service:x').map(({ from }) => from)).toEqual(['service:b', 'service:a']);
  expect(calleesOf(graph, 'service:x').map(({ to }) => to)).toEqual(['service:c']);
});

test('a search finds all words in any case, by kind too; nothing asked, nothing told', () => {
  const graph = drawnMap('Web-Shop>database:redis/h');
  expect(findNodes(graph, 'SHOP web')).toEqual(new Set(['service:Web-Shop']));
  expect(findNodes(graph, 'database')).toEqual(new Set(['database:redis/h']));
  expect(findNodes(graph, ' ')).toBeUndefined();
});

test('a line is level where it leaves and arrives, and straight through a layer', () => {
  const at = (x: number, y: number) => ({ x, y });
  expect(linePath([at(0, 0), at(10, 0)])).toBe('M0 0L10 0');
  expect(linePath([at(0, 0), at(10, 8), at(20, 8), at(30, 0)])).toBe('M0 0C5 0 5 8 10 8L20 8C25 8 25 0 30 0');
  expect(linePath([])).toBe('');
});
