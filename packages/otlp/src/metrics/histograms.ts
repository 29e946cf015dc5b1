import type { Context } from '../envelope.ts';
import type { ExemplarWriter } from './exemplars.ts';
import { OptionalDouble } from './optional-double.ts';
import { type PointDecoder, PointReader } from './point.ts';
import type { SeriesWriter } from './series.ts';
import type { ArrayColumn } from '../native/array.ts';
import type { UInt64Column } from '../native/fixed-width.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';

/** HistogramDataPoint: number << 3 | wire type. Repeated numbers come packed or one by one; both are legal. */
const field = {
  count: 0x21,
  sum: 0x29,
  bucketCount: 0x31,
  bucketCountsPacked: 0x32,
  explicitBound: 0x39,
  explicitBoundsPacked: 0x3a,
  exemplars: 0x42,
  attributes: 0x4a,
  flags: 0x50,
  min: 0x59,
  max: 0x61,
} as const;

/** The points of histograms with explicit bounds. */
export function createHistogramDecoder(
  table: Table<'metric_histograms'>,
  series: SeriesWriter,
  exemplars: ExemplarWriter,
): PointDecoder {
  const { columns } = table;
  const point = new PointReader(series, exemplars, columns, field);
  const sum = new OptionalDouble(columns.sum);
  const min = new OptionalDouble(columns.min);
  const max = new OptionalDouble(columns.max);
  const bounds = columns.explicit_bounds;
  const counts = columns.bucket_counts;

  function abandon(): void {
    bounds.abandonRow();
    counts.abandonRow();
  }

  function one(reader: Reader, column: ArrayColumn<UInt64Column>, context: Context): void {
    reader.fixed64();
    if (point.take(1, context)) column.items.push(reader.low, reader.high);
  }

  function packed(reader: Reader, column: ArrayColumn<UInt64Column>, context: Context): void {
    const end = reader.delimited();
    const fits = point.take(Math.floor((end - reader.pos) / 8), context);
    while (reader.pos < end) {
      reader.fixed64();
      if (fits) column.items.push(reader.low, reader.high);
    }
    reader.finish(end);
  }

  function decode(reader: Reader, end: number, context: Context): void {
    let countLow = 0;
    let countHigh = 0;
    point.open(reader, context);
    sum.clear();
    min.clear();
    max.clear();
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case field.count:
          reader.fixed64();
          countLow = reader.low;
          countHigh = reader.high;
          break;
        case field.sum:
          sum.read(reader);
          break;
        case field.min:
          min.read(reader);
          break;
        case field.max:
          max.read(reader);
          break;
        case field.bucketCount:
          one(reader, counts, context);
          break;
        case field.bucketCountsPacked:
          packed(reader, counts, context);
          break;
        case field.explicitBound:
          one(reader, bounds, context);
          break;
        case field.explicitBoundsPacked:
          packed(reader, bounds, context);
          break;
        default:
          point.field(reader, tag);
      }
    }
    if (!point.finish(reader, end, context)) return abandon();
    columns.count.push(countLow, countHigh);
    sum.push();
    min.push();
    max.push();
    bounds.endRow();
    counts.endRow();
  }

  return { openMetric: (reader) => point.openMetric(reader), decode, abandon };
}
