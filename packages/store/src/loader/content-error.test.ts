import { expect, it } from 'vitest';
import { contentError } from './content-error.ts';

it('tells a refused content from a failure that may pass', () => {
  expect(contentError(new Error('Code: 117. DB::Exception: Unexpected data. (INCORRECT_DATA)'))).toBe('INCORRECT_DATA');
  expect(contentError(Object.assign(new Error('x'), { code: '53', type: 'TYPE_MISMATCH' }))).toBe('TYPE_MISMATCH');
  expect(
    contentError(new Error('Code: 241. DB::Exception: (total) memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)')),
  ).toBeUndefined();
  expect(contentError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBeUndefined();
  expect(contentError('text')).toBeUndefined();
});
