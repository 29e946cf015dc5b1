import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { type LatencyUrl, parseLatencyUrl } from './url.ts';

test('what is looked at and what was brushed survive the URL', () => {
  const url: LatencyUrl = {
    service: 'a/b',
    name: 'GET /x?y',
    host: 'h',
    statement: '0123456789abcdef',
    minMs: 0.5,
    maxMs: 20,
    compare: 'day',
  };
  expect(parseLatencyUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
  expect(parseLatencyUrl(parseSearch('?statement=zz&minMs=x&compare=year'))).toEqual({});
});
