import { expect, test } from 'vitest';
import { facetGroups } from './facet-rows.ts';

const facet = (key: string, values: readonly (readonly [string, number])[], distinct = values.length) => ({
  key,
  scope: 'attribute' as const,
  count: values.reduce((sum, [, count]) => sum + count, 0),
  distinct,
  values: values.map(([value, count]) => ({ value, count })),
});

test('values with their share of the spans that have the key, and how many more there are', () => {
  const [group] = facetGroups(
    [
      facet(
        'user.id',
        [
          ['u1', 30],
          ['u2', 10],
        ],
        7,
      ),
    ],
    '',
  );
  expect(group).toMatchObject({ key: 'user.id', more: 5, isOpen: false });
  expect(group?.rows.map(({ value, share }) => [value, share])).toEqual([
    ['u1', 0.75],
    ['u2', 0.25],
  ]);
});

test('a key without a value is no group', () => {
  expect(facetGroups([facet('http.route', [])], '')).toEqual([]);
});

test('what the search asks for is marked, and its group open', () => {
  const [group] = facetGroups(
    [
      facet('user.id', [
        ['u1', 3],
        ['u2', 1],
      ]),
    ],
    'user.id != u2',
  );
  expect(group?.isOpen).toBe(true);
  expect(group?.rows.map(({ wanted }) => wanted)).toEqual([undefined, 'out']);
});

test('a value that was cut cannot be asked for', () => {
  const [group] = facetGroups(
    [
      facet('a', [
        [`${'x'.repeat(256)}…`, 1],
        ['short…', 1],
      ]),
    ],
    '',
  );
  expect(group?.rows.map(({ isCut }) => isCut)).toEqual([true, false]);
});
