/**
 * Query parameters for the embedded engine. chDB's own binding takes one statement at a time in the whole process, so that a slow
 * question would hold up all others; instead each value becomes a parameter of the reader's session (`SET param_name = '...'`),
 * and reaches the question as `{name:Type}` like everywhere else.
 *
 * The literal is safe by construction: of ASCII only letters, digits, space and underscore stand in it as themselves, every other
 * byte is written as `\xHH`, so that no value can hold a quote, a backslash or a semicolon.
 */

/** The value as ClickHouse reads a parameter: TabSeparated escaping for a scalar, `['a', 'b']` for an array. */
export function paramText(value: unknown): string {
  if (typeof value === 'string') return escapeText(value);
  if (Array.isArray(value)) return escapeArray(value);
  return scalarText(value);
}

export function paramLiteral(value: unknown): string {
  return `'${paramText(value).replace(/[^A-Za-z0-9 _\u0080-\uFFFF]/g, hexEscape)}'`;
}

function scalarText(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) {
    return String(value);
  }
  throw new TypeError(`Not a query parameter: ${String(value)}`);
}

/** Each element in quotes where it is text; the array as a whole is not escaped again: its type's own reader undoes this. */
function escapeArray(values: readonly unknown[]): string {
  return `[${values.map((v) => (typeof v === 'string' ? `'${escapeText(v).replaceAll("'", "\\'")}'` : scalarText(v))).join(',')}]`;
}

function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\0', '\\0')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r');
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
