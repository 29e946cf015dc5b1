import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from '../../../base/search-params.ts';
import { type CompareUrl, parseCompareUrl, readTraceId } from './url.ts';

test('both traces, the order and the filter survive the URL; what is no id is dropped', () => {
  const url: CompareUrl = { a: 'a'.repeat(32), b: '0123456789abcdef'.repeat(2), order: 'worst', only: 'onlyInB' };
  expect(parseCompareUrl(parseSearch(stringifySearch({ ...url })))).toEqual(url);
  expect(parseCompareUrl(parseSearch('?a=xyz&b=&order=best&only=all'))).toEqual({});
});

test('an id is read as it was pasted', () => {
  expect(readTraceId(`  ${'AB'.repeat(16)}\n`)).toBe('ab'.repeat(16));
  expect(readTraceId('AB'.repeat(15))).toBeUndefined();
});
