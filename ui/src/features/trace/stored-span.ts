import type { Span, TraceColumns, Trace } from '@sonde/api';
import { StoredSpanReader } from '@sonde/model';

/** What is another for a span whose clock was corrected. */
export interface CorrectedTimes {
  readonly startTimeUnixNano: string;
  /** Its events are that much later. */
  readonly byNs: number;
  readonly selfNs: number;
  readonly criticalNs: number;
}

/**
 * A span of the columns that the API answers. What a row of the waterfall shows is there from the start; attributes, events and links are
 * read when somebody asks for them, and kept: of a hundred thousand spans a reader looks at a few.
 */
export class StoredSpan implements Span {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  readonly kind: Span['kind'];
  readonly status: Span['status'];
  readonly startTimeUnixNano: string;
  readonly durationNs: number;
  readonly selfNs: number;
  readonly criticalNs: number;
  readonly #columns: TraceColumns['spans'];
  readonly #reader: StoredSpanReader;
  readonly #row: number;
  readonly #eventsByNs: number;
  #attributes: Span['attributes'] | undefined = undefined;
  #events: Span['events'] | undefined = undefined;
  #links: Span['links'] | undefined = undefined;

  constructor(columns: TraceColumns['spans'], reader: StoredSpanReader, row: number, times?: CorrectedTimes) {
    this.#columns = columns;
    this.#reader = reader;
    this.#row = row;
    this.#eventsByNs = times?.byNs ?? 0;
    this.spanId = columns.spanId[row] ?? '';
    this.parentSpanId = columns.parentSpanId[row] ?? '';
    this.service = reader.text('service', row);
    this.name = reader.text('name', row);
    this.kind = reader.kind(row);
    this.status = reader.status(row);
    this.startTimeUnixNano = times?.startTimeUnixNano ?? columns.startTimeUnixNano[row] ?? '';
    this.durationNs = columns.durationNs[row] ?? 0;
    this.selfNs = times?.selfNs ?? columns.selfNs[row] ?? 0;
    this.criticalNs = times?.criticalNs ?? columns.criticalNs[row] ?? 0;
  }

  get attributes(): Span['attributes'] {
    return (this.#attributes ??= this.#reader.attributes(this.#row));
  }

  /** What `attributes` has, without reading the values of all. */
  attribute(key: string): unknown {
    return this.#reader.attributeKeys(this.#row).includes(key) ? this.attributes[key] : undefined;
  }

  get events(): Span['events'] {
    if (!this.hasEvents) return [];
    return (this.#events ??= laterEvents(this.#reader.events(this.#row), this.#eventsByNs));
  }

  /** False where there is no need to read them. */
  get hasEvents(): boolean {
    return this.#columns.events[this.#row] !== '';
  }

  get hasLinks(): boolean {
    return this.#columns.links[this.#row] !== '';
  }

  get links(): Span['links'] {
    if (!this.hasLinks) return [];
    return (this.#links ??= this.#reader.links(this.#row));
  }

  get droppedAttributesCount(): number {
    return this.#columns.droppedAttributesCount[this.#row] ?? 0;
  }

  get droppedEventsCount(): number {
    return this.#columns.droppedEventsCount[this.#row] ?? 0;
  }

  get droppedLinksCount(): number {
    return this.#columns.droppedLinksCount[this.#row] ?? 0;
  }

  get traceState(): string {
    return this.#reader.text('traceState', this.#row);
  }

  get flags(): number {
    return this.#columns.flags[this.#row] ?? 0;
  }

  get resource(): number {
    return this.#columns.resource[this.#row] ?? 0;
  }

  get scope(): Span['scope'] {
    return this.#reader.scope(this.#row);
  }

  get host(): string {
    return this.#reader.text('host', this.#row);
  }

  get instance(): string {
    return this.#reader.text('instance', this.#row);
  }

  get statement(): Span['statement'] {
    return this.#reader.statement(this.#row);
  }

  /** All of it as the API tells it, in `JSON.stringify` too. */
  toJSON(): Span {
    const { startTimeUnixNano, selfNs, criticalNs, events } = this;
    return { ...this.#reader.whole(this.#row), startTimeUnixNano, selfNs, criticalNs, events };
  }

  corrected(times: CorrectedTimes): StoredSpan {
    return new StoredSpan(this.#columns, this.#reader, this.#row, times);
  }
}

export function storedTrace({ spans, ...trace }: TraceColumns): Trace {
  const reader = new StoredSpanReader(spans);
  return { ...trace, spans: spans.spanId.map((_, row) => new StoredSpan(spans, reader, row)) };
}

export function correctedSpan(span: Span, times: CorrectedTimes): Span {
  if (span instanceof StoredSpan) return span.corrected(times);
  const { byNs, ...others } = times;
  return { ...span, ...others, events: laterEvents(span.events, byNs) };
}

/** Of one attribute, at the least cost. */
export function attributeOf(span: Span, key: string): unknown {
  return span instanceof StoredSpan ? span.attribute(key) : span.attributes[key];
}

/** Whether a span may have links: only then they are worth reading. */
export function mayHaveLinks(span: Span): boolean {
  return span instanceof StoredSpan ? span.hasLinks : span.links.length > 0;
}

export function countEvents(spans: readonly Span[]): number {
  let count = 0;
  for (const span of spans) if (!(span instanceof StoredSpan) || span.hasEvents) count += span.events.length;
  return count;
}

function laterEvents(events: Span['events'], byNs: number): Span['events'] {
  return byNs === 0 ? events : events.map((event) => ({ ...event, timeUnixNano: laterNano(event.timeUnixNano, byNs) }));
}

export function laterNano(unixNano: string, ns: number): string {
  return ns === 0 ? unixNano : String(BigInt(unixNano) + BigInt(ns));
}
