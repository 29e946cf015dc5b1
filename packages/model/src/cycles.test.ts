import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCycles } from './cycles.ts';

test('none in a tree, one of each part that leads back to itself', () => {
  expect(findCycles([[1, 2], [3], [3], []])).toEqual([]);
  expect(findCycles([[1], [2], [0, 3], [4], [3], [5]])).toEqual(expect.arrayContaining([[0, 1, 2], [3, 4], [5]]));
  expect(findCycles([[1], [2, 0], [0]])).toEqual([[0, 1]]);
});

/** Whether one node is reached from another: by trying all ways. */
function reaches(next: readonly (readonly number[])[], from: number, to: number): boolean {
  const seen = new Set<number>();
  const look = (node: number): boolean =>
    (next[node] ?? []).some((each) => each === to || (!seen.has(each) && (seen.add(each), look(each))));
  return look(from);
}

test('what lies on a cycle is in a part that has one, and each cycle is one', () => {
  const graph = fc
    .integer({ min: 1, max: 8 })
    .chain((size) => fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: size }), { minLength: size, maxLength: size }));
  fc.assert(
    fc.property(graph, (next) => {
      const cycles = findCycles(next);
      for (const cycle of cycles) {
        cycle.forEach((node, i) => expect(next[node]).toContain(cycle[(i + 1) % cycle.length]));
        expect(new Set(cycle).size).toBe(cycle.length);
      }
      const firsts = next
        .map((_, node) => node)
        .filter((node) => reaches(next, node, node))
        .filter(
          (node, _, all) => !all.some((other) => other < node && reaches(next, node, other) && reaches(next, other, node)),
        );
      const ascending = (nodes: readonly number[]) => nodes.toSorted((a, b) => a - b);
      expect(ascending(cycles.map((cycle) => cycle[0] as number))).toEqual(ascending(firsts));
    }),
  );
});

test('a chain of 100,000 nodes that closes', () => {
  const size = 100_000;
  expect(findCycles(Array.from({ length: size }, (_, node) => [(node + 1) % size]))[0]?.length).toBe(size);
});
