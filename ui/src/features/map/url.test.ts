import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { edgeEnds, edgeKey, type MapUrl, parseMapUrl } from './url.ts';

const again = (url: MapUrl) => parseMapUrl(parseSearch(stringifySearch({ ...url })));

test('everything that the map shows survives the URL', () => {
  const url: MapUrl = {
    focus: 'service:a%20b',
    hops: 3,
    apiService: 'web',
    apiName: 'GET /cart/:id',
    expand: 'cart',
    selected: edgeKey('service:a%20b', 'database:redis/h%3A1/'),
    find: 'car',
    headline: 'p95',
    slow: 250,
    list: 'cycles',
    view: 'table',
    ungrouped: true,
  };
  expect(again(url)).toEqual(url);
  expect(again({ level: 'endpoint', focus: 'endpoint:a/b' })).toEqual({ level: 'endpoint', focus: 'endpoint:a/b' });
});

test('defaults are not written, and what cannot be is not read', () => {
  expect(parseMapUrl(parseSearch('?hops=2&slow=1000&headline=rate&level=service&view=map'))).toEqual({});
  expect(parseMapUrl(parseSearch('?hops=9&slow=7&focus=moon&list=all&apiService=web'))).toEqual({});
});

test('a focus of another level, and endpoints of a service among endpoints, are dropped', () => {
  expect(parseMapUrl(parseSearch('?level=endpoint&focus=service:a&expand=a'))).toEqual({ level: 'endpoint' });
  expect(parseMapUrl(parseSearch('?focus=endpoint:a/b'))).toEqual({});
});

test('an edge is its two ends', () => {
  expect(edgeEnds(edgeKey('service:a', 'queue:kafka/x%20y'))).toEqual(['service:a', 'queue:kafka/x%20y']);
  expect(edgeEnds('service:a')).toBeUndefined();
});
