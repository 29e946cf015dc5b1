/** Begins a line of its own, outside of quotes and parentheses. */
const clause =
  /^(FROM|WHERE|SET|VALUES|GROUP BY|ORDER BY|HAVING|LIMIT|OFFSET|RETURNING|UNION(?: ALL)?|ON CONFLICT|ON DUPLICATE KEY|(?:LEFT |RIGHT |INNER |FULL |CROSS )?(?:OUTER )?JOIN)\b/i;
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\s+|[()]|[A-Za-z_][\w$]*|[^\s'"`()A-Za-z_]+|['"`]/g;

/** What stands before JOIN on its line. */
const joinKind = /\b(LEFT|RIGHT|INNER|FULL|CROSS|OUTER|NATURAL)$/i;

/** Runs of blanks to one, and one clause a line. What is quoted stays as it was sent. */
export function formatStatement(text: string): string {
  const trimmed = text.trim();
  let result = '';
  let depth = 0;
  for (const match of trimmed.matchAll(token)) {
    const [part] = match;
    if (part === '(') depth += 1;
    if (part === ')') depth = Math.max(0, depth - 1);
    if (/^\s/.test(part)) {
      const rest = trimmed.slice(match.index + part.length, match.index + part.length + 40).replace(/\s+/g, ' ');
      result += depth === 0 && clause.test(rest) && !joinKind.test(result) ? '\n' : ' ';
    } else {
      result += part;
    }
  }
  return result;
}
