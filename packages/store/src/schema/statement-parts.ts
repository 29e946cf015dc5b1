/** Where a statement's parts begin and end: commas and words inside parentheses, quotes and backticks are none of its own. */

/** The positions of a text that lie outside of quotes and of parentheses. */
function* atTop(sql: string, from = 0): Generator<number> {
  let depth = 0;
  for (let i = from; i < sql.length; i++) {
    const character = sql[i] ?? '';
    if (`'"\``.includes(character)) i = closingQuote(sql, i);
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (depth === 0) yield i;
  }
}

/** A quote is doubled or follows a backslash where it stands for itself. */
function closingQuote(sql: string, open: number): number {
  const quote = sql[open];
  for (let i = open + 1; i < sql.length; i++) {
    if (sql[i] === '\\') i++;
    else if (sql[i] === quote) {
      if (sql[i + 1] !== quote) return i;
      i++;
    }
  }
  throw new Error(`A quote is not closed: ${sql.slice(open, open + 40)}`);
}

/** Of the parenthesis at `open`. */
export function closingParenthesis(sql: string, open: number): number {
  let depth = 0;
  for (let i = open; i < sql.length; i++) {
    const character = sql[i] ?? '';
    if (`'"\``.includes(character)) i = closingQuote(sql, i);
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return i;
  }
  throw new Error(`A parenthesis is not closed: ${sql.slice(open, open + 40)}`);
}

export function splitAtCommas(sql: string): string[] {
  const commas = [...atTop(sql)].filter((i) => sql[i] === ',');
  return [-1, ...commas].map((comma, i) => sql.slice(comma + 1, commas[i] ?? sql.length).trim());
}

export interface Column {
  readonly name: string;
  readonly type: string;
  /** What the engine makes of other columns: an insert does not bring it. */
  readonly derived: boolean;
}

/** Of one part of a table's definition; nothing where it is no column. */
export function definition(part: string): Column | undefined {
  const [, name, rest = ''] = /^(\w+)\s+([^]+)$/.exec(part) ?? [];
  if (name === undefined || ['INDEX', 'PROJECTION', 'CONSTRAINT'].includes(name)) return undefined;
  const words = wordsAtTop(rest);
  const end = words.find(({ word }) =>
    ['MATERIALIZED', 'ALIAS', 'DEFAULT', 'EPHEMERAL', 'CODEC', 'COMMENT', 'TTL'].includes(word),
  );
  const derived = words.some(({ word }) => word === 'MATERIALIZED' || word === 'ALIAS');
  return { name, type: rest.slice(0, end?.at).trim(), derived };
}

export function isPlain(column: Column | undefined): boolean {
  return column !== undefined && !column.derived;
}

const clauses = ['PARTITION BY', 'PRIMARY KEY', 'ORDER BY', 'SAMPLE BY', 'TTL', 'SETTINGS', 'COMMENT'] as const;
type Clause = (typeof clauses)[number];

/** What stands in each clause after the engine of a table. */
export function tailClauses(sql: string): Readonly<Partial<Record<Clause, string>>> {
  const places = wordsAtTop(sql).flatMap(({ at }) => {
    const clause = clauses.find((one) => sql.startsWith(one, at) && !/\w/.test(sql[at + one.length] ?? ''));
    return clause === undefined ? [] : [{ at, clause }];
  });
  return Object.fromEntries(
    places.map(({ at, clause }, i) => [clause, sql.slice(at + clause.length, places[i + 1]?.at).trim()]),
  );
}

function wordsAtTop(sql: string): { readonly at: number; readonly word: string }[] {
  const top = new Set(atTop(sql));
  return [...sql.matchAll(/\w+/g)].filter(({ index }) => top.has(index)).map(({ index, 0: word }) => ({ at: index, word }));
}
