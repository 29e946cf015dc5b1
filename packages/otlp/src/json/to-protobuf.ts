import { limits } from '../limits.ts';
import { ByteBuffer } from '../native/byte-buffer.ts';
import { closeMessage, openMessage, varint64 } from '../protobuf/writer.ts';
import { DecimalInteger } from './integer.ts';
import { ascii, JsonScanner } from './scanner.ts';
import { anyValue, type Field, type Message, type ScalarType } from './schema.ts';
import { appendString, nameIndex } from './strings.ts';
import { hexDigit } from './unescape.ts';

const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);

/**
 * OTLP/JSON to the protobuf of the same message, by the field table in schema.ts, so that one decoder holds all meaning (ADR 0005).
 *
 * It accepts what OTLP asks for: ids in hex of any case, 64-bit integers as strings or numbers without loss, enums as integers,
 * `NaN` and `Infinity` as strings; unknown fields are ignored, `__proto__` like any other, and `null` is an absent field.
 * An id that is not hex becomes one of a wrong length, so that the decoder rejects that item and not its neighbours; a value nested
 * too deep is cut one level below the limit, so that the decoder sees it and rejects its item too.
 */
export class JsonToProtobuf {
  readonly #out = new ByteBuffer();
  readonly #scratch = new ByteBuffer();
  readonly #integer = new DecimalInteger();

  /** The answer is valid until the next call. Throws `MalformedError`. */
  convert(body: Uint8Array, message: Message): Uint8Array {
    const json = new JsonScanner(body);
    this.#out.clear();
    if (json.bytes[0] === 0xef && json.bytes[1] === 0xbb && json.bytes[2] === 0xbf) json.pos = 3;
    this.#message(json, message, 0);
    json.peek();
    if (json.pos < json.bytes.length) json.fail('something follows the request');
    return this.#out.written();
  }

  /** `level`: how many AnyValues are around and including this message. */
  #message(json: JsonScanner, message: Message, level: number): void {
    json.expect(ascii.openBrace);
    if (json.accept(ascii.closeBrace)) return;
    let expected = 0;
    do {
      json.string();
      const index = nameIndex(json, message.fields, expected, this.#scratch);
      json.expect(ascii.colon);
      const field = message.fields[index];
      if (field === undefined) json.skipValue();
      else {
        expected = index + 1;
        this.#field(json, field, level);
      }
    } while (json.accept(ascii.comma));
    json.expect(ascii.closeBrace);
  }

  #field(json: JsonScanner, field: Field, level: number): void {
    if (json.acceptNull()) return;
    if (!field.repeated) return this.#value(json, field, level);
    json.expect(ascii.openBracket);
    if (json.accept(ascii.closeBracket)) return;
    do this.#value(json, field, level);
    while (json.accept(ascii.comma));
    json.expect(ascii.closeBracket);
  }

  #value(json: JsonScanner, field: Field, level: number): void {
    const { type } = field;
    if (typeof type === 'string') {
      this.#out.varint(field.tag);
      return this.#scalar(json, type);
    }
    const inside = type === anyValue ? level + 1 : level;
    const at = openMessage(this.#out, field.tag);
    // An AnyValue at level n + 1 has n lists around it. One level beyond the limit is enough for the decoder to see.
    if (inside > limits.valueDepthMax + 1) json.skipValue();
    else this.#message(json, type, inside);
    closeMessage(this.#out, at);
  }

  #scalar(json: JsonScanner, type: ScalarType): void {
    switch (type) {
      case 'string':
        json.string();
        return appendString(json, this.#out, this.#scratch);
      case 'id':
        json.string();
        return this.#id(json);
      case 'bytes':
        json.string();
        return this.#base64(json);
      case 'bool':
        return this.#bool(json);
      case 'double':
        return this.#double(json);
      case 'fixed64':
      case 'sfixed64':
        this.#readInteger(json, type === 'sfixed64');
        return this.#out.word64(this.#integer.low, this.#integer.high);
      case 'int64':
      case 'uint64':
        this.#readInteger(json, type === 'int64');
        return varint64(this.#out, this.#integer.low, this.#integer.high);
      case 'enum':
        if (json.peek() === ascii.quote) json.fail('an enum as a string; OTLP/JSON wants its number');
        this.#readInteger(json, true);
        return varint64(this.#out, this.#integer.low, this.#integer.high);
      case 'uint32':
        this.#readInteger32(json);
        return this.#out.varint(this.#integer.low);
      case 'fixed32':
        this.#readInteger32(json);
        this.#out.word64(this.#integer.low, 0);
        this.#out.length -= 4;
        return;
      case 'sint32':
        this.#readInteger(json, true);
        if ((this.#integer.low | 0) >> 31 !== (this.#integer.high | 0)) json.fail('an integer beyond 32 bits');
        return this.#out.varint(((this.#integer.low << 1) ^ ((this.#integer.low | 0) >> 31)) >>> 0);
    }
  }

  #id(json: JsonScanner): void {
    const { bytes, start, end } = json;
    const out = this.#out;
    const at = out.length;
    let bits = 0;
    out.varint((end - start) >> 1);
    out.reserve((end - start) >> 1);
    for (let i = start; i + 1 < end; i += 2) {
      const byte = (hexDigit(bytes[i] ?? 0) << 4) | hexDigit(bytes[i + 1] ?? 0);
      bits |= byte;
      out.bytes[out.length++] = byte;
    }
    // A negative bit: one of the digits was -1.
    if (bits < 0 || (end - start) % 2 !== 0) this.#wrongId(at);
  }

  #wrongId(at: number): void {
    this.#out.length = at;
    this.#out.varint(1);
    this.#out.byte(0);
  }

  /** Standard or URL-safe, padded or not: protobuf's JSON mapping accepts each. */
  #base64(json: JsonScanner): void {
    const text = json.text().replaceAll('\\/', '/');
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) json.fail('bytes that are not base64');
    const bytes = Buffer.from(text, 'base64');
    this.#out.varint(bytes.length);
    this.#out.append(bytes);
  }

  #bool(json: JsonScanner): void {
    const isTrue = json.peek() === 0x74;
    json.keyword(isTrue ? 'true' : 'false');
    this.#out.byte(isTrue ? 1 : 0);
  }

  #double(json: JsonScanner): void {
    const quoted = json.peek() === ascii.quote;
    if (quoted) json.string();
    else json.number();
    const text = json.text();
    const isNumber = quoted ? /^(NaN|-?Infinity|-?\d+(\.\d+)?([eE][+-]?\d+)?)$/.test(text) : true;
    if (!isNumber) json.fail('a string that is no number');
    double[0] = Number(text);
    this.#out.word64(doubleWords[0] ?? 0, doubleWords[1] ?? 0);
  }

  /** An integer of 64 bits, bare or in quotes, into `#integer`. */
  #readInteger(json: JsonScanner, signed: boolean): void {
    if (json.peek() === ascii.quote) json.string();
    else json.number();
    const negative = json.bytes[json.start] === ascii.minus;
    const legal = this.#integer.read(json.bytes, json.start, json.end);
    const fits = signed
      ? negative || this.#integer.high <= 0x7fffffff
      : !negative || (this.#integer.low | this.#integer.high) === 0;
    if (!legal || !fits) json.failAt(json.start, 'no integer of 64 bits');
  }

  #readInteger32(json: JsonScanner): void {
    this.#readInteger(json, false);
    if (this.#integer.high !== 0) json.failAt(json.start, 'an integer beyond 32 bits');
  }
}
