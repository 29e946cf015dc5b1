import { expect, test } from 'vitest';
import { parseSort, sortRows, sortText } from './sort-rows.ts';

const key = (value: number | null) => value;

test('unknown comes last in both directions', () => {
  const rows = [3, null, 1, 2];
  expect(sortRows(rows, key, false)).toEqual([1, 2, 3, null]);
  expect(sortRows(rows, key, true)).toEqual([3, 2, 1, null]);
});

test('equal rows keep their order, and numbers within names count', () => {
  const rows = [
    { name: 'node-10', id: 1 },
    { name: 'node-2', id: 2 },
    { name: 'node-2', id: 3 },
  ];
  expect(sortRows(rows, ({ name }) => name, false).map(({ id }) => id)).toEqual([2, 3, 1]);
  expect(sortRows(rows, ({ name }) => name, true).map(({ id }) => id)).toEqual([1, 2, 3]);
});

test('a sort survives its text; a column that does not exist is none', () => {
  for (const sort of [
    { column: 'p95', descending: true },
    { column: 'name', descending: false },
  ]) {
    expect(parseSort(sortText(sort), ['name', 'p95'])).toEqual(sort);
  }
  expect(parseSort('-nothing', ['name'])).toBeUndefined();
  expect(parseSort(undefined, ['name'])).toBeUndefined();
});
