import { expect, test } from 'vitest';
import { BadCursor, questionOf, readPlace, writePlace } from './cursor.ts';

const question = questionOf('traces by time', { service: 'cart', attribute: ['a=b'] });
const place = [String(-(2n ** 62n)), 'ab'.repeat(16)];

test('a cursor reads back', () => {
  expect(readPlace(writePlace(question, place), question, 2)).toEqual(place);
});

const written = (text: string) => Buffer.from(text).toString('base64url');

test.each([
  '',
  'x',
  written(question),
  written(`${question},5`),
  written(`${question},5,6,7`),
  written(`${question},5,${'g'.repeat(32)}`),
  written(`${question},${'a'.repeat(32)},5`),
  written(`${question},${'1'.repeat(21)},${'a'.repeat(32)}`),
  written(`${question},5'; DROP,${'a'.repeat(32)}`),
])('%j is refused', (text) => {
  expect(() => readPlace(text, question, 2)).toThrow(BadCursor);
});

test('so is one of another question', () => {
  for (const other of [
    questionOf('traces by duration', { service: 'cart', attribute: ['a=b'] }),
    questionOf('traces by time', { service: 'orders', attribute: ['a=b'] }),
    questionOf('traces by time', { service: 'cart', attribute: ['a=b'], host: 'h' }),
    questionOf('traces by time', {}),
  ]) {
    expect(() => readPlace(writePlace(question, place), other, 2)).toThrow('other filters or another order');
  }
});

test('the order of filters and what is absent make no other question', () => {
  expect(questionOf('traces by time', { host: undefined, attribute: ['a=b'], service: 'cart' })).toBe(question);
});
