import { type Metric, type Point } from './metric.ts';
import { type Scrape } from './scrape.ts';

type Attributes = Readonly<Record<string, string>>;

const cumulative = 2;

/** An ExportMetricsServiceRequest in OTLP/JSON (OTLP specification "JSON Protobuf Encoding": 64-bit integers are strings). */
export function toOtlpJson(resource: Attributes, { timeMs, startTimeMs, metrics }: Scrape): object {
  const dataPoint = ({ value, attributes }: Point, isCount: boolean): object => ({
    ...(isCount ? { asInt: String(value) } : { asDouble: value }),
    timeUnixNano: nanoseconds(timeMs),
    startTimeUnixNano: nanoseconds(startTimeMs),
    attributes: keyValues(attributes),
  });
  const data = ({ type, unit, points }: Metric): object => {
    // One kind of number for a metric, whatever its value is just now.
    const isCount = type !== 'gauge' && unit !== 's';
    const dataPoints = points.map((one) => dataPoint(one, isCount));
    if (type === 'gauge') return { gauge: { dataPoints } };
    return { sum: { dataPoints, aggregationTemporality: cumulative, isMonotonic: type === 'counter' } };
  };
  return {
    resourceMetrics: [
      {
        resource: { attributes: keyValues(resource) },
        scopeMetrics: [
          {
            scope: { name: '@sonde/host-agent' },
            metrics: metrics.map((metric) => ({ name: metric.name, unit: metric.unit, ...data(metric) })),
          },
        ],
      },
    ],
  };
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}

function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
