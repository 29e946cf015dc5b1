import { type Attributes } from './attributes.ts';

/** One metric of one scrape, in OpenTelemetry's words. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  /** `counter`: a cumulative, monotonic sum since its subject started. `level`: a non-monotonic sum, which may be added up over its attributes. */
  readonly type: 'counter' | 'level' | 'gauge';
  /** One kind of number for a metric, whatever its value is just now. Unless given: a gauge and what counts seconds are `double`, the rest `int`. */
  readonly number?: 'int' | 'double';
  readonly points: readonly Point[];
}

export interface Point {
  readonly value: number;
  readonly attributes: Attributes;
}

/** Metrics of one subject: the machine, a process, a container, a server of middleware. */
export interface ResourceMetrics {
  readonly resource: Attributes;
  readonly timeMs: number;
  /** When the subject started: where its counters were zero. Nothing where nobody knows. */
  readonly startTimeMs: number | undefined;
  readonly metrics: readonly Metric[];
}

export function point(value: number, attributes: Attributes = {}): Point {
  return { value, attributes };
}
