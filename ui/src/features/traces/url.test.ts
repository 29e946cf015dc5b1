import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseTracesUrl, type TracesUrl } from './url.ts';

test('every filter survives the URL', () => {
  const url: TracesUrl = {
    q: 'service.name = "a b" and duration > 5ms',
    service: 'a & b',
    name: 'GET /x?y=1#z',
    host: 'node-1',
    statement: '0123456789abcdef',
    status: 'error',
    minMs: 0.25,
    maxMs: 1500,
    attribute: ['http.route=/a=b', 'naughty=<script>alert(1)</script>'],
    sort: 'duration',
    boxFrom: 1_795_300_000_000,
    boxTo: 1_795_300_060_000,
    boxMin: 0.5,
    boxMax: 2000,
    tab: 'differences',
  };
  expect(parseTracesUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
});

test('what cannot be read is as if it were not there', () => {
  const search =
    '?status=maybe&minMs=-4&maxMs=x&attribute=novalue&attribute=%3Dnokey&statement=xyz&sort=up&service=&boxFrom=5&boxTo=9&boxMin=1&tab=x';
  expect(parseTracesUrl(parseSearch(search))).toEqual({});
});
