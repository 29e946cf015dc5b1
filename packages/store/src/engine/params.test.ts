import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paramLiteral, paramText } from './params.ts';

test('no value can end its literal', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes)),
        fc.array(fc.string()),
        fc.bigInt(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
      ),
      (value) => {
        expect(paramLiteral(value)).toMatch(/^'(?:[A-Za-z0-9 _\u0080-\uffff]|\\x[0-9a-f]{2})*'$/);
      },
    ),
  );
});

test('values as ClickHouse reads parameters', () => {
  expect(paramText('a\tb\\c\n')).toBe('a\\tb\\\\c\\n');
  expect(paramText([`it's`, 'b\\'])).toBe(`['it\\'s','b\\\\']`);
  expect(paramText([1n, 18446744073709551615n])).toBe('[1,18446744073709551615]');
  expect(paramText(-(2n ** 63n))).toBe('-9223372036854775808');
  expect(paramText(0.5)).toBe('0.5');
});

test.each([NaN, Infinity, 2 ** 60, undefined, null, {}])('%s is not a parameter', (value) => {
  expect(() => paramText(value)).toThrow(TypeError);
});
