import { parseSearch } from '@sonde/model';
import { expect, test } from 'vitest';
import { node } from './testing/drawn-map.ts';
import { edgeTraces, nodeTraces } from './trace-filters.ts';

const web = node('service:web');
const cart = node('service:cart');
const database = { ...node('database:postgresql/h'), address: '[::1]:5432', database: 'say "hi"' };

test('a call to a database is found by the spans of the caller', () => {
  const filters = edgeTraces(web, database)?.filters;
  expect(filters?.service).toBe('web');
  expect(filters?.q).toBe(
    String.raw`kind = client and db.system.name = "postgresql" and db.namespace = "say \"hi\"" and server.address = "[::1]" and server.port = 5432`,
  );
  expect(parseSearch(filters?.q ?? '').kind).toBe('search');
});

test('what goes into a queue is its publisher’s, what comes out its consumer’s', () => {
  const queue = node('queue:kafka/orders');
  expect(edgeTraces(web, queue)?.filters).toEqual({
    service: 'web',
    q: 'kind = producer and messaging.destination.name = "orders"',
  });
  expect(edgeTraces(queue, cart)?.filters).toEqual({
    service: 'cart',
    q: 'kind = consumer and messaging.destination.name = "orders"',
  });
});

test('between two services both must have taken part', () => {
  expect(edgeTraces(web, node('endpoint:cart/add'))).toEqual({
    filters: { service: 'cart', name: 'add', q: 'kind in (server, consumer)' },
    both: ['web', 'cart'],
  });
});

test('a node has the traces of what it was asked, a group has none', () => {
  expect(nodeTraces(web)).toEqual({ service: 'web', q: 'kind in (server, consumer)' });
  expect(nodeTraces(node('remote:api.example'))).toEqual({ q: 'kind = client and server.address = "api.example"' });
  expect(nodeTraces({ ...web, kind: 'group' })).toBeUndefined();
  expect(edgeTraces(web, { ...cart, kind: 'group' })).toBeUndefined();
});
