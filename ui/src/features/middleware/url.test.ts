import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseMiddlewareUrl } from './url.ts';

test('search and order survive the URL, an unknown column does not', () => {
  const url = { find: 'redis 1', sort: '-requests' };
  expect(parseMiddlewareUrl(parseSearch(stringifySearch(url)))).toEqual(url);
  expect(parseMiddlewareUrl(parseSearch('?sort=-nothing'))).toEqual({});
});
