export type SqlDialect = 'postgresql' | 'mysql';

export interface SqlToken {
  readonly kind: 'word' | 'identifier' | 'string' | 'number' | 'placeholder' | 'punctuation';
  readonly start: number;
  readonly end: number;
}

const space = /\s+/y;
const lineComment = /--[^\n]*/y;
const hashComment = /#[^\n]*/y;
const word = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const number = /(?:0[xX][0-9a-fA-F]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const quotedPlain = /'(?:[^']|'')*(?:'|$)/y;
const quotedEscaped = /'(?:[^'\\]|''|\\[^])*(?:'|$)/y;
const doubleQuoted = /"(?:[^"]|"")*(?:"|$)/y;
const doubleQuotedEscaped = /"(?:[^"\\]|""|\\[^])*(?:"|$)/y;
const backQuoted = /`(?:[^`]|``)*(?:`|$)/y;
const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const numberedPlaceholder = /\$\d+/y;

/**
 * The tokens of a statement, comments and white space left out. An open quote or comment reaches to the end. Linear in the length of
 * the text; never throws. Follows PostgreSQL 15 "Lexical Structure" and the MySQL 8 manual, chapter 11.1 and 11.7.
 */
export function* sqlTokens(text: string, dialect: SqlDialect): Generator<SqlToken> {
  const at = (pattern: RegExp, from: number): number | undefined => {
    pattern.lastIndex = from;
    return pattern.test(text) ? pattern.lastIndex : undefined;
  };
  const postgres = dialect === 'postgresql';

  for (let position = 0; position < text.length;) {
    const start = position;
    const skipped =
      at(space, start) ??
      at(lineComment, start) ??
      (postgres ? undefined : at(hashComment, start)) ??
      (text.startsWith('/*', start) ? endOfComment(text, start, postgres) : undefined);
    if (skipped !== undefined) {
      position = skipped;
      continue;
    }
    const [kind, end] = tokenAt(start);
    position = end;
    yield { kind, start, end };
  }

  function tokenAt(start: number): [SqlToken['kind'], number] {
    const character = text[start];
    if (character === "'") return ['string', at(postgres ? quotedPlain : quotedEscaped, start) ?? text.length];
    if (character === '"') {
      return postgres
        ? ['identifier', at(doubleQuoted, start) ?? text.length]
        : ['string', at(doubleQuotedEscaped, start) ?? text.length];
    }
    if (character === '`' && !postgres) return ['identifier', at(backQuoted, start) ?? text.length];
    if (character === '?' && !postgres) return ['placeholder', start + 1];
    if (character === '$' && postgres) {
      const placeholder = at(numberedPlaceholder, start);
      if (placeholder !== undefined) return ['placeholder', placeholder];
      const opened = at(dollarTag, start);
      if (opened !== undefined) {
        const closing = text.indexOf(text.slice(start, opened), opened);
        return ['string', closing < 0 ? text.length : closing + (opened - start)];
      }
    }
    const wordEnd = at(word, start);
    if (wordEnd !== undefined) {
      // E'…' has backslash escapes, B'…', X'…', N'…' and _utf8'…' do not differ from plain strings.
      if (text[wordEnd] === "'" && (wordEnd - start === 1 || character === '_')) {
        const escaped = !postgres || character === 'e' || character === 'E';
        return ['string', at(escaped ? quotedEscaped : quotedPlain, wordEnd) ?? text.length];
      }
      return ['word', wordEnd];
    }
    const numberEnd = at(number, start);
    if (numberEnd !== undefined) return ['number', numberEnd];
    return ['punctuation', start + 1];
  }
}

function endOfComment(text: string, start: number, nested: boolean): number {
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    if (text.startsWith('*/', position)) {
      position++;
      if (--depth === 0) return position + 1;
    } else if (text.startsWith('/*', position) && (nested || depth === 0)) {
      depth++;
      position++;
    }
  }
  return text.length;
}
