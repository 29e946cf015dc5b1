import { enumByte } from '../enums.ts';
import type { Context, ItemDecoder } from '../envelope.ts';
import { ExemplarWriter } from './exemplars.ts';
import { createExponentialHistogramDecoder } from './exponential-histograms.ts';
import { createHistogramDecoder } from './histograms.ts';
import { createNumberDecoder } from './numbers.ts';
import { metricField, SeriesWriter } from './series.ts';
import { createSummaryDecoder } from './summaries.ts';
import type { PointDecoder } from './point.ts';
import type { Table } from '../native/table.ts';
import type { Reader } from '../protobuf/reader.ts';

/** Gauge, Sum, Histogram, ExponentialHistogram, Summary: number << 3 | wire type. */
const dataField = { points: 0x0a, temporality: 0x10, isMonotonic: 0x18 } as const;

interface MetricTables {
  readonly series: Table<'metric_series'>;
  readonly samples: Table<'metric_samples'>;
  readonly histograms: Table<'metric_histograms'>;
  readonly exponentialHistograms: Table<'metric_exponential_histograms'>;
  readonly summaries: Table<'metric_summaries'>;
  readonly exemplars: Table<'metric_exemplars'>;
}

interface MetricDecoder extends ItemDecoder {
  mark(): void;
  rollback(): void;
  clear(): void;
}

/**
 * Metrics into their tables, a row for each data point. A metric is read three times, each time skipping what the other two read: for
 * its kind of data, for what names its series, and for its points.
 */
export function createMetricDecoder(tables: MetricTables): MetricDecoder {
  const series = new SeriesWriter(tables.series);
  const exemplars = new ExemplarWriter(tables.exemplars);
  const numbers = createNumberDecoder(tables.samples, series, exemplars);
  const kinds = new Map<number, PointDecoder>([
    [metricField.gauge, numbers],
    [metricField.sum, numbers],
    [metricField.histogram, createHistogramDecoder(tables.histograms, series, exemplars)],
    [metricField.exponentialHistogram, createExponentialHistogramDecoder(tables.exponentialHistograms, series, exemplars)],
    [metricField.summary, createSummaryDecoder(tables.summaries, series, exemplars)],
  ]);

  function decodeData(
    reader: Reader,
    start: number,
    end: number,
    metricStart: number,
    metricEnd: number,
    dataTag: number,
    context: Context,
  ) {
    const points = kinds.get(dataTag);
    if (points === undefined) return;
    let temporality = 0;
    let isMonotonic = 0;
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === dataField.temporality) temporality = enumByte(reader.varint32());
      else if (tag === dataField.isMonotonic) isMonotonic = reader.bool() ? 1 : 0;
      else reader.skip(tag);
    }
    reader.finish(end);
    const isSum = dataTag === metricField.sum;
    const hasTemporality = isSum || dataTag === metricField.histogram || dataTag === metricField.exponentialHistogram;
    reader.pos = metricStart;
    series.open(reader, metricEnd, context, dataTag, hasTemporality ? temporality : 0, isSum ? isMonotonic : 0);
    points.openMetric(reader);
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === dataField.points) points.decode(reader, reader.delimited(), context);
      else reader.skip(tag);
    }
  }

  return {
    needsScopeFingerprint: true,

    decode(reader, end, context) {
      const metricStart = reader.pos;
      let dataTag = 0;
      let start = 0;
      let stop = 0;
      while (reader.pos < end) {
        const tag = reader.tag();
        if (!kinds.has(tag)) {
          reader.skip(tag);
          continue;
        }
        // A oneof: of several, the last one counts.
        dataTag = tag;
        stop = reader.delimited();
        start = reader.pos;
        reader.pos = stop;
      }
      reader.finish(end);
      decodeData(reader, start, stop, metricStart, end, dataTag, context);
      reader.pos = end;
    },

    abandon() {
      for (const points of kinds.values()) points.abandon();
      exemplars.abandon();
      series.abandon();
    },

    mark: () => series.mark(),
    rollback: () => series.rollback(),
    clear: () => series.clear(),
  };
}
