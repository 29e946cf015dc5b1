import { expect, test } from 'vitest';
import { canFill, fillSentence, sentenceText } from './sentence.ts';

test('what is filled in stays apart from the words around it', () => {
  expect(fillSentence('{name} 上的语句 {statement}', { name: 'db', statement: 'SELECT {now}' })).toEqual([
    { text: 'db', of: 'name' },
    { text: ' 上的语句 ' },
    { text: 'SELECT {now}', of: 'statement' },
  ]);
});

test('what is not known is a dash, and can be asked for before', () => {
  expect(sentenceText('{now} was {baseline}', { now: '8 ms' })).toBe('8 ms was –');
  expect(canFill('{now} was {baseline}', { now: '8 ms' })).toBe(false);
  expect(canFill('{now}', { now: '8 ms' })).toBe(true);
});
