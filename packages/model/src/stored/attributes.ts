/**
 * What the columns `attributes` and `attribute_types` hold, as JSON-able values again: strings, booleans and doubles as themselves;
 * integers as numbers, beyond 2^53 as strings of their digits; bytes as base64; arrays and kvlists as JSON values; NaN and the
 * infinities as strings of their names; empty as null. Of a duplicate key the last value counts. Any key is safe, `__proto__` too.
 *
 * @param keys and `values`: the map's columns, in one order
 * @param types one letter for each value, as value-text.ts writes them; a value without a letter is a string
 */
export function attributesFromText(keys: readonly string[], values: readonly string[], types: string): Record<string, unknown> {
  return Object.fromEntries(keys.map((key, i) => [key, valueFromText(values[i] ?? '', types[i] ?? 's')]));
}

/** One value from its text and its letter: an attribute's, or a log body's. */
export function valueFromText(text: string, type: string): unknown {
  switch (type) {
    case 'i':
      return integer(text);
    case 'd':
      return double(text);
    case 'b':
      return text === 'true';
    case 'j':
      return JSON.parse(quoteLargeIntegers(text));
    case 'e':
      return null;
    default:
      return text;
  }
}

function integer(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

function double(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** JSON text in which every integer beyond 2^53 stands in quotes. Strings and numbers are matched whole, so that no part of one is. */
function quoteLargeIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}
