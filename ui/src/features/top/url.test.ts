import { rankedKinds as apiKinds, rankings as apiRankings } from '@sonde/api';
import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseTopUrl, rankedKinds, rankings, type TopUrl } from './url.ts';

test('the page offers what the API ranks', () => {
  expect(rankings).toEqual(apiRankings);
  expect(rankedKinds).toEqual(apiKinds);
});

test('the question and the chosen row survive the URL; defaults are not written', () => {
  const url: TopUrl = {
    by: 'latency',
    of: 'statement',
    time: 'self',
    percentile: 99,
    service: 'a b',
    host: 'h',
    key: 'orders GET /x',
  };
  expect(parseTopUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
  expect(parseTopUrl(parseSearch('?by=hotspot&of=endpoint&percentile=95'))).toEqual({});
  expect(parseTopUrl(parseSearch('?by=luck&of=everything&percentile=12&time=money'))).toEqual({});
});
