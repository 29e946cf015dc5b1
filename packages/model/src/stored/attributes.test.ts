import { describe, expect, it } from 'vitest';
import { attributesFromText, valueFromText } from './attributes.ts';

describe('a stored value as a JSON value', () => {
  it.each([
    ['s', 'true', 'true'],
    ['s', '12', '12'],
    ['i', '9007199254740991', 9_007_199_254_740_991],
    ['i', '9007199254740993', '9007199254740993'],
    ['i', '-9223372036854775808', '-9223372036854775808'],
    ['d', '0.25', 0.25],
    ['d', '1e+21', 1e21],
    ['d', '-0', -0],
    ['d', 'NaN', 'NaN'],
    ['d', '-Infinity', '-Infinity'],
    ['b', 'true', true],
    ['b', 'false', false],
    ['x', 'AQID', 'AQID'],
    ['e', '', null],
    ['j', '["a",1,1.5,null,{"k":true}]', ['a', 1, 1.5, null, { k: true }]],
    [
      'j',
      '[9007199254740993,-9007199254740993,9007199254740991]',
      ['9007199254740993', '-9007199254740993', 9_007_199_254_740_991],
    ],
    ['j', '[0.12345678901234567890,18446744073709551616.0,1e300]', [Number('0.12345678901234567890'), 2 ** 64, 1e300]],
    ['j', '{"12345678901234567890":"a \\" 12345678901234567890"}', { '12345678901234567890': 'a " 12345678901234567890' }],
    ['j', '{"same":1,"same":2}', { same: 2 }],
  ])('%s %s', (type, text, value) => {
    expect(valueFromText(text, type)).toEqual(value);
  });

  it('of a duplicate key the last value counts, and no key is special', () => {
    const attributes = attributesFromText(['same', '__proto__', 'same', 'constructor', ''], ['1', 'x', '2', 'y', 'z'], 'isiss');
    expect(Object.entries(attributes)).toEqual([
      ['same', 2],
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['', 'z'],
    ]);
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
    expect(JSON.parse(JSON.stringify(attributes))).toEqual(attributes);
    expect(Object.hasOwn(attributesFromText(['k'], ['{"__proto__":1}'], 'j')['k'] ?? {}, '__proto__')).toBe(true);
  });
});
