import type { TextRange } from './search.ts';

export interface Token extends TextRange {
  /** `open`: a quote that nothing closes. */
  readonly kind: 'word' | 'quoted' | 'open' | 'operator' | '(' | ')' | ',';
  /** Without quotes and escapes. */
  readonly text: string;
}

/** Words that join or compare, in any case; as plain words they stand in quotes. */
export const keywords = ['and', 'or', 'not', 'in', 'exists'] as const;
export type Keyword = (typeof keywords)[number];

export function keywordOf(token: Token | undefined): Keyword | undefined {
  return token?.kind === 'word' ? keywords.find((keyword) => keyword === token.text.toLowerCase()) : undefined;
}

/** Sticky, so that each is matched where the last token ended. A quote within a word is part of it, as in `don't`. */
const space = /\s*/y;
const punctuation = /[(),]/y;
const operator = /!=|!~|>=|<=|=|>|<|~/y;
const quoted = /"(?:[^"\\]|\\[^])*("?)|'(?:[^'\\]|\\[^])*('?)/y;
const word = /(?:(?![!][=~])[^\s(),"=<>~])+/y;

/** Every text has tokens: what cannot be read on is one of kind `open`. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = start;
    return pattern.exec(text);
  };
  for (;;) {
    start += match(space)?.[0].length ?? 0;
    if (start === text.length) return tokens;
    const token = nextToken(match, start);
    tokens.push(token);
    start = token.end;
  }
}

function nextToken(match: (pattern: RegExp) => RegExpExecArray | null, start: number): Token {
  const at = (kind: Token['kind'], whole: string, text = whole): Token => ({ kind, text, start, end: start + whole.length });
  const [mark] = match(punctuation) ?? [];
  if (mark !== undefined) return at(mark as '(' | ')' | ',', mark);
  const [sign] = match(operator) ?? [];
  if (sign !== undefined) return at('operator', sign);
  const [quote, double, single] = match(quoted) ?? [];
  if (quote !== undefined) {
    const closed = (double ?? single) !== '';
    return at(closed ? 'quoted' : 'open', quote, unescape(quote.slice(1, closed ? -1 : undefined), quote.charAt(0)));
  }
  const [bare = ''] = match(word) ?? [];
  return at('word', bare);
}

/** A backslash stands for itself but before itself and the quote: a pattern may be written `"\d+"`. */
function unescape(text: string, quote: string): string {
  return text.replaceAll(/\\([^])/g, (both, next: string) => (next === quote || next === '\\' ? next : both));
}

/** The text as one token: bare where that reads back the same, otherwise in quotes. */
export function tokenText(text: string): string {
  const bare = /^[^\s(),"'=<>~!]+$/.test(text) && !(keywords as readonly string[]).includes(text.toLowerCase());
  return bare ? text : `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}
