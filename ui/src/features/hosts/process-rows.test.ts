import { expect, test } from 'vitest';
import { containerText, diskBytesPerSecond, limitShare } from './process-rows.ts';

test('a container is known by twelve digits of its id', () => {
  expect(['', 'a1'.repeat(32), 'my-container'].map(containerText)).toEqual(['–', 'a1a1a1a1a1a1', 'my-container']);
});

test('what is not known is no zero', () => {
  expect(diskBytesPerSecond({ readBytesPerSecond: null, writeBytesPerSecond: null })).toBeNull();
  expect(diskBytesPerSecond({ readBytesPerSecond: null, writeBytesPerSecond: 5 })).toBe(5);
  expect([limitShare(1, null), limitShare(null, 2), limitShare(1, 0), limitShare(1, 4)]).toEqual([null, null, null, 0.25]);
});
