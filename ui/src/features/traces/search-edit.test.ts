import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeCondition, toggleValue, valueCondition, wantedOf, withCondition, withoutCondition } from './search-edit.ts';

test('a value goes in, out and away again', () => {
  const once = toggleValue('', 'service.name', 'my shop', 'in');
  expect(once).toBe('service.name = "my shop"');
  expect(wantedOf(once, 'service.name', 'my shop')).toBe('in');
  const turned = toggleValue(once, 'service.name', 'my shop', 'out');
  expect(turned).toBe('service.name != "my shop"');
  expect(wantedOf(turned, 'service.name', 'my shop')).toBe('out');
  expect(toggleValue(turned, 'service.name', 'my shop', 'out')).toBe('');
});

test('what was written stays as it was written', () => {
  expect(withCondition('status=error   kind = server', 'a = b')).toBe('status=error   kind = server and a = b');
  expect(withCondition('a = b or c = d', 'e = f')).toBe('(a = b or c = d) and e = f');
  expect(withCondition('a = b and c = d', 'a = b')).toBe('a = b and c = d');
  expect(withCondition('status = nonsense', 'a = b')).toBe('a = b');
});

test('only a condition that must hold counts as a value asked for', () => {
  expect(wantedOf('a = b or c = d', 'a', 'b')).toBeUndefined();
  expect(wantedOf('c = d and a = b', 'a', 'b')).toBe('in');
  expect(withoutCondition('c = d and a = b and x', 'a = b')).toBe('c = d and x');
});

test('a bucket is a range', () => {
  expect(rangeCondition('size', 4, 8)).toBe('size >= 4 and size < 8');
  expect(rangeCondition('size', 4, null)).toBe('size >= 4');
});

test('any value can be asked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.constantFrom('in', 'out'), (value, wanted) => {
      const text = toggleValue('kind = server', 'user.id', value, wanted);
      expect(wantedOf(text, 'user.id', value)).toBe(wanted);
      expect(text).toContain(valueCondition('user.id', value, wanted));
    }),
  );
});
