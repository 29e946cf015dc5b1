import { expect, test } from 'vitest';
import { statementLabel } from './statement-label.ts';

test.each([
  ['SELECT id::int AS id FROM orders WHERE lower(email) = lower($1) LIMIT ?', 'SELECT orders'],
  ['select * from "public"."orders" join items using (id)', 'SELECT public.orders'],
  ['INSERT INTO `orders` (id) VALUES (?)', 'INSERT orders'],
  ['  UPDATE stock SET left = left - ?', 'UPDATE stock'],
  ['UPDATE ONLY stock SET left = ?', 'UPDATE stock'],
  ['DELETE FROM [dbo].[carts]', 'DELETE dbo.carts'],
  ['SELECT extract(epoch FROM max(at)) FROM orders', 'SELECT orders'],
  ['SELECT n FROM (SELECT count(*) AS n FROM orders) AS counted', 'SELECT'],
  ['BEGIN', 'BEGIN'],
  ['SELECT ?', 'SELECT'],
  ['(SELECT ?)', ''],
  ['', ''],
])('%s', (text, label) => {
  expect(statementLabel(text)).toBe(label);
});
