import { type SqlToken } from './sql-tokens.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const verbs = words(
  'SELECT INSERT UPDATE DELETE MERGE REPLACE TRUNCATE CREATE ALTER DROP BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE SET SHOW CALL COPY ' +
    'LOCK EXPLAIN VACUUM ANALYZE LISTEN NOTIFY DECLARE FETCH CLOSE PREPARE EXECUTE DEALLOCATE GRANT REVOKE USE DESCRIBE LOAD WITH VALUES',
);
/** Verbs that may also stand inside a statement: `WITH a AS (SELECT …) INSERT …`. All others count only as the first word. */
const innerVerbs = words('SELECT INSERT UPDATE DELETE MERGE');
const beforeTable = words('FROM JOIN INTO UPDATE TABLE');
/** Between those and the name: `DROP TABLE IF EXISTS x`, `FROM ONLY x`, `COPY x FROM STDIN`. */
const passedOver = words('IF NOT EXISTS ONLY LATERAL IGNORE LOW_PRIORITY HIGH_PRIORITY STDIN');
/** `FOR UPDATE`, `ON DELETE CASCADE`, `DO UPDATE SET`, `ON DUPLICATE KEY UPDATE`, `IS DISTINCT FROM`: neither verb nor clause. */
const otherMeaningAfter = words('FOR KEY DO ON DISTINCT BEFORE AFTER OR');
const endOfFromList = words('WHERE GROUP ORDER HAVING LIMIT SET ON UNION WINDOW RETURNING VALUES SELECT');
/** A parenthesis after any other word is a function's: the FROM in `extract(year FROM at)` names no table. */
const beforeSubquery = words(
  'FROM JOIN IN EXISTS AS ANY ALL SOME NOT AND OR WHERE UNION EXCEPT INTERSECT ON SELECT LATERAL MATERIALIZED INTO VALUES RETURNING THEN ELSE WHEN EXPLAIN',
);

const summaryMax = 255;

/**
 * `INSERT orders SELECT carts`: db.query.summary as the semantic conventions describe it, and the first verb. A reading of the surface,
 * not a parse: what it cannot read it leaves out.
 */
export function summarizeSql(
  text: string,
  tokens: readonly SqlToken[],
): { readonly operation: string | undefined; readonly summary: string | undefined } {
  const parts: string[] = [];
  let operation: string | undefined;
  let previous = '';
  let tableNext = false;
  let afterTable = false;
  let inFromList = false;
  /** Of each open parenthesis: does it hold a function's arguments? */
  const open: boolean[] = [];

  for (const { kind, start, end } of tokens) {
    const token = kind === 'word' ? text.slice(start, end).toUpperCase() : text.slice(start, end);
    const isName = kind === 'identifier' || (kind === 'word' && !passedOver.has(token) && !verbs.has(token));
    const inFunction = open.at(-1) === true;
    let isTable = false;

    if (token === '(' && kind === 'punctuation') {
      open.push(/^\w/.test(previous) && !beforeSubquery.has(previous));
      tableNext = false;
    } else if (token === ')' && kind === 'punctuation') {
      open.pop();
    } else if (token === ',' && kind === 'punctuation') {
      tableNext = inFromList && !inFunction;
    } else if (token === '.' && kind === 'punctuation') {
      tableNext = afterTable;
    } else if (tableNext && isName) {
      const name = text.slice(start, end);
      // `schema.table` is one name.
      if (previous === '.') parts.push(`${parts.pop() ?? ''}.${name}`);
      else parts.push(name);
      tableNext = false;
      isTable = true;
    } else if (kind === 'word' && !passedOver.has(token)) {
      const otherMeaning = otherMeaningAfter.has(previous);
      if (operation === undefined ? verbs.has(token) : innerVerbs.has(token) && !otherMeaning) {
        operation ??= token;
        parts.push(token);
      }
      tableNext = beforeTable.has(token) && !inFunction && !otherMeaning;
      if (tableNext) inFromList = token === 'FROM';
      else if (endOfFromList.has(token)) inFromList = false;
    }
    afterTable = isTable;
    previous = token;
  }
  return { operation, summary: joinUpTo(parts, summaryMax) };
}

function joinUpTo(parts: readonly string[], lengthMax: number): string | undefined {
  let joined = '';
  for (const part of parts) {
    if (joined.length + part.length + 1 > lengthMax) break;
    joined += joined === '' ? part : ` ${part}`;
  }
  return joined === '' ? undefined : joined;
}
