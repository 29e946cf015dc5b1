import { spanKinds, statusCodes, type SpanKind, type StatusCode } from '../trace.ts';
import { attributesFromText } from './attributes.ts';

type Texts = readonly string[];
type Numbers = readonly number[];
type Attributes = Record<string, unknown>;

/** Of each event: time, name, keys, values and types of its attributes, how many were dropped. */
type EventColumns = readonly [Texts, Texts, readonly Texts[], readonly Texts[], Texts, Numbers];
/** Of each link: trace id, span id, trace state, keys, values and types of its attributes, how many were dropped, flags. */
type LinkColumns = readonly [Texts, Texts, Texts, readonly Texts[], readonly Texts[], Texts, Numbers, Numbers];
/** Name, version, keys, values and types of its attributes, schema URL. */
type ScopeColumns = readonly [string, string, Texts, Texts, string, string];

/**
 * The spans of one trace by columns: row i of each is span i. What most spans have in common stands in `texts` once, and what only a span that
 * is looked at needs (attributes, events, links) is text that nobody has read yet: a hundred thousand spans are read in a third of a second.
 */
export interface StoredSpans {
  /** What the columns of texts number. */
  readonly texts: Texts;
  readonly spanId: Texts;
  readonly parentSpanId: Texts;
  readonly startTimeUnixNano: Texts;
  readonly durationNs: Numbers;
  readonly selfNs: Numbers;
  readonly criticalNs: Numbers;
  /** As OTLP numbers them. */
  readonly kind: Numbers;
  readonly statusCode: Numbers;
  /** From here to `statementHash`: into `texts`. */
  readonly statusMessage: Numbers;
  readonly service: Numbers;
  readonly name: Numbers;
  readonly host: Numbers;
  readonly instance: Numbers;
  /** As JSON `ScopeColumns`. */
  readonly scope: Numbers;
  readonly traceState: Numbers;
  /** As JSON an array of keys. */
  readonly attributeKeys: Numbers;
  /** A letter for each attribute (`valueFromText`). */
  readonly attributeTypes: Numbers;
  readonly statementText: Numbers;
  readonly statementHash: Numbers;
  /** As JSON an array of the texts of the attributes' values. */
  readonly attributeValues: Texts;
  /** Empty, or as JSON `EventColumns`. */
  readonly events: Texts;
  /** Empty, or as JSON `LinkColumns`. */
  readonly links: Texts;
  readonly droppedAttributesCount: Numbers;
  readonly droppedEventsCount: Numbers;
  readonly droppedLinksCount: Numbers;
  readonly flags: Numbers;
  readonly resource: Numbers;
}

export interface StoredScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
  readonly schemaUrl: string;
}

/** Reads spans from columns, each when it is asked for; what spans have in common is read once. */
export class StoredSpanReader {
  readonly #spans: StoredSpans;
  readonly #keys = new Map<number, Texts>();
  readonly #scopes = new Map<number, StoredScope>();
  readonly #statuses = new Map<number, { readonly code: StatusCode; readonly message: string }>();

  constructor(spans: StoredSpans) {
    this.#spans = spans;
  }

  text(column: 'service' | 'name' | 'host' | 'instance' | 'traceState', row: number): string {
    const { texts } = this.#spans;
    return texts[this.#spans[column][row] as number] as string;
  }

  kind(row: number): SpanKind {
    // A number that OTLP does not know is to be taken for the first of the list (proto3, unknown enum values).
    return spanKinds[this.#spans.kind[row] as number] ?? 'unspecified';
  }

  status(row: number) {
    const { statusCode, statusMessage, texts } = this.#spans;
    const number = (statusMessage[row] as number) * 256 + (statusCode[row] as number);
    return known(this.#statuses, number, () => ({
      code: statusCodes[statusCode[row] as number] ?? 'unset',
      message: texts[statusMessage[row] as number] as string,
    }));
  }

  attributeKeys(row: number): Texts {
    const { attributeKeys, texts } = this.#spans;
    const number = attributeKeys[row] as number;
    return known(this.#keys, number, () => JSON.parse(texts[number] as string) as Texts);
  }

  attributes(row: number): Attributes {
    const { attributeValues, attributeTypes, texts } = this.#spans;
    const values = JSON.parse(attributeValues[row] as string) as Texts;
    return attributesFromText(this.attributeKeys(row), values, texts[attributeTypes[row] as number] as string);
  }

  events(row: number) {
    const text = this.#spans.events[row] as string;
    if (text === '') return [];
    const [times, names, keys, values, types, dropped] = JSON.parse(text) as EventColumns;
    return times.map((timeUnixNano, i) => ({
      timeUnixNano,
      name: names[i] ?? '',
      attributes: attributesFromText(keys[i] ?? [], values[i] ?? [], types[i] ?? ''),
      droppedAttributesCount: dropped[i] ?? 0,
    }));
  }

  links(row: number) {
    const text = this.#spans.links[row] as string;
    if (text === '') return [];
    const [traceIds, spanIds, traceStates, keys, values, types, dropped, flags] = JSON.parse(text) as LinkColumns;
    return traceIds.map((traceId, i) => ({
      traceId,
      spanId: spanIds[i] ?? '',
      traceState: traceStates[i] ?? '',
      attributes: attributesFromText(keys[i] ?? [], values[i] ?? [], types[i] ?? ''),
      droppedAttributesCount: dropped[i] ?? 0,
      flags: flags[i] ?? 0,
    }));
  }

  scope(row: number): StoredScope {
    const { scope, texts } = this.#spans;
    const number = scope[row] as number;
    return known(this.#scopes, number, () => {
      const [name, version, keys, values, types, schemaUrl] = JSON.parse(texts[number] as string) as ScopeColumns;
      return { name, version, attributes: attributesFromText(keys, values, types), schemaUrl };
    });
  }

  statement(row: number): { readonly text: string; readonly hash: string } | null {
    const { statementText, statementHash, texts } = this.#spans;
    const text = texts[statementText[row] as number] as string;
    return text === '' ? null : { text, hash: texts[statementHash[row] as number] as string };
  }

  /** All of it, as the API answers it. */
  whole(row: number) {
    const spans = this.#spans;
    return {
      spanId: spans.spanId[row] as string,
      parentSpanId: spans.parentSpanId[row] as string,
      service: this.text('service', row),
      name: this.text('name', row),
      kind: this.kind(row),
      startTimeUnixNano: spans.startTimeUnixNano[row] as string,
      durationNs: spans.durationNs[row] as number,
      status: this.status(row),
      attributes: this.attributes(row),
      droppedAttributesCount: spans.droppedAttributesCount[row] as number,
      events: this.events(row),
      droppedEventsCount: spans.droppedEventsCount[row] as number,
      links: this.links(row),
      droppedLinksCount: spans.droppedLinksCount[row] as number,
      traceState: this.text('traceState', row),
      flags: spans.flags[row] as number,
      scope: this.scope(row),
      host: this.text('host', row),
      instance: this.text('instance', row),
      statement: this.statement(row),
      selfNs: spans.selfNs[row] as number,
      criticalNs: spans.criticalNs[row] as number,
      resource: spans.resource[row] as number,
    };
  }
}

function known<T>(found: Map<number, T>, number: number, read: () => T): T {
  const before = found.get(number);
  if (before !== undefined) return before;
  const value = read();
  found.set(number, value);
  return value;
}
