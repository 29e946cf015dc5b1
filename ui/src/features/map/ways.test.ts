import { expect, test } from 'vitest';
import { pathsThrough } from './highlight.ts';
import { neighbour } from './neighbour.ts';
import { drawnMap } from './testing/drawn-map.ts';

test('a node lights all ways through it, an edge those that take it, a cycle ends', () => {
  const graph = drawnMap('a>b', 'b>c', 'x>c', 'c>d', 'd>b');
  const names = (id: string) => [...pathsThrough(graph, id)].map((one) => one.replaceAll('service:', '')).toSorted();
  expect(names('service:x')).toEqual(['b', 'b c', 'c', 'c d', 'd', 'd b', 'x', 'x c']);
  expect(names('service:a service:b')).toEqual(['a', 'a b', 'b', 'b c', 'c', 'c d', 'd', 'd b']);
});

test('an arrow goes to the nearest node ahead', () => {
  const places = { a: { x: 0, y: 0 }, b: { x: 100, y: 10 }, c: { x: 100, y: 90 }, d: { x: 300, y: 0 } };
  expect(neighbour(places, 'a', 'ArrowRight')).toBe('b');
  expect(neighbour(places, 'b', 'ArrowDown')).toBe('c');
  expect(neighbour(places, 'b', 'ArrowRight')).toBe('d');
  expect(neighbour(places, 'a', 'ArrowLeft')).toBeUndefined();
  expect(neighbour(places, 'nobody', 'ArrowLeft')).toBeUndefined();
});
