/** A reply of RESP2 (redis.io, "Redis serialization protocol"). */
export type Reply = string | number | null | ReplyError | readonly Reply[];

/** What the server answers with `-`: its first word is the kind of error. */
export class ReplyError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export class NotResp extends Error {}

const depthMax = 8;
const endOfLine = '\r\n';

/** The reply that begins at `at`, and where it ends; nothing as long as a part of it is missing. */
export function parseReply(bytes: Buffer, at = 0, depth = 0): { readonly reply: Reply; readonly end: number } | undefined {
  const lineEnd = bytes.indexOf(endOfLine, at);
  if (bytes.length > at && !'+-:$*'.includes(String.fromCharCode(bytes[at] ?? 0))) throw new NotResp('not a reply of RESP');
  if (lineEnd === -1) return undefined;
  const line = bytes.toString('utf8', at + 1, lineEnd);
  const next = lineEnd + endOfLine.length;
  switch (String.fromCharCode(bytes[at] ?? 0)) {
    case '+':
      return { reply: line, end: next };
    case '-':
      return { reply: new ReplyError(line), end: next };
    case ':':
      return { reply: integer(line), end: next };
    case '$': {
      const length = integer(line);
      if (length === -1) return { reply: null, end: next };
      const end = next + length + endOfLine.length;
      return bytes.length < end ? undefined : { reply: bytes.toString('utf8', next, next + length), end };
    }
    default:
      return parseArray(bytes, next, integer(line), depth + 1);
  }
}

function parseArray(bytes: Buffer, at: number, length: number, depth: number): ReturnType<typeof parseReply> {
  if (length === -1) return { reply: null, end: at };
  if (depth > depthMax) throw new NotResp('a reply is nested too deep');
  const items: Reply[] = [];
  let end = at;
  while (items.length < length) {
    const item = parseReply(bytes, end, depth);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: items, end };
}

function integer(line: string): number {
  if (!/^-?\d{1,19}$/.test(line)) throw new NotResp('not a reply of RESP');
  return Number(line);
}

export function toCommand(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}${endOfLine}${word}${endOfLine}`);
  return `*${words.length}${endOfLine}${parts.join('')}`;
}
