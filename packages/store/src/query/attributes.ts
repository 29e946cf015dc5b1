/** Attributes as the API gives them, from three columns: keys, values as text, and a letter for the kind of each value. */
export function attributesFromText(keys: readonly string[], values: readonly string[], types: string): Record<string, unknown> {
  // Object.fromEntries makes a property of `__proto__` like of any other key. Of a key that occurs twice the last value counts.
  return Object.fromEntries(keys.map((key, i) => [key, typed(values[i] ?? '', types[i] ?? 's')]));
}

function typed(text: string, type: string): unknown {
  switch (type) {
    case 'i':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case 'd':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'b':
      return text === 'true';
    case 'j':
      return JSON.parse(text);
    case 'e':
      return null;
    default:
      return text;
  }
}
