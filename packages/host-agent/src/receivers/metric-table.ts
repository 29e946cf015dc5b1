import { type Attributes } from '../attributes.ts';
import { type Metric, type Point, point } from '../metric.ts';

/** A line in a table of metrics: name, unit and type as OpenTelemetry's receiver has them, and the key under which the server says it. */
export type MetricLine = readonly [
  name: string,
  unit: string,
  type: Metric['type'],
  key: string,
  options?: {
    readonly number?: NonNullable<Metric['number']>;
    /** What tells this line from others of the same name. */
    readonly attributes?: Attributes;
    /** From the server's unit to the metric's. */
    readonly scale?: number;
  },
];

/** What a server says of one thing: itself, a database, a queue. */
export interface Subject {
  readonly values: Readonly<Record<string, unknown>>;
  readonly attributes?: Attributes;
}

/** Lines of the same name become one metric. What a server does not say, or not as a number, is left out: unknown is not zero. */
export function metricsOf(lines: readonly MetricLine[], subjects: readonly Subject[]): Metric[] {
  const metrics = new Map<string, Metric & { points: Point[] }>();
  for (const [name, unit, type, key, { number, attributes, scale = 1 } = {}] of lines) {
    const metric = metrics.get(name) ?? { name, unit, type, ...(number === undefined ? {} : { number }), points: [] };
    for (const subject of subjects) {
      const value = numberOf(subject.values[key]);
      if (value !== undefined) metric.points.push(point(value * scale, { ...subject.attributes, ...attributes }));
    }
    if (metric.points.length > 0) metrics.set(name, metric);
  }
  return [...metrics.values()];
}

/** Drivers give 64-bit and decimal numbers as text. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(value) ? Number(value) : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
