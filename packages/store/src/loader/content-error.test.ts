import { expect, it } from 'vitest';
import { contentError } from './content-error.ts';

it('tells a refused content from a failure that may pass', () => {
  expect(contentError(new Error('Code: 117. DB::Exception: Unexpected data. (INCORRECT_DATA)'))).toEqual({
    name: 'INCORRECT_DATA',
    about: 'value',
  });
  expect(contentError(Object.assign(new Error('x'), { code: '469', type: 'VIOLATED_CONSTRAINT' }))).toEqual({
    name: 'VIOLATED_CONSTRAINT',
    about: 'value',
  });
  expect(contentError(Object.assign(new Error('x'), { code: '53', type: 'TYPE_MISMATCH' }))?.about).toBe('shape');
});

it.each([
  new Error('Code: 241. DB::Exception: (total) memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)'),
  new Error('Code: 159. DB::Exception: Timeout exceeded. (TIMEOUT_EXCEEDED)'),
  new Error('Code: 252. DB::Exception: Too many parts (3000). (TOO_MANY_PARTS)'),
  new Error('Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)'),
  new Error('Code: 242. DB::Exception: Table is in readonly mode. (TABLE_IS_READ_ONLY)'),
  new Error('Code: 60. DB::Exception: Table spans does not exist. (UNKNOWN_TABLE)'),
  new Error('Code: 210. DB::NetException: Connection refused. (NETWORK_ERROR)'),
  new Error(
    "Code: 395. DB::Exception: Value passed to 'throwIf': while pushing to view v. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)",
  ),
  Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
  Object.assign(new Error('no space left'), { code: 'ENOSPC' }),
  new Error('socket hang up'),
  'text',
])('%s is not the content', (error) => {
  expect(contentError(error)).toBeUndefined();
});
