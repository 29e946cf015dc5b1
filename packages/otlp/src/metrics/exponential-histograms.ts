import type { Context } from '../envelope.ts';
import type { ExemplarWriter } from './exemplars.ts';
import { OptionalDouble } from './optional-double.ts';
import { type PointDecoder, PointReader } from './point.ts';
import type { SeriesWriter } from './series.ts';
import type { ArrayColumn } from '../native/array.ts';
import type { UInt64Column } from '../native/fixed-width.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';

/** ExponentialHistogramDataPoint: number << 3 | wire type. */
const field = {
  attributes: 0x0a,
  count: 0x21,
  sum: 0x29,
  scale: 0x30,
  zeroCount: 0x39,
  positive: 0x42,
  negative: 0x4a,
  flags: 0x50,
  exemplars: 0x5a,
  min: 0x61,
  max: 0x69,
  zeroThreshold: 0x71,
} as const;

/** Its Buckets. Repeated numbers come packed or one by one; both are legal. */
const bucketsField = { offset: 0x08, bucketCount: 0x10, bucketCountsPacked: 0x12 } as const;

/** protobuf's sint32: 0, -1, 1, -2, ... */
function zigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** The points of exponential histograms. */
export function createExponentialHistogramDecoder(
  table: Table<'metric_exponential_histograms'>,
  series: SeriesWriter,
  exemplars: ExemplarWriter,
): PointDecoder {
  const { columns } = table;
  const point = new PointReader(series, exemplars, columns, field);
  const sum = new OptionalDouble(columns.sum);
  const min = new OptionalDouble(columns.min);
  const max = new OptionalDouble(columns.max);
  const positive = columns.positive_bucket_counts;
  const negative = columns.negative_bucket_counts;

  function abandon(): void {
    positive.abandonRow();
    negative.abandonRow();
  }

  /** One Buckets message, from `reader.pos` to `end`; answers its offset. */
  function buckets(reader: Reader, end: number, column: ArrayColumn<UInt64Column>, before: number, context: Context): number {
    let offset = before;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === bucketsField.offset) offset = zigzag(reader.varint32());
      else if (tag === bucketsField.bucketCount) count(reader, column, context);
      else if (tag === bucketsField.bucketCountsPacked) {
        const stop = reader.delimited();
        while (reader.pos < stop) count(reader, column, context);
        reader.finish(stop);
      } else reader.skip(tag);
    }
    reader.finish(end);
    return offset;
  }

  function count(reader: Reader, column: ArrayColumn<UInt64Column>, context: Context): void {
    reader.varint64();
    if (point.take(1, context)) column.items.push(reader.low, reader.high);
  }

  function decode(reader: Reader, end: number, context: Context): void {
    let countLow = 0;
    let countHigh = 0;
    let scale = 0;
    let zeroLow = 0;
    let zeroHigh = 0;
    let thresholdLow = 0;
    let thresholdHigh = 0;
    let positiveOffset = 0;
    let negativeOffset = 0;
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
        case field.scale:
          scale = zigzag(reader.varint32());
          break;
        case field.zeroCount:
          reader.fixed64();
          zeroLow = reader.low;
          zeroHigh = reader.high;
          break;
        case field.zeroThreshold:
          reader.fixed64();
          thresholdLow = reader.low;
          thresholdHigh = reader.high;
          break;
        case field.positive:
          positiveOffset = buckets(reader, reader.delimited(), positive, positiveOffset, context);
          break;
        case field.negative:
          negativeOffset = buckets(reader, reader.delimited(), negative, negativeOffset, context);
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
    columns.scale.push(scale);
    columns.zero_count.push(zeroLow, zeroHigh);
    columns.zero_threshold.push(thresholdLow, thresholdHigh);
    columns.positive_offset.push(positiveOffset);
    positive.endRow();
    columns.negative_offset.push(negativeOffset);
    negative.endRow();
  }

  return { openMetric: (reader) => point.openMetric(reader), decode, abandon };
}
