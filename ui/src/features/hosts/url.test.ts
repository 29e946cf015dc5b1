import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseHostsUrl } from './url.ts';

test('search and order survive the URL, an unknown column does not', () => {
  const url = { find: 'node 1', sort: '-memory' };
  expect(parseHostsUrl(parseSearch(stringifySearch(url)))).toEqual(url);
  expect(parseHostsUrl(parseSearch('?sort=-nothing'))).toEqual({});
});
