import { expect, test } from 'vitest';
import { NameLimit, otherName } from './name-limit.ts';

test('keeps the names of each service that come first, and knows them again, for a day', () => {
  const limit = new NameLimit(2);
  limit.startDay(7);
  const names = ['a', 'b', 'c', 'a', 'd'].map((name) => limit.nameFor('shop', name));
  expect(names).toEqual(['a', 'b', otherName, 'a', otherName]);
  expect(limit.nameFor('cart', 'c')).toBe('c');
  limit.startDay(7);
  expect(limit.nameFor('shop', 'c')).toBe(otherName);
  limit.startDay(8);
  expect(limit.nameFor('shop', 'c')).toBe('c');
});
