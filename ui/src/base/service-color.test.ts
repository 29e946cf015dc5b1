import { expect, test } from 'vitest';
import { assignColors, colorIndex } from './service-color.ts';

test('a name keeps its colour, and eight names drawn together have eight colours', () => {
  const names = ['gateway', 'orders', 'inventory', 'payment', 'postgresql shop', 'redis', 'rabbitmq', 'mailer'];
  expect(new Set(assignColors(names).values()).size).toBe(8);
  expect(assignColors(['gateway']).get('gateway')).toBe(colorIndex('gateway'));
  expect(assignColors([...names].toReversed())).toEqual(assignColors(names));
  expect(assignColors(['b'], new Map([['a', colorIndex('b')]])).get('b')).not.toBe(colorIndex('b'));
  expect(assignColors(['a'], new Map([['a', 3]])).get('a')).toBe(3);
  for (let index = 0; index < 100; index += 1) {
    expect(colorIndex(`service-${index}`)).toBeGreaterThanOrEqual(1);
    expect(colorIndex(`service-${index}`)).toBeLessThanOrEqual(8);
  }
});
