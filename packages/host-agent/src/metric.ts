/** One metric of one scrape, in OpenTelemetry's words. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  /** `counter`: a cumulative, monotonic sum since the machine started. `level`: a non-monotonic sum, which may be added up over its attributes. */
  readonly type: 'counter' | 'level' | 'gauge';
  readonly points: readonly Point[];
}

export interface Point {
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export function point(value: number, attributes: Readonly<Record<string, string>> = {}): Point {
  return { value, attributes };
}
