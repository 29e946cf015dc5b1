import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeSearch } from './index.ts';

/** `|` is the cursor. */
function complete(drawn: string) {
  const cursor = drawn.indexOf('|');
  const text = drawn.replace('|', '');
  const { replace, ...completion } = completeSearch(text, cursor);
  return { ...completion, replaced: text.slice(replace.start, replace.end) };
}

test.each([
  ['|', { wanted: 'key', prefix: '', replaced: '' }],
  ['serv|', { wanted: 'key', prefix: 'serv', replaced: 'serv' }],
  ['ser|vice', { wanted: 'key', prefix: 'ser', replaced: 'service' }],
  ['service.name |', { wanted: 'operator', key: 'service.name', prefix: '', replaced: '' }],
  ['service.name an|', { wanted: 'operator', prefix: 'an', replaced: 'an' }],
  ['service.name =|', { wanted: 'value', key: 'service.name', prefix: '' }],
  ['service.name = ca|', { wanted: 'value', key: 'service.name', prefix: 'ca', replaced: 'ca' }],
  ['a = "b c|', { wanted: 'value', key: 'a', prefix: 'b c', replaced: '"b c' }],
  ['a = "b| c" and d', { wanted: 'value', key: 'a', prefix: 'b', replaced: '"b c"' }],
  ['a = b |', { wanted: 'connective', choices: ['and', 'or', 'not'] }],
  ['(a = b |', { wanted: 'connective', choices: ['and', 'or', 'not', ')'] }],
  ['(a in (b) |', { wanted: 'connective', choices: ['and', 'or', 'not', ')'] }],
  ['a = b and |', { wanted: 'key' }],
  ['not |', { wanted: 'key' }],
  ['status = |', { wanted: 'value', key: 'status', choices: ['unset', 'ok', 'error'] }],
  ['a in |', { wanted: 'connective', choices: ['('] }],
  ['kind in (|', { wanted: 'value', key: 'kind', choices: expect.arrayContaining(['server']) as string[] }],
  ['a in (b |', { wanted: 'connective', choices: [',', ')'] }],
  ['a in (b, c|', { wanted: 'value', key: 'a', prefix: 'c' }],
  ['a exists |', { wanted: 'connective' }],
  ['a | = b', { wanted: 'operator', key: 'a' }],
])('%s', (drawn, expected) => {
  expect(complete(drawn)).toMatchObject(expected);
});

test('the operators are those of the key', () => {
  expect(complete('kind |').choices).toEqual(['=', '!=', 'in', 'and', 'or', 'not']);
  expect(complete('http.route |').choices).toContain('~');
});

test('at any place of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, n) => {
      const cursor = n % (text.length + 1);
      const { replace } = completeSearch(text, cursor);
      expect(0 <= replace.start && replace.start <= cursor && cursor <= replace.end && replace.end <= text.length).toBe(true);
    }),
  );
});
