import type { MiddlewareClient, MiddlewareSummary } from '@sonde/api';
import { expect, test } from 'vitest';
import { middlewareOf } from './middleware-of.ts';

const server = (id: string, clients: readonly Partial<MiddlewareClient>[]) =>
  ({
    id,
    clients: clients.map((own) => ({ kind: 'database', system: 'redis', address: '', name: '', host: null, ...own })),
  }) as unknown as MiddlewareSummary;

test('a node of the map is the server that callers know by its names', () => {
  const items = [
    server('a', [{ address: '127.0.0.1' }]),
    server('b', [{ address: '127.0.0.1' }, { address: 'cache' }]),
    server('c', [{ kind: 'queue', system: 'kafka', name: 'mails' }]),
    server('d', [{ kind: 'remote', system: '', address: 'gate:80' }]),
  ];
  const ids = (node: Parameters<typeof middlewareOf>[0]) => middlewareOf(node, items).map(({ id }) => id);
  expect(ids({ kind: 'database', system: 'redis', address: 'cache' })).toEqual(['b']);
  expect(ids({ kind: 'database', system: 'redis', address: '127.0.0.1', database: '' })).toEqual(['a', 'b']);
  expect(ids({ kind: 'database', system: 'valkey', address: 'cache' })).toEqual([]);
  expect(ids({ kind: 'queue', system: 'kafka', destination: 'mails' })).toEqual(['c']);
  expect(ids({ kind: 'remote', address: 'gate:80' })).toEqual(['d']);
});
