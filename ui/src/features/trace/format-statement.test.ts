import { expect, test } from 'vitest';
import { formatStatement } from './format-statement.ts';

test('one clause a line, blanks collapsed', () => {
  expect(formatStatement('UPDATE orders\n    SET status = ?   WHERE user_id = ?')).toBe(
    'UPDATE orders\nSET status = ?\nWHERE user_id = ?',
  );
  expect(formatStatement('SELECT a FROM t LEFT  JOIN u ON t.x = u.x ORDER\tBY a LIMIT 5')).toBe(
    'SELECT a\nFROM t\nLEFT JOIN u ON t.x = u.x\nORDER BY a\nLIMIT 5',
  );
});

test('what is quoted or in parentheses stays on its line, and nothing is lost', () => {
  expect(formatStatement(`SELECT 'a   FROM b' FROM t WHERE x IN (SELECT y FROM z)`)).toBe(
    `SELECT 'a   FROM b'\nFROM t\nWHERE x IN (SELECT y FROM z)`,
  );
  for (const text of ["SELECT 'open", 'GET stock:?', '{"find":"orders"}', '日本 <script>', "it's", '']) {
    expect(formatStatement(text).replace(/\s+/g, ' ')).toBe(text);
  }
});
