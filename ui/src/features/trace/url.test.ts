import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../base/search-params.ts';
import { parseTraceUrl, type TraceUrl } from './url.ts';

test('the open span, the tab and the search survive the URL', () => {
  const url: TraceUrl = { span: '00f067aa0ba902b7', tab: 'statistics', find: 'SELECT * & <b>' };
  expect(parseTraceUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
  expect(parseTraceUrl(parseSearch('?span=x&tab=waterfall&find='))).toEqual({});
});
