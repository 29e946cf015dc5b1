import { expect, test } from 'vitest';
import { inkOn } from './ink.ts';

test('text stands dark on what is light and light on what is dark', () => {
  expect(inkOn('#e3a857')).toBe('#0c1116');
  expect(inkOn('#5b61c9')).toBe('#ffffff');
  expect(inkOn('#ffffff')).toBe('#0c1116');
  expect(inkOn('#000000')).toBe('#ffffff');
});
