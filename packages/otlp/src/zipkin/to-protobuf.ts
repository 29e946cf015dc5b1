import { DecimalInteger } from '../json/integer.ts';
import { ascii, JsonScanner } from '../json/scanner.ts';
import { appendString, nameIndex } from '../json/strings.ts';
import { hexDigit } from '../json/unescape.ts';
import { ByteBuffer } from '../native/byte-buffer.ts';
import { closeMessage, openMessage } from '../protobuf/writer.ts';
import {
  annotationMembers,
  type EndpointKeys,
  endpointMembers,
  internalKind,
  keys,
  kinds,
  localKeys,
  remoteKeys,
  spanMembers,
  statusError,
  statusOk,
  statusTags,
  tags,
} from './fields.ts';
import { KeyValues } from './key-values.ts';
import { Members } from './members.ts';
import { Nanos } from './nanos.ts';
import { Times } from './times.ts';

/**
 * Zipkin's v2 JSON, a list of spans, to the protobuf of an ExportTraceServiceRequest, so that one decoder holds all meaning (ADR 0008).
 * The mapping is the reverse of "OpenTelemetry to Zipkin Transformation" of the OpenTelemetry specification; README.md has its table.
 *
 * A Zipkin span names its service itself. Spans that follow each other and share it share a resource: one sender, one service.
 * An id that is none becomes one of a wrong length, and a time beyond 64 bits their end, so that the decoder rejects that span and not
 * its neighbours; what is no such JSON at all is malformed, whole.
 */
export class ZipkinToProtobuf {
  readonly #out = new ByteBuffer();
  readonly #scratch = new ByteBuffer();
  readonly #integer = new DecimalInteger();
  readonly #span = new Members(spanMembers);
  readonly #local = new Members(endpointMembers);
  readonly #remote = new Members(endpointMembers);
  readonly #annotation = new Members(annotationMembers);
  readonly #attributes = new KeyValues(this.#out, this.#scratch);
  readonly #times = new Times(this.#out);
  readonly #time = new Nanos();
  readonly #duration = new Nanos();
  /** Where the open ResourceSpans and ScopeSpans began; -1: none is open. */
  #resourceSpans = -1;
  #scopeSpans = -1;
  /** Where the service name of the open ResourceSpans stands in the body. */
  #serviceStart = 0;
  #serviceEnd = 0;

  /** The answer is valid until the next call. `receivedAtMs`: for spans that nothing else dates. Throws `MalformedError`. */
  convert(body: Uint8Array, receivedAtMs: number): Uint8Array {
    const json = new JsonScanner(body);
    this.#out.clear();
    this.#times.clear();
    this.#resourceSpans = -1;
    if (json.bytes[0] === 0xef && json.bytes[1] === 0xbb && json.bytes[2] === 0xbf) json.pos = 3;
    this.#list(json, () => this.#readSpan(json));
    this.#closeGroup();
    json.peek();
    if (json.pos < json.bytes.length) json.fail('something follows the list of spans');
    this.#times.fillMissing(receivedAtMs);
    return this.#out.written();
  }

