import { expect, test } from 'vitest';
import { statementText } from './statement-text.ts';

test.each([
  ['SELECT * FROM item WHERE id = $1', 'SELECT * FROM item WHERE id = $1'],
  ['/* shop */ select 1', '/* shop */ select 1'],
  ['(SELECT $1) UNION (SELECT $2)', '(SELECT $1) UNION (SELECT $2)'],
  ["ALTER ROLE shop PASSWORD 'secret'", 'ALTER ROLE'],
  ["DECLARE c CURSOR FOR SELECT 'secret'", 'DECLARE C'],
  ["-- a\n/* b */ CALL pay('4711')", 'CALL'],
  ["DO $$ BEGIN PERFORM 'secret'; END $$", 'DO'],
  ['<insufficient privilege>', 'OTHER'],
])('%s', (query, text) => expect(statementText(query)).toBe(text));
