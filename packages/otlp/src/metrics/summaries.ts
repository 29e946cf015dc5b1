import type { Context } from '../envelope.ts';
import type { ExemplarWriter } from './exemplars.ts';
import { type PointDecoder, PointReader } from './point.ts';
import type { SeriesWriter } from './series.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';

/** SummaryDataPoint: number << 3 | wire type. It has no exemplars. */
const field = { count: 0x21, sum: 0x29, quantileValues: 0x32, attributes: 0x3a, flags: 0x40, exemplars: 0 } as const;

/** Its ValueAtQuantile. */
const quantileField = { quantile: 0x09, value: 0x11 } as const;

/** The points of summaries. */
export function createSummaryDecoder(
  table: Table<'metric_summaries'>,
  series: SeriesWriter,
  exemplars: ExemplarWriter,
): PointDecoder {
  const { columns } = table;
  const point = new PointReader(series, exemplars, columns, field);
  const { quantiles, quantile_values: values } = columns;

  function abandon(): void {
    quantiles.abandonRow();
    values.abandonRow();
  }

  function quantile(reader: Reader, end: number, context: Context): void {
    let quantileLow = 0;
    let quantileHigh = 0;
    let valueLow = 0;
    let valueHigh = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === quantileField.quantile) {
        reader.fixed64();
        quantileLow = reader.low;
        quantileHigh = reader.high;
      } else if (tag === quantileField.value) {
        reader.fixed64();
        valueLow = reader.low;
        valueHigh = reader.high;
      } else reader.skip(tag);
    }
    reader.finish(end);
    if (!point.take(1, context)) return;
    quantiles.items.push(quantileLow, quantileHigh);
    values.items.push(valueLow, valueHigh);
  }

  function decode(reader: Reader, end: number, context: Context): void {
    let countLow = 0;
    let countHigh = 0;
    let sumLow = 0;
    let sumHigh = 0;
    point.open(reader, context);
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === field.count) {
        reader.fixed64();
        countLow = reader.low;
        countHigh = reader.high;
      } else if (tag === field.sum) {
        reader.fixed64();
        sumLow = reader.low;
        sumHigh = reader.high;
      } else if (tag === field.quantileValues) quantile(reader, reader.delimited(), context);
      else point.field(reader, tag);
    }
    if (!point.finish(reader, end, context)) return abandon();
    columns.count.push(countLow, countHigh);
    columns.sum.push(sumLow, sumHigh);
    quantiles.endRow();
    values.endRow();
  }

  return { openMetric: (reader) => point.openMetric(reader), decode, abandon };
}
