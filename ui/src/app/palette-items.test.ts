import { expect, test } from 'vitest';
import { paletteItems, traceIdIn } from './palette-items.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
const sources = {
  pages: [{ to: '/services', title: 'Services' }],
  services: ['orders', 'inventory', 'order-mailer'],
  hosts: ['node-1', 'order-host'],
};

test('a trace id is found alone, in capitals and within a traceparent', () => {
  expect(traceIdIn(` ${id} `)).toBe(id);
  expect(traceIdIn(id.toUpperCase())).toBe(id);
  expect(traceIdIn(`00-${id}-00f067aa0ba902b7-01`)).toBe(id);
  expect(traceIdIn(`${id}0`)).toBeUndefined();
  expect(paletteItems(id, sources)).toEqual([{ kind: 'trace', title: id }]);
});

test('names that begin with what was typed come first', () => {
  expect(paletteItems('or', sources).map(({ title }) => title)).toEqual(['orders', 'order-mailer', 'inventory', 'order-host']);
  expect(paletteItems('', sources)).toHaveLength(6);
  expect(paletteItems('zzz', sources)).toEqual([]);
});
