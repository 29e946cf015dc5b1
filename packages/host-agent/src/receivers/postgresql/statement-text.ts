/**
 * pg_stat_statements replaces the constants of what is planned (SELECT, INSERT, ...) by `$1`. Before PostgreSQL 16 it keeps all others as
 * they were written, `ALTER ROLE ... PASSWORD 'secret'` for one: of those no more than the first two words are sent.
 */
const planned = new Set(['select', 'insert', 'update', 'delete', 'merge', 'with', 'values', 'table']);
const textMax = 4096;

export function statementText(query: string): string {
  const text = query.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/, '').trimEnd();
  const [first = '', second] = text.split(/\s+/, 2);
  if (planned.has(first.toLowerCase())) return query.trim().slice(0, textMax);
  const words = [first, second].filter((word): word is string => word !== undefined && /^[A-Za-z]{1,40}$/.test(word));
  return words.length > 0 ? words.join(' ').toUpperCase() : 'OTHER';
}
