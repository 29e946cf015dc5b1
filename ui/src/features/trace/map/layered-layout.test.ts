import { expect, test } from 'vitest';
import { layeredLayout } from './layered-layout.ts';

const edge = (text: string) => {
  const [from = '', to = ''] = text.split('>');
  return { from, to };
};

test('a node stands right of everything that leads to it', () => {
  const { nodes, layers } = layeredLayout(['a', 'b', 'c', 'd'], ['a>b', 'b>c', 'a>c', 'c>d'].map(edge));
  expect([...nodes].map(([key, { layer }]) => `${key}${layer}`)).toEqual(['a0', 'b1', 'c2', 'd3']);
  expect(layers).toBe(4);
});

test('a cycle is drawn back, and nothing hangs', () => {
  const { nodes, routes } = layeredLayout(['a', 'b', 'c'], ['a>b', 'b>c', 'c>a', 'b>b'].map(edge));
  expect([...nodes.values()].map(({ layer }) => layer)).toEqual([0, 1, 2]);
  expect(routes[2]?.map(({ layer }) => layer)).toEqual([2, 1, 0]);
});

test('no two things of a layer share a place, long edges included', () => {
  const { nodes, routes } = layeredLayout(['a', 'b', 'c'], ['a>b', 'b>c', 'a>c'].map(edge));
  const passing = routes[2]?.[1];
  expect(passing?.layer).toBe(1);
  expect(passing?.place).not.toBe(nodes.get('b')?.place);
});

test('crossings that need not be are taken out', () => {
  const { nodes } = layeredLayout(['a', 'b', 'x', 'y', 'root'], ['root>a', 'root>b', 'a>y', 'b>x'].map(edge));
  const place = (key: string) => nodes.get(key)?.place ?? 0;
  expect(place('a') < place('b')).toBe(place('y') < place('x'));
});
