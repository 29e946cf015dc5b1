import { MalformedError } from '../protobuf/reader.ts';

export const ascii = {
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  point: 0x2e,
  slash: 0x2f,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

const isDigit = (byte: number): boolean => byte >= ascii.zero && byte <= ascii.nine;

/** A cursor over the bytes of a JSON text (RFC 8259), token by token. It makes no objects and no strings. */
export class JsonScanner {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  pos = 0;
  /** Where the string or number read last starts and ends: for a string what lies between its quotes. */
  start = 0;
  end = 0;
  /** Whether the string read last has escapes. */
  escaped = false;

  constructor(bytes: Uint8Array) {
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The first byte of the next token; 0 at the end of the text. */
  peek(): number {
    const { bytes } = this;
    let { pos } = this;
    let byte = bytes[pos] ?? 0;
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++pos] ?? 0;
    this.pos = pos;
    return byte;
  }

  expect(token: number): void {
    if (this.peek() !== token) this.fail(`expected ${String.fromCharCode(token)}`);
    this.pos++;
  }

  /** The next token, where it is this one. */
  accept(token: number): boolean {
    if (this.peek() !== token) return false;
    this.pos++;
    return true;
  }

  string(): void {
    this.expect(ascii.quote);
    const { bytes } = this;
    let { pos } = this;
    this.start = pos;
    this.escaped = false;
    for (;;) {
      const byte = bytes[pos] ?? 0;
      if (byte === ascii.quote) break;
      if (byte < 0x20) this.failAt(pos, 'a control character or the end of the text inside a string');
      if (byte === ascii.backslash) {
        this.escaped = true;
        pos++;
      }
      pos++;
    }
    this.end = pos;
    this.pos = pos + 1;
  }

  number(): void {
    this.peek();
    const { bytes } = this;
    const start = this.pos;
    let pos = start;
    if (bytes[pos] === ascii.minus) pos++;
    const digits = pos;
    pos = this.#digits(pos);
    if (bytes[digits] === ascii.zero && pos > digits + 1) this.failAt(digits, 'a number that starts with 0');
    if (bytes[pos] === ascii.point) pos = this.#digits(pos + 1);
    if ((bytes[pos] ?? 0) === 0x65 || bytes[pos] === 0x45) {
      pos++;
      if (bytes[pos] === ascii.plus || bytes[pos] === ascii.minus) pos++;
      pos = this.#digits(pos);
    }
    this.start = start;
    this.end = pos;
    this.pos = pos;
  }

  #digits(from: number): number {
    let pos = from;
    while (isDigit(this.bytes[pos] ?? 0)) pos++;
    if (pos === from) this.failAt(pos, 'expected a digit');
    return pos;
  }

  /** `true`, `false` or `null`. */
  keyword(word: string): void {
    this.peek();
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.pos + i] !== word.charCodeAt(i)) this.fail('expected a value');
    }
    this.pos += word.length;
  }

  acceptNull(): boolean {
    if (this.peek() !== 0x6e) return false;
    this.keyword('null');
    return true;
  }

  /** Goes behind a value that nobody reads, whatever its depth: the open brackets are a list, not the call stack. */
  skipValue(): void {
    const open: number[] = [];
    do {
      const byte = this.peek();
      if (byte === ascii.openBrace || byte === ascii.openBracket) {
        this.pos++;
        const closing = byte + 2;
        if (this.accept(closing)) this.#closeSkipped(open);
        else {
          open.push(closing);
          if (closing === ascii.closeBrace) this.#skipKey();
        }
        continue;
      }
      this.#skipScalar(byte);
      this.#closeSkipped(open);
    } while (open.length > 0);
  }

  /** Behind a value inside of skipped brackets: goes to the next value, or out of the brackets that end here. */
  #closeSkipped(open: number[]): void {
    while (open.length > 0) {
      const closing = open[open.length - 1] ?? 0;
      if (this.accept(ascii.comma)) {
        if (closing === ascii.closeBrace) this.#skipKey();
        return;
      }
      this.expect(closing);
      open.pop();
    }
  }

  #skipKey(): void {
    this.string();
    this.expect(ascii.colon);
  }

  #skipScalar(byte: number): void {
    if (byte === ascii.quote) this.string();
    else if (byte === 0x74) this.keyword('true');
    else if (byte === 0x66) this.keyword('false');
    else if (byte === 0x6e) this.keyword('null');
    else this.number();
  }

  /** The token read last as a JS string, a character a byte. */
  text(): string {
    return Buffer.from(this.bytes.subarray(this.start, this.end)).toString('latin1');
  }

  fail(what: string): never {
    return this.failAt(this.pos, what);
  }

  failAt(pos: number, what: string): never {
    throw new MalformedError(`${what}, at byte ${pos}`);
  }
}
