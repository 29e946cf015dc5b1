import { AttributeWriter } from '../attributes/attribute-writer.ts';
import type { Context } from '../envelope.ts';
import { pushOptionalId } from '../ids.ts';
import type { SeriesWriter } from './series.ts';
import { pushNumber } from './number-value.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';
import { reasons } from '../tally.ts';

/** Exemplar: number << 3 | wire type. */
const field = { time: 0x11, asDouble: 0x19, spanId: 0x22, traceId: 0x2a, asInt: 0x31, filteredAttributes: 0x3a } as const;

/** Exemplars into their table. Ids that are not legal count as absent, as on log records: an exemplar need not have any. */
export class ExemplarWriter {
  readonly #table: Table<'metric_exemplars'>;
  readonly #attributes: AttributeWriter;

  constructor(table: Table<'metric_exemplars'>) {
    this.#table = table;
    const { columns } = table;
    this.#attributes = new AttributeWriter(columns.filtered_attributes, columns.filtered_attribute_types);
  }

  get rows(): number {
    return this.#table.rows;
  }

  truncate(rows: number): void {
    this.#table.truncate(rows);
  }

  abandon(): void {
    this.#attributes.abandonRow();
  }

  /** One Exemplar, from `reader.pos` to `end`. Why it is not legal, or nothing; in either case a row is written. */
  append(
    reader: Reader,
    end: number,
    series: SeriesWriter,
    pointTimeLow: number,
    pointTimeHigh: number,
    context: Context,
  ): string {
    let reason = '';
    let timeLow = 0;
    let timeHigh = 0;
    let valueField = 0;
    let valueLow = 0;
    let valueHigh = 0;
    let traceId = 0;
    let traceIdEnd = 0;
    let spanId = 0;
    let spanIdEnd = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case field.time:
          reader.fixed64();
          timeLow = reader.low;
          timeHigh = reader.high;
          break;
        case field.asDouble:
        case field.asInt:
          reader.fixed64();
          valueField = tag;
          valueLow = reader.low;
          valueHigh = reader.high;
          break;
        case field.traceId:
          traceIdEnd = reader.delimited();
          traceId = reader.pos;
          reader.pos = traceIdEnd;
          break;
        case field.spanId:
          spanIdEnd = reader.delimited();
          spanId = reader.pos;
          reader.pos = spanIdEnd;
          break;
        case field.filteredAttributes:
          if (!this.#attributes.append(reader, reader.delimited())) reason = reasons.tooDeep;
          break;
        default:
          reader.skip(tag);
      }
    }
    reader.finish(end);
    if (timeHigh > 0x7fffffff) reason ||= reasons.timeRange;
    const { columns } = this.#table;
    columns.metric.push(reader.view, series.nameStart, series.nameEnd);
    columns.series_id.push(series.low, series.high);
    columns.timestamp.push(timeLow, timeHigh);
    columns.point_timestamp.push(pointTimeLow, pointTimeHigh);
    columns.received_at.push(context.receivedAt.low, context.receivedAt.high);
    pushNumber(columns, valueField === field.asDouble, valueField === field.asInt, valueLow, valueHigh);
    pushOptionalId(columns.trace_id, reader.view, traceId, traceIdEnd);
    pushOptionalId(columns.span_id, reader.view, spanId, spanIdEnd);
    this.#attributes.endRow();
    return reason;
  }
}
