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
  };
  expect(parseTracesUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
});

test('what cannot be read is as if it were not there', () => {
  const search = '?status=maybe&minMs=-4&maxMs=x&attribute=novalue&attribute=%3Dnokey&statement=xyz&sort=up&service=';
  expect(parseTracesUrl(parseSearch(search))).toEqual({});
});
