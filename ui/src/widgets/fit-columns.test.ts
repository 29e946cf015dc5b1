import { expect, test } from 'vitest';
import { columnsPx, type FitColumn, fitColumns, neededPx } from './fit-columns.ts';

const columns: readonly (FitColumn & { readonly id: string })[] = [
  { id: 'name', minWidth: 200 },
  { id: 'rate', width: 100 },
  { id: 'hosts', width: 150, drop: 2 },
  { id: 'trend', width: 100, drop: 1 },
];
const fitted = (widthPx: number) => fitColumns(columns, widthPx).map(({ id }) => id);

test('columns go one by one, and only where there is no room', () => {
  expect(fitted(550)).toEqual(['name', 'rate', 'hosts', 'trend']);
  expect(fitted(549)).toEqual(['name', 'rate', 'hosts']);
  expect(fitted(449)).toEqual(['name', 'rate']);
  expect(fitted(10)).toEqual(['name', 'rate']);
});

test('what stays needs its room, a growing column its least', () => {
  expect(neededPx(columns)).toBe(550);
  expect(neededPx([{}])).toBe(140);
});

test('a column that needs more than its share of what is left gets it', () => {
  const growing = [{ minWidth: 100 }, { minWidth: 290 }, { width: 90 }, { minWidth: 110 }];
  expect(columnsPx(growing, 690)).toEqual([undefined, 290, 90, undefined]);
  expect(columnsPx(growing, 990)).toEqual([undefined, undefined, 90, undefined]);
});
