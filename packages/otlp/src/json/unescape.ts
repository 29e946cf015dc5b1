import type { ByteBuffer } from '../native/byte-buffer.ts';
import { MalformedError } from '../protobuf/reader.ts';

const simpleEscapes: Readonly<Record<string, number>> = { '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 };

const replacementCharacter = 0xfffd;

/** The text of a JSON string with its escapes resolved, as UTF-8; a lone surrogate becomes U+FFFD. */
export function unescape(view: DataView, start: number, end: number, out: ByteBuffer): void {
  let copied = start;
  let at = start;
  while (at < end) {
    if (view.getUint8(at) !== 0x5c) {
      at++;
      continue;
    }
    out.copy(view, copied, at);
    const letter = String.fromCharCode(view.getUint8(at + 1));
    if (letter === 'u') at = codePoint(view, at, end, out);
    else {
      const byte = simpleEscapes[letter];
      if (byte === undefined) throw new MalformedError(`an escape that JSON does not have, at byte ${at}`);
      out.byte(byte);
      at += 2;
    }
    copied = at;
  }
  out.copy(view, copied, end);
}

/** One `\uXXXX`, or two that make a pair; answers where they end. */
function codePoint(view: DataView, at: number, end: number, out: ByteBuffer): number {
  const first = codeUnit(view, at, end);
  if (first < 0xd800 || first > 0xdfff) {
    utf8(first, out);
    return at + 6;
  }
  const paired = first < 0xdc00 && at + 8 <= end && view.getUint16(at + 6) === 0x5c75;
  const second = paired ? codeUnit(view, at + 6, end) : 0;
  if (second < 0xdc00 || second > 0xdfff) {
    utf8(replacementCharacter, out);
    return at + 6;
  }
  utf8(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), out);
  return at + 12;
}

function codeUnit(view: DataView, at: number, end: number): number {
  let unit = 0;
  for (let i = at + 2; i < at + 6; i++) {
    const digit = i < end ? hexDigit(view.getUint8(i)) : -1;
    if (digit < 0) throw new MalformedError(`\\u without four hex digits, at byte ${at}`);
    unit = (unit << 4) | digit;
  }
  return unit;
}

const hexDigits = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
  return byte < 0x80 ? digit : -1;
});

/** The value of a hex digit in any case; -1 for any other byte. */
export function hexDigit(byte: number): number {
  return hexDigits[byte] ?? -1;
}

function utf8(code: number, out: ByteBuffer): void {
  if (code < 0x80) return out.byte(code);
  if (code < 0x800) out.byte(0xc0 | (code >> 6));
  else {
    if (code < 0x10000) out.byte(0xe0 | (code >> 12));
    else {
      out.byte(0xf0 | (code >> 18));
      out.byte(0x80 | ((code >> 12) & 0x3f));
    }
    out.byte(0x80 | ((code >> 6) & 0x3f));
  }
  out.byte(0x80 | (code & 0x3f));
}
