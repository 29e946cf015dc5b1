import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeSql } from './sql-text.ts';
import { sqlTokens } from './sql-tokens.ts';

describe('literals of a statement without placeholders are not sent', () => {
  test.each([
    ["SELECT * FROM users WHERE mail = 'a@b.c' AND age > 42", 'SELECT * FROM users WHERE mail = ? AND age > ?'],
    ["SELECT 'it''s', E'a\\'b', $tag$ se'cret $tag$, X'ff', 1.5e-3", 'SELECT ?, ?, ?, ?, ?'],
    ['SELECT "Mixed"."col1" FROM "Mixed"', 'SELECT "Mixed"."col1" FROM "Mixed"'],
    ["SELECT 'never closed", 'SELECT ?'],
    [
      "SELECT a -- 'not a string\n FROM t2 /* 'nor /* this */ ' */ WHERE b = 'x'",
      "SELECT a -- 'not a string\n FROM t2 /* 'nor /* this */ ' */ WHERE b = ?",
    ],
  ])('postgresql: %s', (sent, expected) => {
    expect(describeSql(sent, 'postgresql').text).toBe(expected);
  });

  test.each([
    ['SELECT * FROM users WHERE mail = "a@b.c" AND age > 42', 'SELECT * FROM users WHERE mail = ? AND age > ?'],
    ["SELECT 'it\\'s', \"a\\\"b\", _utf8'x', 0xff FROM `t 1` # 'c\n", "SELECT ?, ?, ?, ? FROM `t 1` # 'c\n"],
  ])('mysql: %s', (sent, expected) => {
    expect(describeSql(sent, 'mysql').text).toBe(expected);
  });
});

test.each([
  ['SELECT * FROM orders WHERE id = $1 LIMIT 10', 'postgresql'],
  ["SELECT * FROM orders WHERE id = ? AND state = 'open'", 'mysql'],
] as const)('a statement with placeholders is sent as it is: %s', (sent, dialect) => {
  expect(describeSql(sent, dialect).text).toBe(sent);
});

test.each([
  ['select * from orders o, shop.items i where o.id = i.order_id', 'SELECT', 'SELECT orders shop.items'],
  ['SELECT a FROM "Order Lines" l JOIN LATERAL (SELECT 1 FROM parts) p ON true', 'SELECT', 'SELECT "Order Lines" SELECT parts'],
  [
    'INSERT INTO orders (a, b) SELECT x, y FROM carts ON CONFLICT (a) DO UPDATE SET b = 1',
    'INSERT',
    'INSERT orders SELECT carts',
  ],
  ['UPDATE stock SET n = n - 1 WHERE id IN (SELECT id FROM reserved FOR UPDATE)', 'UPDATE', 'UPDATE stock SELECT reserved'],
  ['DELETE FROM ONLY sessions', 'DELETE', 'DELETE sessions'],
  ['SELECT extract(year FROM placed_at), trim(both FROM name) FROM orders', 'SELECT', 'SELECT orders'],
  ['SELECT 1 WHERE a IS DISTINCT FROM b', 'SELECT', 'SELECT'],
  ['WITH late AS (SELECT * FROM orders) DELETE FROM late', 'WITH', 'WITH SELECT orders DELETE late'],
  ['CREATE TABLE IF NOT EXISTS orders (id int, n int)', 'CREATE', 'CREATE orders'],
  ['  /* hi */ BEGIN', 'BEGIN', 'BEGIN'],
  ['COPY orders FROM STDIN', 'COPY', 'COPY'],
  ['', undefined, undefined],
  [';;; (((', undefined, undefined],
])('summary of: %s', (sent, operation, summary) => {
  expect(describeSql(sent, 'postgresql')).toMatchObject({ operation, summary });
});

test('any text: tokens are in order within it, no string survives, nothing throws', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "'",
      '"',
      '`',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\\',
      '$1',
      '?',
      '(',
      ')',
      '\n',
      ' FROM ',
      'E',
      'x1',
      '12',
      '#',
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.constantFrom('postgresql' as const, 'mysql' as const),
      (pieces, dialect) => {
        const text = pieces.join('');
        let last = 0;
        for (const { start, end } of sqlTokens(text, dialect)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = end;
        }
        describeSql(text, dialect);
      },
    ),
  );
});

test('a secret between quotes never leaves, whatever stands around it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('postgresql' as const, 'mysql' as const),
      fc.stringMatching(/^[A-Za-z ,=()]{0,20}$/),
      (dialect, around) => {
        expect(describeSql(`SELECT ${around} 'hunter2' ${around}`, dialect).text).not.toContain('hunter2');
      },
    ),
  );
});

test('a long statement is read in linear time', () => {
  const started = performance.now();
  describeSql(`SELECT ${"'".repeat(1_000_001)}${'/*'.repeat(500_000)}`, 'postgresql');
  expect(performance.now() - started).toBeLessThan(2000);
});
