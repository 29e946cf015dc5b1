import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseServicesUrl } from './url.ts';

test('search and order survive the URL, an unknown column does not', () => {
  const url = { find: 'a&b', sort: '-p95' };
  expect(parseServicesUrl(parseSearch(stringifySearch(url)))).toEqual(url);
  expect(parseServicesUrl(parseSearch('?sort=-nothing&find='))).toEqual({});
});
