import { expect, test } from 'vitest';
import { BadCursor, readCursor, writeCursor } from './cursor.ts';

test('a cursor reads back', () => {
  const cursor = { sort: 'time', place: -(2n ** 62n), traceId: 'ab'.repeat(16) } as const;
  expect(readCursor(writeCursor(cursor), 'time')).toEqual(cursor);
});

test.each(['', 'x', 'dGltZSA1', Buffer.from(`time 12345678901234567890 ${'a'.repeat(32)}`).toString('base64url')])(
  '%j is refused',
  (text) => {
    expect(() => readCursor(text, 'time')).toThrow(BadCursor);
  },
);

test('so is one of another order', () => {
  const text = writeCursor({ sort: 'duration', place: 5n, traceId: 'ab'.repeat(16) });
  expect(() => readCursor(text, 'time')).toThrow('another order');
});
