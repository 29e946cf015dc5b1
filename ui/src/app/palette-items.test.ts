import { expect, test } from 'vitest';
import { paletteItems, traceIdIn } from './palette-items.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
const sources = {
  pages: [{ to: '/services', title: '服务', also: 'Services' }],
  endpoints: [
    { service: 'gateway', name: 'POST /orders' },
    { service: 'mailer', name: 'order.paid process' },
  ],
  services: ['orders', 'inventory', 'order-mailer'],
  hosts: ['node-1', 'order-host'],
  middleware: [{ id: 'redis:cache:6379', title: 'redis cache:6379' }],
};

test('a trace id is found alone, in capitals and within a traceparent', () => {
  expect(traceIdIn(` ${id} `)).toBe(id);
  expect(traceIdIn(id.toUpperCase())).toBe(id);
  expect(traceIdIn(`00-${id}-00f067aa0ba902b7-01`)).toBe(id);
  expect(traceIdIn(`${id}0`)).toBeUndefined();
  expect(paletteItems(id, sources)).toEqual([{ kind: 'trace', title: id }]);
});

test('names that begin with what was typed come first', () => {
  expect(paletteItems('or', sources).map(({ title }) => title)).toEqual([
    'orders',
    'order-mailer',
    'inventory',
    'order.paid process',
    'POST /orders',
    'order-host',
  ]);
  expect(paletteItems('', sources)).toHaveLength(7);
  expect(paletteItems('cache:', sources)).toEqual([{ kind: 'middleware', id: 'redis:cache:6379', title: 'redis cache:6379' }]);
  expect(paletteItems('zzz', sources)).toEqual([]);
});

test('an endpoint is found by its name, by its service, and by both; a page by its name in either language', () => {
  expect(paletteItems('post /', sources)).toEqual([{ kind: 'endpoint', service: 'gateway', title: 'POST /orders' }]);
  expect(paletteItems('gateway post', sources)).toEqual([{ kind: 'endpoint', service: 'gateway', title: 'POST /orders' }]);
  expect(paletteItems('Serv', sources)).toEqual([{ kind: 'page', to: '/services', title: '服务' }]);
  expect(paletteItems('服务', sources)).toEqual([{ kind: 'page', to: '/services', title: '服务' }]);
});
