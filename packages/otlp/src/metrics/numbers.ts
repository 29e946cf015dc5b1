import type { Context } from '../envelope.ts';
import type { ExemplarWriter } from './exemplars.ts';
import { type PointDecoder, PointReader } from './point.ts';
import type { SeriesWriter } from './series.ts';
import { pushNumber } from './number-value.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';

/** NumberDataPoint: number << 3 | wire type. */
const field = { asDouble: 0x21, exemplars: 0x2a, asInt: 0x31, attributes: 0x3a, flags: 0x40 } as const;

/** The points of gauges and sums. */
export function createNumberDecoder(
  table: Table<'metric_samples'>,
  series: SeriesWriter,
  exemplars: ExemplarWriter,
): PointDecoder {
  const { columns } = table;
  const point = new PointReader(series, exemplars, columns, field);

  return {
    openMetric: (reader) => point.openMetric(reader),
    abandon: () => {},
    decode(reader: Reader, end: number, context: Context): void {
      let valueField = 0;
      let low = 0;
      let high = 0;
      point.open(reader, context);
      while (reader.pos < end) {
        const tag = reader.tag();
        if (tag === field.asDouble || tag === field.asInt) {
          reader.fixed64();
          valueField = tag;
          low = reader.low;
          high = reader.high;
        } else point.field(reader, tag);
      }
      if (point.finish(reader, end, context)) {
        pushNumber(columns, valueField === field.asDouble, valueField === field.asInt, low, high);
      }
    },
  };
}
