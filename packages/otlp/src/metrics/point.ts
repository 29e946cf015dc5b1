import { AttributeFingerprint } from '../attributes/attribute-fingerprint.ts';
import type { Context } from '../envelope.ts';
import type { ExemplarWriter } from './exemplars.ts';
import type { SeriesWriter } from './series.ts';
import type { UInt32Column, UInt64Column } from '../native/fixed-width.ts';
import type { LowCardinalityColumn } from '../native/low-cardinality.ts';
import type { Reader } from '../protobuf/reader.ts';
import { reasons } from '../tally.ts';

/** The columns with which every table of points begins. */
interface KeyColumns {
  readonly metric: LowCardinalityColumn;
  readonly series_id: UInt64Column;
  readonly timestamp: UInt64Column;
  readonly start_timestamp: UInt64Column;
  readonly received_at: UInt64Column;
  readonly flags: UInt32Column;
}

/** One kind of data points. */
export interface PointDecoder {
  openMetric(reader: Reader): void;
  /** One data point, from `reader.pos` to `end`, into a row or a rejection. */
  decode(reader: Reader, end: number, context: Context): void;
  /** Forgets the row that a malformed request left open. */
  abandon(): void;
}

/** Where a kind of data point has what all kinds have: number << 3 | wire type. Exemplars: 0 where the kind has none. */
interface PointFields {
  readonly attributes: number;
  readonly flags: number;
  readonly exemplars: number;
}

const startTimeTag = 0x11;
const timeTag = 0x19;

/**
 * What all kinds of data points share: times, flags, series and exemplars. A kind reads its own fields and gives the others to `field`;
 * when the point is read, `finish` accepts it, with its series and exemplars, or rejects it and leaves nothing.
 */
export class PointReader {
  /** Rows of arrays that the point takes of `tally.elementsLeft`, its own row included. */
  elements = 0;
  readonly #series: SeriesWriter;
  readonly #exemplars: ExemplarWriter;
  readonly #columns: KeyColumns;
  readonly #fields: PointFields;
  readonly #attributes = new AttributeFingerprint();
  #metric = 0;
  #start = 0;
  #reason = '';
  #exemplarCount = 0;
  #startLow = 0;
  #startHigh = 0;
  #timeLow = 0;
  #timeHigh = 0;
  #flags = 0;

  constructor(series: SeriesWriter, exemplars: ExemplarWriter, columns: KeyColumns, fields: PointFields) {
    this.#series = series;
    this.#exemplars = exemplars;
    this.#columns = columns;
    this.#fields = fields;
  }

  /** To be called once for each metric, before its points. */
  openMetric(reader: Reader): void {
    this.#metric = this.#columns.metric.indexOf(reader.view, this.#series.nameStart, this.#series.nameEnd);
  }

  /** To be called where a point begins. */
  open(reader: Reader, context: Context): void {
    this.#start = reader.pos;
    this.#reason = context.refusal;
    this.#attributes.start();
    this.elements = 1;
    this.#exemplarCount = 0;
    this.#startLow = this.#startHigh = this.#timeLow = this.#timeHigh = this.#flags = 0;
  }

  /** Reads a field that all kinds have, or skips one that nobody knows. */
  field(reader: Reader, tag: number): void {
    if (tag === timeTag) {
      reader.fixed64();
      this.#timeLow = reader.low;
      this.#timeHigh = reader.high;
    } else if (tag === startTimeTag) {
      reader.fixed64();
      this.#startLow = reader.low;
      this.#startHigh = reader.high;
    } else if (tag === this.#fields.attributes) {
      if (!this.#attributes.add(reader, reader.delimited())) this.#reason ||= reasons.tooDeep;
    } else if (tag === this.#fields.flags) this.#flags = reader.varint32();
    else {
      if (tag === this.#fields.exemplars) this.#exemplarCount++;
      reader.skip(tag);
    }
  }

  /** Of a field that holds `count` elements: whether the request may still have them. */
  take(count: number, context: Context): boolean {
    this.elements += count;
    return this.elements <= context.tally.elementsLeft;
  }

  /** Stores the key of the point that ends here, its exemplars and its series, or rejects it. False: rejected. */
  finish(reader: Reader, end: number, context: Context): boolean {
    reader.finish(end);
    const reason = this.#store(reader, end, context);
    reader.pos = end;
    if (reason === '') return true;
    context.tally.reject(reason);
    return false;
  }

  #store(reader: Reader, end: number, context: Context): string {
    const { tally } = context;
    const isNew = this.#series.identify(this.#attributes);
    this.elements += this.#exemplarCount + (isNew ? context.elementsPerRow : 0);
    if (this.#reason !== '') return this.#reason;
    if (this.#timeHigh > 0x7fffffff || this.#startHigh > 0x7fffffff) return reasons.timeRange;
    if (this.elements > tally.elementsLeft) return reasons.tooManyElements;
    const exemplarsBefore = this.#exemplars.rows;
    let reason = this.#exemplarCount > 0 ? this.#appendExemplars(reader, end, context) : '';
    if (isNew) reason ||= this.#series.write(reader, this.#start, end, this.#fields.attributes);
    if (reason !== '') {
      this.#exemplars.truncate(exemplarsBefore);
      return reason;
    }
    tally.accepted++;
    tally.elementsLeft -= this.elements;
    const columns = this.#columns;
    columns.metric.pushIndex(this.#metric);
    columns.series_id.push(this.#series.low, this.#series.high);
    columns.timestamp.push(this.#timeLow, this.#timeHigh);
    columns.start_timestamp.push(this.#startLow, this.#startHigh);
    columns.received_at.push(context.receivedAt.low, context.receivedAt.high);
    columns.flags.push(this.#flags);
    return '';
  }

  #appendExemplars(reader: Reader, end: number, context: Context): string {
    let reason = '';
    reader.pos = this.#start;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag !== this.#fields.exemplars) {
        reader.skip(tag);
        continue;
      }
      const failure = this.#exemplars.append(reader, reader.delimited(), this.#series, this.#timeLow, this.#timeHigh, context);
      reason ||= failure;
    }
    return reason;
  }
}
