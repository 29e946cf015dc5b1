/** `key=value,key=value`, values percent-encoded: resource attributes and headers in the environment (as W3C Baggage). */
export function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(equals, 0)).trim();
    if (key !== '') pairs[key] = percentDecode(pair.slice(equals + 1).trim());
  }
  return pairs;
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A stray percent sign: taken literally.
  }
}
