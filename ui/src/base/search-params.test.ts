import { expect, test } from 'vitest';
import { amount, compact, flag, oneOf, parseSearch, stringifySearch, text, texts } from './search-params.ts';

test('what is written is read back, whatever is in it', () => {
  for (const value of ['a b', 'a=b&c', '<script>alert(1)</script>', '#', '%', '+', '日本', '{"a":1}', '12', '__proto__']) {
    expect(parseSearch(stringifySearch({ key: value, list: [value, 'x'] }))).toEqual({ key: value, list: [value, 'x'] });
  }
  expect(stringifySearch({})).toBe('');
  expect(stringifySearch({ live: true, off: false, none: undefined, limit: 20 })).toBe('?live=1&limit=20');
});

test('a key named __proto__ harms nothing', () => {
  const search = parseSearch('?__proto__=x&a=1');
  expect(search['a']).toBe('1');
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test('a field that cannot be read is left out', () => {
  expect([text(''), text(['a']), text('a')]).toEqual([undefined, undefined, 'a']);
  expect([texts('a'), texts(['a', '', 'b']), texts(undefined)]).toEqual([['a'], ['a', 'b'], undefined]);
  expect([amount('12.5'), amount('-1'), amount('x'), amount(''), amount(3)]).toEqual([
    12.5,
    undefined,
    undefined,
    undefined,
    3,
  ]);
  expect([flag('1'), flag('0'), flag(true)]).toEqual([true, undefined, true]);
  expect([oneOf(['a', 'b'], 'b'), oneOf(['a'], 'c')]).toEqual(['b', undefined]);
  expect(compact({ a: 1, b: undefined })).toEqual({ a: 1 });
});
