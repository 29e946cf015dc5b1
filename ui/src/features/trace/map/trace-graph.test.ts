import { expect, test } from 'vitest';
import { drawnTrace } from '../testing/drawn-trace.ts';
import { traceView } from '../trace-view.ts';
import { traceGraph } from './trace-graph.ts';

const checkout = drawnTrace(
  `
  gateway  POST /checkout   |===================|
    gateway  POST            |=====|
      orders  POST /orders    |===|
        orders  SELECT         |=|
        orders  UPDATE           |!|
    gateway  publish paid          |==|
      mailer  process paid           |====|
`,
  {
    SELECT: { kind: 'client', attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'shop' } },
    UPDATE: { kind: 'client', attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'shop' } },
    'publish paid': {
      kind: 'producer',
      attributes: { 'messaging.system': 'rabbitmq', 'messaging.destination.name': 'paid' },
    },
  },
);

test('an edge for each who called what, with calls, errors and time; a message goes through its queue', () => {
  const { edges, nodes } = traceGraph(traceView(checkout).nodes);
  expect(edges.map(({ from, to, calls, errors, totalNs }) => [from, to, calls, errors, totalNs / 1e6])).toEqual([
    ['service gateway', 'service orders', 1, 0, 4],
    ['service orders', 'database postgresql shop', 2, 1, 4],
    ['service gateway', 'queue rabbitmq paid', 1, 0, 3],
    ['queue rabbitmq paid', 'service mailer', 1, 0, 5],
  ]);
  expect(nodes.map(({ key, spans, errors, slowest }) => [key, spans, errors, slowest.span.name])).toEqual([
    ['service gateway', 2, 0, 'POST /checkout'],
    ['service orders', 1, 0, 'POST /orders'],
    ['database postgresql shop', 2, 1, 'SELECT'],
    ['queue rabbitmq paid', 1, 0, 'publish paid'],
    ['service mailer', 1, 0, 'process paid'],
  ]);
});

test('a service that only calls is a node, too', () => {
  const { nodes, edges } = traceGraph(
    traceView(drawnTrace('  worker  GET  |==|', { GET: { kind: 'client', attributes: { 'db.system.name': 'redis' } } })).nodes,
  );
  expect(nodes.map(({ key }) => key)).toEqual(['database redis', 'service worker']);
  expect(edges).toMatchObject([{ from: 'service worker', to: 'database redis', calls: 1 }]);
});