  /** `item` reads one value of the list, and goes behind it. */
  #list(json: JsonScanner, item: () => void): void {
    json.expect(ascii.openBracket);
    if (json.accept(ascii.closeBracket)) return;
    do item();
    while (json.accept(ascii.comma));
    json.expect(ascii.closeBracket);
  }

  #readSpan(json: JsonScanner): void {
    this.#span.read(json, this.#scratch);
    const behind = json.pos;
    this.#readEndpoint(json, 'localEndpoint', this.#local);
    this.#readEndpoint(json, 'remoteEndpoint', this.#remote);
    this.#openGroup(json);
    const at = openMessage(this.#out, tags.scopeSpans.spans);
    this.#writeSpan(json);
    closeMessage(this.#out, at);
    json.pos = behind;
  }

  #readEndpoint(json: JsonScanner, name: 'localEndpoint' | 'remoteEndpoint', endpoint: Members<string>): void {
    endpoint.clear();
    if (this.#span.goTo(json, name)) endpoint.read(json, this.#scratch);
  }

  /** Sees to it that the open ResourceSpans is that of the span's service. */
  #openGroup(json: JsonScanner): void {
    let start = 0;
    let end = 0;
    if (this.#local.goTo(json, 'serviceName')) {
      json.string();
      ({ start, end } = json);
    }
    if (this.#resourceSpans >= 0 && this.#isOpenService(json, start, end)) return;
    this.#closeGroup();
    this.#serviceStart = start;
    this.#serviceEnd = end;
    this.#resourceSpans = openMessage(this.#out, tags.request.resourceSpans);
    if (end > start) {
      const resource = openMessage(this.#out, tags.resourceSpans.resource);
      this.#attributes.string(tags.resource.attributes, keys.serviceName, json);
      closeMessage(this.#out, resource);
    }
    this.#scopeSpans = openMessage(this.#out, tags.resourceSpans.scopeSpans);
  }

  #isOpenService(json: JsonScanner, start: number, end: number): boolean {
    if (end - start !== this.#serviceEnd - this.#serviceStart) return false;
    for (let i = 0; i < end - start; i++) {
      if (json.bytes[start + i] !== json.bytes[this.#serviceStart + i]) return false;
    }
    return true;
  }

  #closeGroup(): void {
    if (this.#resourceSpans < 0) return;
    closeMessage(this.#out, this.#scopeSpans);
    closeMessage(this.#out, this.#resourceSpans);
    this.#resourceSpans = -1;
  }

  #writeSpan(json: JsonScanner): void {
    const { span } = tags;
    this.#id(json, 'traceId', span.traceId, 16);
    this.#id(json, 'id', span.spanId, 8);
    this.#id(json, 'parentId', span.parentSpanId, 8);
    this.#string(json, 'name', span.name);
    this.#kind(json);
    this.#startAndEnd(json);
    this.#flag(json, 'debug', keys.debug);
    this.#flag(json, 'shared', keys.shared);
    this.#endpoint(json, this.#local, localKeys);
    this.#endpoint(json, this.#remote, remoteKeys);
    if (this.#span.goTo(json, 'tags')) this.#tags(json);
    if (this.#span.goTo(json, 'annotations')) this.#list(json, () => this.#event(json));
  }

  /** Up to `bytes * 2` hex digits in any case; fewer are filled with zeros on the left, as Zipkin does. */
  #id(json: JsonScanner, name: 'traceId' | 'id' | 'parentId', tag: number, bytes: number): void {
    if (!this.#span.goTo(json, name)) return;
    json.string();
    const { end, start } = json;
    if (end === start) return;
    const out = this.#out;
    out.varint(tag);
    const at = out.length;
    out.varint(bytes);
    out.reserve(bytes);
    let bits = end - start > 2 * bytes ? -1 : 0;
    for (let digit = end - 2 * bytes; digit < end; digit += 2) {
      const high = digit < start ? 0 : hexDigit(json.bytes[digit] ?? 0);
      const low = digit + 1 < start ? 0 : hexDigit(json.bytes[digit + 1] ?? 0);
      bits |= high | low;
      out.bytes[out.length++] = (high << 4) | low;
    }
    if (bits >= 0) return;
    // Negative: a byte was no hex digit. One byte is a wrong length.
    out.length = at;
    out.varint(1);
    out.byte(0);
  }

  #string(json: JsonScanner, name: 'name', tag: number): void {
    if (!this.#span.goTo(json, name)) return;
    json.string();
    this.#out.varint(tag);
    appendString(json, this.#out, this.#scratch);
  }

  #kind(json: JsonScanner): void {
    let kind = internalKind;
    if (this.#span.goTo(json, 'kind')) {
      json.string();
      kind = kinds[json.text()] ?? 0;
      if (kind === 0) this.#attributes.string(tags.span.attributes, keys.kind, json);
    }
    this.#out.varint(tags.span.kind);
    this.#out.varint(kind);
  }

  #startAndEnd(json: JsonScanner): void {
    this.#readMicros(json, this.#span, 'timestamp', this.#time);
    this.#readMicros(json, this.#span, 'duration', this.#duration);
    if (this.#time.isZero) this.#attributes.true(tags.span.attributes, keys.timestampAbsent);
    this.#times.write(this.#time, this.#duration);
  }

  /** Zero where there is none. */
  #readMicros<Name extends string>(json: JsonScanner, members: Members<Name>, name: Name, time: Nanos): void {
    time.set(0, 0);
    if (!members.goTo(json, name)) return;
    this.#readUnsigned(json);
    time.setMicros(this.#integer.low, this.#integer.high);
  }

  /** Bare or in quotes, exact up to 2^64 - 1. */
  #readUnsigned(json: JsonScanner): void {
    if (json.peek() === ascii.quote) json.string();
    else json.number();
    const negative = json.bytes[json.start] === ascii.minus;
    const legal = this.#integer.read(json.bytes, json.start, json.end);
    if (!legal || negative) json.failAt(json.start, 'no unsigned integer of 64 bits');
  }

  #flag(json: JsonScanner, name: 'debug' | 'shared', key: Uint8Array): void {
    if (!this.#span.goTo(json, name)) return;
    const isTrue = json.peek() === 0x74;
    json.keyword(isTrue ? 'true' : 'false');
    if (!isTrue) return;
    this.#attributes.true(tags.span.attributes, key);
  }

  #endpoint(json: JsonScanner, endpoint: Members<(typeof endpointMembers)[number]>, names: EndpointKeys): void {
    this.#stringAttribute(json, endpoint, 'serviceName', names.serviceName);
    this.#stringAttribute(json, endpoint, 'ipv4', names.ipv4);
    this.#stringAttribute(json, endpoint, 'ipv6', endpoint.has('ipv4') ? names.secondIpv6 : names.ipv6);
    if (!endpoint.goTo(json, 'port')) return;
    this.#readUnsigned(json);
    this.#attributes.integer(tags.span.attributes, names.port, this.#integer.low, this.#integer.high);
  }

  #stringAttribute<Name extends string>(
    json: JsonScanner,
    members: Members<Name>,
    name: Name,
    key: Uint8Array | undefined,
  ): void {
    if (!members.goTo(json, name)) return;
    json.string();
    if (key !== undefined) this.#attributes.string(tags.span.attributes, key, json);
  }

  /** Text as text; numbers and booleans as they stand there, digit by digit; `null` as if it were not there. */
  #tags(json: JsonScanner): void {
    let errorAt = -1;
    let statusAt = -1;
    json.expect(ascii.openBrace);
    if (json.accept(ascii.closeBrace)) return;
    do {
      json.string();
      const isStatus = nameIndex(json, statusTags, 0, this.#scratch);
      const before = this.#out.length;
      const at = this.#attributes.openString(tags.span.attributes, json);
      json.expect(ascii.colon);
      if (json.acceptNull()) {
        this.#out.length = before;
        continue;
      }
      if (isStatus === 0) errorAt = json.pos;
      if (isStatus === 1) statusAt = json.pos;
      this.#readTagValue(json);
      this.#attributes.closeString(at, json);
    } while (json.accept(ascii.comma));
    json.expect(ascii.closeBrace);
    this.#status(json, errorAt, statusAt);
  }

  /** Leaves text, number or boolean as the string that was read last. */
  #readTagValue(json: JsonScanner): void {
    const first = json.peek();
    if (first === ascii.quote) return json.string();
    json.escaped = false;
    if (first !== 0x74 && first !== 0x66) return json.number();
    json.start = json.pos;
    json.keyword(first === 0x74 ? 'true' : 'false');
    json.end = json.pos;
  }

  /**
   * A tag `error` means that the span failed, whatever it says, except `false`; what it says is the message. A tag `otel.status_code` is
   * from an OpenTelemetry exporter. Both stay attributes.
   */
  #status(json: JsonScanner, errorAt: number, statusAt: number): void {
    const behind = json.pos;
    let code = 0;
    let hasMessage = false;
    if (statusAt >= 0) {
      json.pos = statusAt;
      this.#readTagValue(json);
      const text = shortText(json);
      code = text === 'ERROR' ? statusError : text === 'OK' ? statusOk : 0;
    }
    if (errorAt >= 0) {
      json.pos = errorAt;
      this.#readTagValue(json);
      const text = shortText(json);
      if (text !== 'false') code = statusError;
      hasMessage = text !== 'false' && text !== 'true' && json.end > json.start;
    }
    if (code !== 0) {
      const at = openMessage(this.#out, tags.span.status);
      this.#out.varint(tags.status.code);
      this.#out.varint(code);
      if (hasMessage) {
        this.#out.varint(tags.status.message);
        appendString(json, this.#out, this.#scratch);
      }
      closeMessage(this.#out, at);
    }
    json.pos = behind;
  }

  #event(json: JsonScanner): void {
    this.#annotation.read(json, this.#scratch);
    const behind = json.pos;
    const at = openMessage(this.#out, tags.span.events);
    this.#readMicros(json, this.#annotation, 'timestamp', this.#time);
    this.#times.see(this.#time);
    this.#out.varint(tags.event.time);
    this.#out.word64(this.#time.low, this.#time.high);
    if (this.#annotation.goTo(json, 'value')) {
      json.string();
      this.#out.varint(tags.event.name);
      appendString(json, this.#out, this.#scratch);
    }
    closeMessage(this.#out, at);
    json.pos = behind;
  }
}

/** What was read last, as far as it may be one of the words that are looked for: long messages make no string. */
function shortText(json: JsonScanner): string {
  return json.end - json.start <= 5 ? json.text() : '';
}
