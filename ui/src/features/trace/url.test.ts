import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseTraceUrl, type TraceUrl } from './url.ts';

test('a span, a tab and what is looked for survive the URL; what is no span id does not', () => {
  const url: TraceUrl = { span: '00f067aa0ba902b7.2', tab: 'json', find: 'a=b&c' };
  expect(parseTraceUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
  expect(parseTraceUrl(parseSearch('?span=xyz&tab=waterfall'))).toEqual({});
});

test('so do the zoom, the times and the rows between', () => {
  const url: TraceUrl = { zoom: '1000-25000', times: 'raw', events: true, logs: true };
  expect(parseTraceUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
  expect(parseTraceUrl(parseSearch('?zoom=9-3&times=x&events=no'))).toEqual({});
});

test('so does what is folded', () => {
  const url: TraceUrl = { levels: 3, folded: '00f067aa0ba902b7-00f067aa0ba902b8.2' };
  expect(parseTraceUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
  expect(parseTraceUrl(parseSearch('?levels=0&folded=all'))).toEqual({});
});
