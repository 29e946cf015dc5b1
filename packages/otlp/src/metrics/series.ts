import { AttributeWriter } from '../attributes/attribute-writer.ts';
import { Fingerprint } from '../fingerprint.ts';
import type { Context } from '../envelope.ts';
import { IdSet } from '../id-set.ts';
import type { Table } from '../native/table.ts';
import { viewOf } from '../native/utf8.ts';
import type { Reader } from '../protobuf/reader.ts';
import { reasons } from '../tally.ts';

/** Metric (opentelemetry/proto/metrics/v1/metrics.proto): number << 3 | wire type. */
export const metricField = {
  name: 0x0a,
  description: 0x12,
  unit: 0x1a,
  gauge: 0x2a,
  sum: 0x3a,
  histogram: 0x4a,
  exponentialHistogram: 0x52,
  summary: 0x5a,
  metadata: 0x62,
} as const;

/** The names that `metric_series.type` holds, by the field that carries the data. */
const typeNames = new Map<number, DataView>(
  (
    [
      [metricField.gauge, 'gauge'],
      [metricField.sum, 'sum'],
      [metricField.histogram, 'histogram'],
      [metricField.exponentialHistogram, 'exponential_histogram'],
      [metricField.summary, 'summary'],
    ] as const
  ).map(([field, name]) => [field, viewOf(new TextEncoder().encode(name))]),
);

/** The metric that is being decoded and the series of its points. A series' row is written with the first of its points in a batch. */
export class SeriesWriter {
  /** Where the metric's name stands. */
  nameStart = 0;
  nameEnd = 0;
  /** The series of the point given to `identify`: a fingerprint of everything but times and values. */
  low = 0;
  high = 0;
  readonly #table: Table<'metric_series'>;
  readonly #metadata: AttributeWriter;
  readonly #attributes: AttributeWriter;
  readonly #fingerprint = new Fingerprint();
  readonly #known = new IdSet();
  #start = 0;
  #end = 0;
  #type = 0;
  #temporality = 0;
  #monotonic = 0;
  #unitStart = 0;
  #unitEnd = 0;
  #descriptionStart = 0;
  #descriptionEnd = 0;
  #metricLow = 0;
  #metricHigh = 0;

  constructor(table: Table<'metric_series'>) {
    this.#table = table;
    const { columns } = table;
    this.#metadata = new AttributeWriter(columns.metadata, columns.metadata_types);
    this.#attributes = new AttributeWriter(columns.attributes, columns.attribute_types);
  }

  /**
   * Reads what the series of a metric have in common, from `reader.pos` to `end`.
   *
   * @param type the field that carries the data
   * @param temporality 0 where the type has none
   */
  open(reader: Reader, end: number, context: Context, type: number, temporality: number, monotonic: number): void {
    this.#start = reader.pos;
    this.#end = end;
    this.#type = type;
    this.#temporality = temporality;
    this.#monotonic = monotonic;
    this.nameStart = this.nameEnd = this.#unitStart = this.#unitEnd = this.#descriptionStart = this.#descriptionEnd = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      const start = reader.pos;
      switch (tag) {
        case metricField.name:
          this.nameEnd = reader.delimited();
          this.nameStart = reader.pos;
          break;
        case metricField.description:
          this.#descriptionEnd = reader.delimited();
          this.#descriptionStart = reader.pos;
          break;
        case metricField.unit:
          this.#unitEnd = reader.delimited();
          this.#unitStart = reader.pos;
          break;
      }
      reader.pos = start;
      reader.skip(tag);
    }
    const { view } = reader;
    const { resource, scope } = context;
    const identity = this.#fingerprint.start();
    identity.bytes(view, this.nameStart, this.nameEnd).bytes(view, this.#unitStart, this.#unitEnd);
    identity.word(type).word(temporality).word(monotonic);
    identity.word(resource.low).word(resource.high).word(scope.low).word(scope.high).finish();
    this.#metricLow = identity.low;
    this.#metricHigh = identity.high;
  }

  /** Names the series of a point with these attributes in `low` and `high`; says whether the batch does not have it yet. */
  identify(attributes: { readonly low: number; readonly high: number }): boolean {
    const identity = this.#fingerprint.start().word(this.#metricLow).word(this.#metricHigh);
    identity.word(attributes.low).word(attributes.high).finish();
    this.low = identity.low;
    this.high = identity.high;
    return !this.#known.has(this.low, this.high);
  }

  /**
   * The row of the series that `identify` named. Its attributes are those of the point from `start` to `end`. Leaves the reader
   * anywhere. Why there can be no row, or nothing.
   */
  write(reader: Reader, start: number, end: number, attributesTag: number): string {
    if (!appendAll(reader, this.#start, this.#end, metricField.metadata, this.#metadata)) {
      this.#metadata.abandonRow();
      return reasons.tooDeep;
    }
    appendAll(reader, start, end, attributesTag, this.#attributes);
    this.#known.add(this.low, this.high);
    const { columns } = this.#table;
    const { view } = reader;
    const type = typeNames.get(this.#type);
    columns.metric.push(view, this.nameStart, this.nameEnd);
    columns.series_id.push(this.low, this.high);
    if (type === undefined) columns.type.pushEmpty();
    else columns.type.push(type, 0, type.byteLength);
    columns.unit.push(view, this.#unitStart, this.#unitEnd);
    columns.description.push(view, this.#descriptionStart, this.#descriptionEnd);
    columns.temporality.push(this.#temporality);
    columns.is_monotonic.push(this.#monotonic);
    this.#metadata.endRow();
    this.#attributes.endRow();
    return '';
  }

  abandon(): void {
    this.#metadata.abandonRow();
    this.#attributes.abandonRow();
  }

  mark(): void {
    this.#known.mark();
  }

  rollback(): void {
    this.#known.rollback();
  }

  clear(): void {
    this.#known.clear();
  }
}

/** Every attribute in the field `tag` of the message from `start` to `end`. False where one is nested too deep. */
function appendAll(reader: Reader, start: number, end: number, wanted: number, attributes: AttributeWriter): boolean {
  let shallow = true;
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag !== wanted) reader.skip(tag);
    else if (!attributes.append(reader, reader.delimited())) shallow = false;
  }
  return shallow;
}
