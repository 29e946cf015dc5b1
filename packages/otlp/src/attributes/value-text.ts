import type { ByteBuffer } from '../native/byte-buffer.ts';
import { limits } from '../limits.ts';
import type { Reader } from '../protobuf/reader.ts';
import { KeyValue } from './key-value.ts';

/**
 * AnyValue as text and one letter for its kind:
 *
 * | letter | kind | text |
 * |---|---|---|
 * | `s` | string | itself |
 * | `i` | int | decimal digits, exact |
 * | `d` | double | the shortest digits that read back the same; `NaN`, `Infinity`, `-Infinity`, `-0` |
 * | `b` | bool | `true` or `false` |
 * | `x` | bytes | base64 |
 * | `j` | array or kvlist | JSON as a person would write it, for search and for the eye: `["a",1]`, `{"k":true}` |
 * | `e` | empty | nothing |
 *
 * Inside `j`: an int has no point and is exact at any size, a double has a point or an exponent, a kvlist keeps order and duplicate
 * keys, empty is `null`; bytes are a base64 string and a double that is not finite a string of its name, and these two cannot be told
 * from a string that was sent so.
 */
export const kinds = { string: 0x73, int: 0x69, double: 0x64, bool: 0x62, bytes: 0x78, json: 0x6a, empty: 0x65 } as const;
export type Kind = (typeof kinds)[keyof typeof kinds];

/** Instead of a kind: more than `limits.valueDepthMax` levels. */
export const tooDeep = 0;

/** The fields of AnyValue, a oneof: number << 3 | wire type. */
const anyValue = { string: 0x0a, bool: 0x10, int: 0x18, double: 0x21, array: 0x2a, kvlist: 0x32, bytes: 0x3a } as const;

const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);

export function doubleOf(low: number, high: number): number {
  doubleWords[0] = low;
  doubleWords[1] = high;
  return double[0] ?? 0;
}

/** The text of the AnyValue from `reader.pos` to `end`, at the end of `out`. Leaves the reader at `end`. */
export function writeValueText(reader: Reader, end: number, out: ByteBuffer): Kind | typeof tooDeep {
  return writeValue(reader, end, out, 0);
}

/** `level` is the number of arrays and kvlists around the value; inside of one the text is JSON. */
function writeValue(reader: Reader, end: number, out: ByteBuffer, level: number): Kind | typeof tooDeep {
  let field = 0;
  let start = 0;
  let stop = 0;
  let low = 0;
  let high = 0;
  while (reader.pos < end) {
    const tag = reader.tag();
    switch (tag) {
      case anyValue.string:
      case anyValue.array:
      case anyValue.kvlist:
      case anyValue.bytes:
        field = tag;
        stop = reader.delimited();
        start = reader.pos;
        reader.pos = stop;
        break;
      case anyValue.bool:
      case anyValue.int:
        field = tag;
        reader.varint64();
        ({ low, high } = reader);
        break;
      case anyValue.double:
        field = tag;
        reader.fixed64();
        ({ low, high } = reader);
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.finish(end);

  switch (field) {
    case anyValue.string:
      if (level === 0) out.copy(reader.view, start, stop);
      else writeJsonString(reader.view, start, stop, out);
      return kinds.string;
    case anyValue.bool:
      out.ascii((low | high) === 0 ? 'false' : 'true');
      return kinds.bool;
    case anyValue.int:
      writeInteger(low, high, out);
      return kinds.int;
    case anyValue.double:
      out.ascii(level === 0 ? doubleText(low, high) : doubleJson(low, high));
      return kinds.double;
    case anyValue.bytes: {
      const text = Buffer.from(reader.bytes.subarray(start, stop)).toString('base64');
      out.ascii(level === 0 ? text : `"${text}"`);
      return kinds.bytes;
    }
    case anyValue.array:
    case anyValue.kvlist: {
      if (level === limits.valueDepthMax) return tooDeep;
      reader.pos = start;
      const written = writeList(reader, stop, out, level + 1, field === anyValue.kvlist);
      reader.pos = end;
      return written ? kinds.json : tooDeep;
    }
    default:
      if (level > 0) out.ascii('null');
      return kinds.empty;
  }
}

/** An ArrayValue or a KeyValueList; both hold their elements in field 1. False: too deep. */
function writeList(reader: Reader, end: number, out: ByteBuffer, level: number, keyed: boolean): boolean {
  out.ascii(keyed ? '{' : '[');
  let first = true;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag !== 0x0a) {
      reader.skip(tag);
      continue;
    }
    const stop = reader.delimited();
    if (!first) out.ascii(',');
    first = false;
    if (!(keyed ? writePair(reader, stop, out, level) : writeValue(reader, stop, out, level) !== tooDeep)) return false;
  }
  reader.finish(end);
  out.ascii(keyed ? '}' : ']');
  return true;
}

/** A KeyValue inside a kvlist. False: too deep. */
function writePair(reader: Reader, end: number, out: ByteBuffer, level: number): boolean {
  const pair = new KeyValue();
  pair.read(reader, end);
  writeJsonString(reader.view, pair.keyStart, pair.keyEnd, out);
  out.ascii(':');
  const kind = writeValue(reader, pair.valueEnd, out, level);
  reader.pos = end;
  return kind !== tooDeep;
}

function writeJsonString(view: DataView, start: number, end: number, out: ByteBuffer): void {
  out.byte(0x22);
  let copied = start;
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) continue;
    out.copy(view, copied, at);
    copied = at + 1;
    out.ascii(byte === 0x22 || byte === 0x5c ? `\\${String.fromCharCode(byte)}` : `\\u00${byte.toString(16).padStart(2, '0')}`);
  }
  out.copy(view, copied, end);
  out.byte(0x22);
}

/** A signed 64-bit integer in decimal. */
function writeInteger(low: number, high: number, out: ByteBuffer): void {
  if (high === 0 && low < 0x7fffffff) return out.decimal(low);
  const upper = high | 0;
  const exact = upper >= -0x200000 && upper < 0x200000;
  out.ascii(String(exact ? upper * 0x1_0000_0000 + low : (BigInt(upper) << 32n) | BigInt(low)));
}

function doubleText(low: number, high: number): string {
  const value = doubleOf(low, high);
  return Object.is(value, -0) ? '-0' : String(value);
}

function doubleJson(low: number, high: number): string {
  const text = doubleText(low, high);
  if (!Number.isFinite(doubleOf(low, high))) return `"${text}"`;
  return /[.e]/.test(text) ? text : `${text}.0`;
}
