import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseServicesUrl, parseServiceUrl } from './url.ts';

test('search, order and state survive the URL, an unknown column or state does not', () => {
  const url = { find: 'a&b', sort: '-p95', state: 'silent' };
  expect(parseServicesUrl(parseSearch(stringifySearch(url)))).toEqual(url);
  expect(parseServicesUrl(parseSearch('?sort=-nothing&find=&state=asleep'))).toEqual({});
});

test('the section of a service is in the URL, the first one is not', () => {
  const url = { tab: 'errors', peers: 'errors' };
  expect(parseServiceUrl(parseSearch(stringifySearch(url)))).toEqual(url);
  expect(parseServiceUrl(parseSearch('?tab=summary&peers=p95'))).toEqual({});
  expect(parseServiceUrl(parseSearch('?tab=none'))).toEqual({});
});
