import { summarizeSql } from './sql-summary.ts';
import { type SqlDialect, type SqlToken, sqlTokens } from './sql-tokens.ts';

export interface SqlDescription {
  /** db.query.text: as sent where it has placeholders, else with every literal replaced by `?`. */
  readonly text: string;
  /** db.operation.name: the first verb, in capitals. */
  readonly operation: string | undefined;
  /** db.query.summary: the verbs and the tables that they are about, in order. */
  readonly summary: string | undefined;
}

const textMax = 32_768;
const known = new Map<string, SqlDescription>();
const knownMax = 1000;
const knownTextMax = 4096;

/**
 * What a span says of a statement. Semantic conventions "Database": text without parameters is sent without its literals, text with
 * parameters as it is; the summary has low cardinality and names the span.
 */
export function describeSql(text: string, dialect: SqlDialect): SqlDescription {
  const key = `${dialect} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const looked = text.length > textMax ? text.slice(0, textMax) : text;
  const tokens = [...sqlTokens(looked, dialect)];
  const description = { text: withoutLiterals(looked, tokens), ...summarizeSql(looked, tokens) };
  // An application has few statements, or it writes its literals into them: then the oldest goes.
  if (text.length <= knownTextMax) {
    if (known.size >= knownMax) known.delete(known.keys().next().value ?? '');
    known.set(key, description);
  }
  return description;
}

function withoutLiterals(text: string, tokens: readonly SqlToken[]): string {
  if (tokens.some(({ kind }) => kind === 'placeholder')) return text;
  let masked = '';
  let copied = 0;
  for (const { kind, start, end } of tokens) {
    if (kind !== 'string' && kind !== 'number') continue;
    masked += `${text.slice(copied, start)}?`;
    copied = end;
  }
  return masked + text.slice(copied);
}
