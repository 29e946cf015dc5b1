import { parseSearch } from '@sonde/model';
import { expect, test } from 'vitest';
import { attributeSearch } from './attribute-search.ts';

test('the search that is written means the attribute and its value, whatever characters they have', () => {
  for (const [key, value] of [
    ['http.route', '/cart/:id'],
    ['tenant', `o'neil "x" and (y)`],
    ['name', 'status'],
    ['host.name', 'a\\b'],
  ] as const) {
    const parsed = parseSearch(attributeSearch(key, value, '!=') ?? '');
    expect(parsed).toMatchObject({
      search: { expression: { kind: 'compare', field: { scope: 'attribute', key }, operator: '!=', value } },
    });
  }
});

test('what is longer than a search may be is not asked', () => {
  expect(attributeSearch('k', 'x'.repeat(5000), '=')).toBeUndefined();
});
