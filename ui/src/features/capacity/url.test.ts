import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseCapacityUrl, readFactor } from './url.ts';

test('search, order, open row and what-if survive the URL', () => {
  const url = {
    find: 'shop',
    sort: '-peak',
    of: 'rate' as const,
    row: '["host","a","cpu",null]',
    service: 'gateway',
    name: 'POST /checkout',
    factor: 2.5,
  };
  expect(parseCapacityUrl(parseSearch(stringifySearch(url)))).toEqual(url);
});

test('half an API is none, and what is no factor is left out', () => {
  expect(parseCapacityUrl(parseSearch('?service=a&factor=2&of=all&sort=x'))).toEqual({});
  expect(parseCapacityUrl(parseSearch('?service=a&name=b&factor=0'))).toEqual({ service: 'a', name: 'b' });
  expect(['×3', 'x1.5', '101', '-1', 'two', ''].map(readFactor)).toEqual([3, 1.5, undefined, undefined, undefined, undefined]);
});
