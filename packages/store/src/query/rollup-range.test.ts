import { expect, test } from 'vitest';
import { unionOf, withoutEmptyParts } from './rollup-parts.ts';
import { rollupRange } from './rollup-range.ts';

const at = (text: string) => Date.parse(`2026-03-${text}Z`);
const range = (from: string, to: string) => ({ fromMs: at(from), toMs: at(to) });
const longAfter = at('30T00:00');

const text = `SELECT sum(a) FROM (${unionOf([
  ['days', 'SELECT a FROM d'],
  ['hours', 'SELECT a FROM h'],
  ['minutes', 'SELECT a FROM m'],
])}) WHERE 1`;
const read = (from: string, to: string) => withoutEmptyParts(text, rollupRange(range(from, to), longAfter).params);

test.each([
  ['three hours of minutes', '10T10:20', '10T13:20', '10T10:20', '10T13:20', 'SELECT a FROM m'],
  [
    'less than a day, exact to the minute',
    '10T10:20:30',
    '11T10:19',
    '10T10:20',
    '11T10:19',
    'SELECT a FROM h\n    UNION ALL SELECT a FROM m',
  ],
  ['a day, of whole hours', '10T10:20', '11T10:20', '10T10:00', '11T11:00', 'SELECT a FROM h'],
  ['a month', '01T10:20', '29T10:20', '01T10:00', '29T11:00', 'SELECT a FROM d\n    UNION ALL SELECT a FROM h'],
  ['a month of whole days', '01T00:00', '29T00:00', '01T00:00', '29T00:00', 'SELECT a FROM d'],
  ['nothing', '10T10:20', '10T10:20', '10T10:20', '10T10:20', 'SELECT a FROM m'],
])('%s', (_, from, to, answeredFrom, answeredTo, sql) => {
  expect(rollupRange(range(from, to), longAfter).range).toEqual(range(answeredFrom, answeredTo));
  expect(read(from, to)).toBe(`SELECT sum(a) FROM (${sql}) WHERE 1`);
});

test('the hour that is not over is answered for until now', () => {
  const now = at('11T10:20:30');
  expect(rollupRange({ fromMs: at('10T10:20:30'), toMs: now }, now).range).toEqual(range('10T10:00', '11T10:21'));
  expect(rollupRange({ fromMs: at('10T10:20'), toMs: at('11T10:05') }, now).range).toEqual(range('10T10:20', '11T10:05'));
});

test('a part whose condition asks of rollups too', () => {
  const both = (inner: string) =>
    unionOf([
      ['hours', `SELECT a FROM h WHERE a IN (${inner})`],
      ['minutes', `SELECT a FROM m WHERE a IN (${inner})`],
    ]);
  const { params } = rollupRange(range('10T10:00', '11T10:00'), longAfter);
  expect(withoutEmptyParts(both(both('1')), params)).toBe('SELECT a FROM h WHERE a IN (SELECT a FROM h WHERE a IN (1))');
});
