import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseOverviewUrl } from './url.ts';

test('state and filter survive the URL, an unknown state does not', () => {
  const url = { state: 'degraded', find: 'POST /a&b' };
  expect(parseOverviewUrl(parseSearch(stringifySearch(url)))).toEqual(url);
  expect(parseOverviewUrl(parseSearch('?state=sad&find='))).toEqual({});
});
