import { expect, test } from 'vitest';
import { drawnTrace } from './testing/drawn-trace.ts';
import { ancestors, type SpanNode, traceView, visibleNodes } from './trace-view.ts';

const checkout = `
  gateway  POST /checkout   |==========|
    orders  POST /orders     |=====|
      orders  SELECT          |=|
      orders  UPDATE             |=!|
    payment  POST /charge          |=|
`;

const names = (nodes: readonly SpanNode[]) => nodes.map(({ span }) => span.name);

test('rows stand parents before children, with their depth and the size of their subtree', () => {
  const { nodes, depth, services, errorCount } = traceView(drawnTrace(checkout));
  expect(nodes.map((node) => [node.span.name, node.depth, node.subtreeSize, node.childCount])).toEqual([
    ['POST /checkout', 0, 5, 2],
    ['POST /orders', 1, 3, 2],
    ['SELECT', 2, 1, 0],
    ['UPDATE', 2, 1, 0],
    ['POST /charge', 1, 1, 0],
  ]);
  expect({ depth, services, errorCount }).toEqual({ depth: 3, services: ['gateway', 'orders', 'payment'], errorCount: 1 });
});

test('a collapsed span hides what is below it and nothing else', () => {
  const { nodes } = traceView(drawnTrace(checkout));
  expect(names(visibleNodes(nodes, new Set([1])))).toEqual(['POST /checkout', 'POST /orders', 'POST /charge']);
  expect(names(visibleNodes(nodes, new Set([0, 1])))).toEqual(['POST /checkout']);
  expect(visibleNodes(nodes, new Set())).toHaveLength(5);
});

test('ancestors are found upwards', () => {
  const { nodes } = traceView(drawnTrace(checkout));
  expect(names(ancestors(nodes, nodes[3] as SpanNode))).toEqual(['POST /orders', 'POST /checkout']);
});

test('a span whose parent was not recorded is a root, and a cycle of parents loses no span', () => {
  const orphan = drawnTrace(checkout, { 'POST /charge': { parentSpanId: 'ffffffffffffffff' } });
  expect(traceView(orphan).nodes.filter(({ parent }) => parent === -1)).toHaveLength(2);
  const cycle = drawnTrace(checkout, { 'POST /orders': { parentSpanId: '0000000000000003' } });
  expect(new Set(names(traceView(cycle).nodes)).size).toBe(5);
});

test('a trace is named by the span without a parent, though an orphan began earlier', () => {
  const drawn = `
  mail  send            |==|
  gateway  POST /checkout  |=====|
`;
  const isOrphan = { parentSpanId: 'ffffffffffffffff' };
  expect(traceView(drawnTrace(drawn, { send: isOrphan })).root?.span.name).toBe('POST /checkout');
  expect(traceView(drawnTrace(drawn, { send: isOrphan, 'POST /checkout': isOrphan })).root?.span.name).toBe('send');
});

test('two spans that share an id are two rows, parent and child, and each can be linked to', () => {
  const shared = '00000000000000aa';
  const { byId, nodes } = traceView(
    drawnTrace(checkout, {
      'POST /orders': { spanId: shared, kind: 'client', service: 'gateway' },
      SELECT: { spanId: shared, parentSpanId: '0000000000000001', kind: 'server' },
      UPDATE: { parentSpanId: shared },
    }),
  );
  expect(nodes.map((node) => [node.id, node.span.name, node.depth])).toEqual([
    ['0000000000000001', 'POST /checkout', 0],
    [shared, 'POST /orders', 1],
    [`${shared}.2`, 'SELECT', 2],
    ['0000000000000004', 'UPDATE', 3],
    ['0000000000000005', 'POST /charge', 1],
  ]);
  expect(byId.get(`${shared}.2`)?.span.name).toBe('SELECT');
});

test('a database call is shown as the database, in a colour of its own', () => {
  const { nodes } = traceView(
    drawnTrace(checkout, {
      UPDATE: { kind: 'client', attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'shop' } },
    }),
  );
  const update = nodes[3] as SpanNode;
  expect(update.subject).toEqual({ kind: 'database', label: 'postgresql shop' });
  expect(new Set(nodes.map(({ color }) => color)).size).toBe(4);
});

const id = (index: number) => (index + 1).toString(16).padStart(16, '0');

test('ten thousand spans in one chain are laid out without recursion', () => {
  const base = drawnTrace('  a  x  |==|');
  const [span] = base.spans;
  const spans = Array.from({ length: 10_000 }, (_, index) => ({
    ...(span as NonNullable<typeof span>),
    spanId: id(index),
    parentSpanId: index === 0 ? '' : id(index - 1),
  }));
  const view = traceView({ ...base, spans });
  expect(view.depth).toBe(10_000);
  expect(view.nodes[0]?.subtreeSize).toBe(10_000);
});
